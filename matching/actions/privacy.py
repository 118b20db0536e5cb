"""What matching holds on a member, and how a member leaves it."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Intergroup, User
from matching.actions import offers, pairings, requests
from matching.actions.errors import TooLate
from matching.actions.round_moves import start_over
from matching.models import (
    ChangeAsk,
    CheckIn,
    CheckInPlan,
    Digest,
    EndReason,
    Offer,
    Pairing,
    RosterChange,
    Round,
    RoundLeft,
    RoundPair,
    RoundSponsor,
    ServiceEntry,
    SponsorRequest,
    UnwantedNotice,
)
from matching.states import HELD_OFFER, LIVE_OFFER, WORKING_ROUND, OfferState


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
        "notices_not_wanted": list(UnwantedNotice.objects.filter(member=member).values("kind", "since")),
        "rounds": _rounds(member),
        "roster_changes": list(RosterChange.objects.filter(member=member.pk).values("at")),
    }


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
        _hand_on(offer)
    # What workers know of the member goes with it: rounds that are being made are planned anew, from who is there.
    offices = Intergroup.objects.filter(Q(profiles=member.pk) | Q(requests__member=member))
    for round_ in Round.objects.filter(intergroup__in=offices, state__in=WORKING_ROUND):
        start_over(round_.pk)


@transaction.atomic
def _hand_on(offer: Offer) -> None:
    request, offer = offers.locked(offer, onward=True)
    if offer.state in HELD_OFFER:
        offers.say_no(request, offer, OfferState.WITHDRAWN, by=None)
    elif offer.state in LIVE_OFFER:
        offers.end_offer(offer, OfferState.WITHDRAWN, by=None)
