"""What matching holds on a member, and how a member leaves it."""

from contextlib import suppress
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Model, Q

from accounts.models import Intergroup, User
from accounts.queries.my_data import Covers, Given, Withheld
from matching.actions import offers, pairings, requests
from matching.actions.bridging import leave_bridges
from matching.actions.errors import TooLate
from matching.actions.invitees import forget_invitees_with
from matching.actions.recruiting import begin_again
from matching.actions.round_moves import start_over
from matching.models import (
    Bridge,
    BridgeInvitation,
    BridgeVolunteer,
    CalendarFeed,
    ChangeAsk,
    CheckIn,
    CheckInPlan,
    Digest,
    EndReason,
    Invitee,
    MilestonePlan,
    Offer,
    OfferConsent,
    OfficeList,
    OutboxMessage,
    Pairing,
    PushAddress,
    Recruiting,
    RecruitingLine,
    ReviewDecision,
    ReviewQuestion,
    RosterChange,
    Round,
    RoundLeft,
    RoundPair,
    RoundPart,
    RoundSponsor,
    ServiceEntry,
    Shown,
    SponsorRequest,
    Suggestion,
    UnwantedNotice,
)
from matching.models.invitee import address_mark
from matching.states import WORKING_ROUND, OutboxState, RecruitingState

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
    Pairing: Given("pairings"),
    CheckInPlan: Given("check_in_wishes"),
    CheckIn: Given("check_ins"),
    ChangeAsk: Given("asked_after_a_silence"),
    Digest: Given("letter_of_the_week"),
    ServiceEntry: Given("service"),
    ServiceEntry.checkins.through: Withheld("which answers a talk was counted from; both are given"),
    UnwantedNotice: Given("notices_not_wanted"),
    PushAddress: Given("devices"),
    CalendarFeed: Given("calendar"),
    MilestonePlan: Given("milestones"),
    OutboxMessage: Given("messages_to_me"),
    Round: Given("rounds_made_by_me"),
    RoundPart: Withheld("what workers need of everybody while a round is made, in their own form; gone with it"),
    RoundPair: Given("rounds"),
    RoundLeft: Given("rounds"),
    RoundSponsor: Given("rounds"),
    Recruiting: Given("searches_for_sponsors_asked_by_me"),
    RecruitingLine: Given("searches_for_sponsors"),
    RosterChange: Given("roster_changes"),
    OfficeList: Given("lists_of_mine"),
    Invitee: Given("invited_by_me"),
}


