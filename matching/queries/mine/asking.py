"""Looking for somebody and being asked: requests, suggestions, offers, reviews, first contacts."""

from typing import Any

from accounts.models import User
from accounts.queries.my_data import Covers, Given
from matching.models import (
    Bridge,
    BridgeInvitation,
    BridgeVolunteer,
    Offer,
    OfferConsent,
    ReviewDecision,
    ReviewQuestion,
    Shown,
    SponsorRequest,
    Suggestion,
)
from matching.queries.mine.opened import opened

COVERS: Covers = {
    SponsorRequest: Given("requests"),
    Bridge: Given("first_contacts"),
    BridgeVolunteer: Given("volunteering_for_first_contacts"),
    BridgeInvitation: Given("asked_for_a_first_contact_by_me"),
    Suggestion: Given("suggestions"),
    Shown: Given("people_shown_to_me"),
    Offer: Given("offers_to_me"),
    OfferConsent: Given("my_yes"),
    ReviewDecision: Given("decisions_of_mine"),
    ReviewQuestion: Given("asked_in_a_review"),
}


def collect(member: User) -> dict[str, Any]:
    """Plain values by name."""
    return {**_requests(member), **_first_contacts(member), **_offers(member), **_reviews(member)}


def _requests(member: User) -> dict[str, Any]:
    mine = SponsorRequest.objects.of(member)
    return {
        "requests": list(mine.values("id", "kind", "state", "asked_at", "ended_at", "refusals")),
        "suggestions": list(Suggestion.objects.filter(request__member=member).values("request", "place", "rank")),
        "people_shown_to_me": list(Shown.objects.filter(member=member).values("at")),
    }


def _first_contacts(member: User) -> dict[str, Any]:
    asked, held = Bridge.objects.filter(member=member), Bridge.objects.filter(volunteer=member)
    return {
        "first_contacts": list(asked.values("state", "leaves_on", "asked_at", "meetings", "met_on", "ended_at")),
        "first_contacts_as_volunteer": list(held.values("state", "offered_at", "meetings", "met_on", "ended_at")),
        "volunteering_for_first_contacts": list(
            BridgeVolunteer.objects.filter(pk=member.pk).values("offered_at", "approved_at", "paused")
        ),
        # Neither the address nor the day: they are somebody else's.
        "asked_for_a_first_contact_by_me": list(
            BridgeInvitation.objects.filter(made_by=member.pk).values("intergroup__name", "made_at", "sent_at")
        ),
    }


def _offers(member: User) -> dict[str, Any]:
    return {
        # Not how they ended: that is the answer of somebody else.
        "offers_for_me": list(Offer.objects.filter(request__member=member).values("request", "made_at", "ended_at")),
        "offers_to_me": [
            opened(offer, "id", "state", "made_at", "answered_at", "ended_at", "note")
            for offer in Offer.objects.for_sponsor(member)
        ],
        "my_yes": list(OfferConsent.objects.filter(actor=member.pk).values("role", "at")),
    }


def _reviews(member: User) -> dict[str, Any]:
    questions = ReviewQuestion.objects
    return {
        "decisions_of_mine": list(ReviewDecision.objects.filter(by=member).values("at", "due_at", "verdict")),
        "asked_in_a_review": [
            opened(question, "text", "asked_at", "answer", "answered_at")
            for question in questions.filter(member=member)
        ],
        # Not the answers: they are somebody else's words.
        "asked_by_me": [opened(question, "text", "asked_at") for question in questions.filter(asked_by=member)],
    }
