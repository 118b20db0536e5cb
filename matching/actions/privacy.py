"""What matching holds on a member, and how a member leaves it."""

from contextlib import suppress
from typing import Any

from django.db import transaction

from accounts.models import User
from matching.actions import offers, pairings, requests
from matching.actions.errors import TooLate
from matching.models import CheckIn, CheckInPlan, EndReason, Offer, Pairing, RosterChange, ServiceEntry, SponsorRequest
from matching.states import HELD_OFFER, LIVE_OFFER, OfferState


def collect(member: User) -> dict[str, Any]:
    """Everything of the member's own; another person's answers, notes and names are not part of it."""
    return {
        "requests": list(
            SponsorRequest.objects.of(member).values("id", "kind", "state", "asked_at", "ended_at", "refusals")
        ),
        "offers_to_me": list(
            Offer.objects.for_sponsor(member).values("id", "state", "made_at", "answered_at", "ended_at", "note")
        ),
        "pairings": list(
            Pairing.objects.of(member).values("id", "state", "began_at", "trial_ends_on", "ended_at", "end_reason")
        ),
        "check_in_wishes": list(
            CheckInPlan.objects.filter(member=member).values("cadence", "hour", "paused_until", "help_sponsor")
        ),
        "check_ins": list(CheckIn.objects.of(member).values("local_date", "state", "answer", "answered_at")),
        "service": list(ServiceEntry.objects.of(member).values("kind", "on", "minutes")),
        "roster_changes": list(RosterChange.objects.filter(member=member.pk).values("at")),
    }


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
        _hand_on(offer)


@transaction.atomic
def _hand_on(offer: Offer) -> None:
    request, offer = offers.locked(offer, onward=True)
    if offer.state in HELD_OFFER:
        offers.say_no(request, offer, OfferState.WITHDRAWN, by=None)
    elif offer.state in LIVE_OFFER:
        offers.end_offer(offer, OfferState.WITHDRAWN, by=None)