def collect(member: User) -> dict[str, Any]:
    """Everything of the member's own; another person's answers, notes and names are not part of it."""
    return {
        "requests": list(
            SponsorRequest.objects.of(member).values("id", "kind", "state", "asked_at", "ended_at", "refusals")
        ),
        "first_contacts": list(
            Bridge.objects.filter(member=member).values(
                "state", "leaves_on", "asked_at", "meetings", "met_on", "ended_at"
            )
        ),
        "first_contacts_as_volunteer": list(
            Bridge.objects.filter(volunteer=member).values("state", "offered_at", "meetings", "met_on", "ended_at")
        ),
        "volunteering_for_first_contacts": list(
            BridgeVolunteer.objects.filter(pk=member.pk).values("offered_at", "approved_at", "paused")
        ),
        # Neither the address nor the day: they are somebody else's.
        "asked_for_a_first_contact_by_me": list(
            BridgeInvitation.objects.filter(made_by=member.pk).values("intergroup__name", "made_at", "sent_at")
        ),
        "suggestions": list(Suggestion.objects.filter(request__member=member).values("request", "place", "rank")),
        "people_shown_to_me": list(Shown.objects.filter(member=member).values("at")),
        # Not how they ended: that is the answer of somebody else.
        "offers_for_me": list(Offer.objects.filter(request__member=member).values("request", "made_at", "ended_at")),
        "my_yes": list(OfferConsent.objects.filter(actor=member.pk).values("role", "at")),
        "offers_to_me": [
            opened(offer, "id", "state", "made_at", "answered_at", "ended_at", "note")
            for offer in Offer.objects.for_sponsor(member)
        ],
        "decisions_of_mine": list(ReviewDecision.objects.filter(by=member).values("at", "due_at", "verdict")),
        "asked_in_a_review": [
            opened(question, "text", "asked_at", "answer", "answered_at")
            for question in ReviewQuestion.objects.filter(member=member)
        ],
        # Not the answers: they are somebody else's words.
        "asked_by_me": [
            opened(question, "text", "asked_at") for question in ReviewQuestion.objects.filter(asked_by=member)
        ],
        "pairings": list(
            Pairing.objects.of(member).values("id", "state", "began_at", "trial_ends_on", "ended_at", "end_reason")
        ),
        "check_in_wishes": list(
            CheckInPlan.objects.filter(member=member).values(
                "cadence",
                "hour",
                "hour_chosen",
                "quiet_begins",
                "quiet_ends",
                "paused_until",
                "unanswered",
                "help_sponsor",
                "help_coordinator",
                "flag_quiet",
            )
        ),
        "check_ins": list(CheckIn.objects.of(member).values("local_date", "state", "answer", "answered_at")),
        "asked_after_a_silence": list(
            ChangeAsk.objects.of(member).values("silence", "asked_at", "answer", "answered_at", "heard_at")
        ),
        "letter_of_the_week": list(Digest.objects.filter(member=member).values("weekday", "hour")),
        "service": list(ServiceEntry.objects.of(member).values("kind", "on", "minutes")),
        "milestones": list(
            MilestonePlan.objects.filter(member=member).values("fellowship__name", "sponsor_too", "since", "from_on")
        ),
        # Only what was sent: what others took back in time is theirs.
        "messages_to_me": list(
            OutboxMessage.objects.filter(recipient=member, state=OutboxState.SENT).values("topic", "ended_at")
        ),
        "notices_not_wanted": list(UnwantedNotice.objects.filter(member=member).values("kind", "channel", "since")),
        "devices": [
            opened(device, "label", "endpoint", "p256dh", "auth", "added_at", "reached_at", "failing_since")
            for device in PushAddress.objects.filter(member=member)
        ],
        "calendar": list(CalendarFeed.objects.filter(member=member).values("made_at")),
        "rounds": _rounds(member),
        "rounds_made_by_me": list(
            Round.objects.filter(Q(made_by=member) | Q(published_by=member.pk)).values("made_at", "state")
        ),
        "searches_for_sponsors": list(
            RecruitingLine.objects.filter(newcomer=member).values("recruiting__as_of", "eligible")
        ),
        "searches_for_sponsors_asked_by_me": list(
            Recruiting.objects.filter(asked_by=member).values("asked_at", "state")
        ),
        "lists_of_mine": list(OfficeList.objects.filter(made_by=member).values("intergroup__name", "made_at")),
        # Not whom: what stands there is about somebody else.
        "invited_by_me": list(Invitee.objects.filter(made_by=member).values("intergroup__name", "made_at")),
        "invited_from_a_list": [
            opened(one, "first_name", "initial", "address", "wish", "made_at", "expires_at")
            for one in Invitee.objects.filter(mark__in=[address_mark(one) for one in addresses(member)])
        ],
        "roster_changes": list(RosterChange.objects.filter(member=member.pk).values("at")),
    }


def addresses(member: User) -> list[str]:
    """All that the member has shown to be theirs, and the one they sign in with."""
    verified = EmailAddress.objects.filter(user=member, verified=True).values_list("email", flat=True)
    return [*verified, member.email]


def opened(row: Model, *fields: str) -> dict[str, Any]:
    """The named fields of a row; what stands sealed in the database is opened."""
    return {name: getattr(row, name) for name in fields}


def _rounds(member: User) -> list[dict[str, Any]]:
    """When a round looked for somebody for the member, or for people for them to sponsor; whom it found is theirs."""
    sides = {"newcomer": (RoundPair, RoundLeft), "sponsor": (RoundPair, RoundSponsor)}
    found = {
        (made_at, side)
        for side, models in sides.items()
        for model in models
        for made_at in model._default_manager.filter(**{side: member}).values_list("round__made_at", flat=True)
    }
    return [{"made_at": made_at, "as": side} for made_at, side in sorted(found)]


def leave(member: User) -> None:
    """End pairings, take back requests, hand on what was held out to the member: each in a transaction of its own."""
    for pairing in Pairing.objects.of(member).live().order_by("pk"):
        # The other may end it at this very moment; what counts is that it has ended.
        with suppress(TooLate):
            pairings.end_pairing(pairing, by=member, reason=EndReason.UNSAID)
    for request in SponsorRequest.objects.of(member).live().order_by("pk"):
        with suppress(TooLate):
            requests.withdraw_request(request, by=member)
    for offer in Offer.objects.filter(sponsor=member).live().order_by("pk"):
        offers.hand_on(offer)
    leave_bridges(member)
    forget_invitees_with(addresses(member))
    # What workers know of the member goes with it: rounds that are being made are planned anew, from who is there.
    offices = Intergroup.objects.filter(Q(profiles=member.pk) | Q(requests__member=member))
    for round_ in Round.objects.filter(intergroup__in=offices, state__in=WORKING_ROUND):
        start_over(round_.pk)
    for search in Recruiting.objects.filter(intergroup__in=offices, state=RecruitingState.WORKING):
        begin_again(search.pk)
