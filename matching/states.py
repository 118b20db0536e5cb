"""The state machines: every state, and one table of allowed moves for each machine."""

from enum import Enum
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class IllegalMove(Exception):
    """A move outside the table; what was asked for has been overtaken or was never possible."""


class RequestState(models.TextChoices):
    OPEN = "open", _("Open")
    OFFERED = "offered", _("Offered")
    MATCHED = "matched", _("Matched")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")


class OfferState(models.TextChoices):
    PROPOSED = "proposed", _("Waits for the newcomer")
    SENT = "sent", _("Waits for the sponsor")
    IN_REVIEW = "in_review", _("Waits for the coordinator")
    PAIRED = "paired", _("Paired")
    DECLINED = "declined", _("Declined")
    REFUSED = "refused", _("Not chosen")
    REJECTED = "rejected", _("Not approved")
    EXPIRED = "expired", _("Ran out of time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PairingState(models.TextChoices):
    ACTIVE = "active", _("Trial")
    CONFIRMED = "confirmed", _("Confirmed")
    ENDED = "ended", _("Ended")


class CheckInState(models.TextChoices):
    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    LAPSED = "lapsed", _("Lapsed")


class OutboxState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("Being sent")
    SENT = "sent", _("Sent")
    MISSED = "missed", _("Too late to send")
    FAILED = "failed", _("Set aside")


class RoundState(models.TextChoices):
    PLANNING = "planning", _("Being prepared")
    SOLVING = "solving", _("Being worked out")
    PREVIEW = "preview", _("Preview")
    PUBLISHED = "published", _("Proposed to the newcomers")
    STALE = "stale", _("Replaced by a newer one")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Could not be made")


class RoundPartState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("Being worked out")
    SOLVED = "solved", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Set aside")


class RecruitingState(models.TextChoices):
    WORKING = "working", _("Being worked out")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Could not be made")


class BridgeState(models.TextChoices):
    OPEN = "open", _("Waits for a volunteer")
    OFFERED = "offered", _("A volunteer said yes")
    MEETING = "meeting", _("In touch")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LIVE_REQUEST = (RequestState.OPEN, RequestState.OFFERED)
LIVE_OFFER = (OfferState.PROPOSED, OfferState.SENT, OfferState.IN_REVIEW)
HELD_OFFER = (OfferState.SENT, OfferState.IN_REVIEW)
LIVE_PAIRING = (PairingState.ACTIVE, PairingState.CONFIRMED)
WORKING_ROUND = (RoundState.PLANNING, RoundState.SOLVING)
LIVE_ROUND = (*WORKING_ROUND, RoundState.PREVIEW)
SHOWN_ROUND = (RoundState.PREVIEW, RoundState.PUBLISHED)
ENDED_ROUND = (RoundState.PUBLISHED, RoundState.STALE, RoundState.CANCELLED, RoundState.FAILED)
LIVE_BRIDGE = (BridgeState.OPEN, BridgeState.OFFERED, BridgeState.MEETING)
HELD_BRIDGE = (BridgeState.OFFERED, BridgeState.MEETING)
OPEN_PART = (RoundPartState.WAITING, RoundPartState.LEASED)

# Keyed by the enum class: two machines may use the same word for different states.
MOVES: dict[type[Enum], dict[Any, frozenset[Any]]] = {
    RequestState: {
        RequestState.OPEN: frozenset(
            {RequestState.OFFERED, RequestState.MATCHED, RequestState.WITHDRAWN, RequestState.CLOSED}
        ),
        RequestState.OFFERED: frozenset(
            {RequestState.OPEN, RequestState.MATCHED, RequestState.WITHDRAWN, RequestState.CLOSED}
        ),
    },
    OfferState: {
        OfferState.PROPOSED: frozenset({OfferState.SENT, OfferState.REFUSED, OfferState.EXPIRED, OfferState.WITHDRAWN}),
        OfferState.SENT: frozenset(
            {
                OfferState.IN_REVIEW,
                OfferState.PAIRED,
                OfferState.DECLINED,
                OfferState.EXPIRED,
                OfferState.WITHDRAWN,
            }
        ),
        OfferState.IN_REVIEW: frozenset({OfferState.PAIRED, OfferState.REJECTED, OfferState.WITHDRAWN}),
    },
    PairingState: {
        PairingState.ACTIVE: frozenset({PairingState.CONFIRMED, PairingState.ENDED}),
        PairingState.CONFIRMED: frozenset({PairingState.ENDED}),
    },
    CheckInState: {
        CheckInState.UPCOMING: frozenset({CheckInState.OPEN, CheckInState.LAPSED}),
        CheckInState.OPEN: frozenset({CheckInState.ANSWERED, CheckInState.LAPSED}),
        CheckInState.ANSWERED: frozenset({CheckInState.ANSWERED}),
        CheckInState.LAPSED: frozenset({CheckInState.ANSWERED}),
    },
    OutboxState: {
        OutboxState.WAITING: frozenset({OutboxState.LEASED, OutboxState.MISSED}),
        OutboxState.LEASED: frozenset({OutboxState.SENT, OutboxState.WAITING, OutboxState.MISSED, OutboxState.FAILED}),
        # An operator has it sent again.
        OutboxState.FAILED: frozenset({OutboxState.WAITING}),
    },
    RoundState: {
        RoundState.PLANNING: frozenset({RoundState.SOLVING, RoundState.CANCELLED, RoundState.FAILED}),
        # Back to planning: somebody left while it was worked out.
        RoundState.SOLVING: frozenset(
            {RoundState.PREVIEW, RoundState.PLANNING, RoundState.CANCELLED, RoundState.FAILED}
        ),
        # Back to planning: the preview is brought up to date.
        RoundState.PREVIEW: frozenset(
            {RoundState.PUBLISHED, RoundState.PLANNING, RoundState.STALE, RoundState.CANCELLED}
        ),
    },
    RoundPartState: {
        RoundPartState.WAITING: frozenset({RoundPartState.LEASED, RoundPartState.CANCELLED, RoundPartState.FAILED}),
        RoundPartState.LEASED: frozenset({RoundPartState.SOLVED, RoundPartState.CANCELLED, RoundPartState.FAILED}),
        RoundPartState.SOLVED: frozenset({RoundPartState.CANCELLED}),
    },
    RecruitingState: {
        # Back to itself: it is asked for anew, or somebody left while it was worked out.
        RecruitingState.WORKING: frozenset(
            {RecruitingState.WORKING, RecruitingState.DONE, RecruitingState.CANCELLED, RecruitingState.FAILED}
        ),
        RecruitingState.DONE: frozenset({RecruitingState.WORKING}),
        RecruitingState.CANCELLED: frozenset({RecruitingState.WORKING}),
        RecruitingState.FAILED: frozenset({RecruitingState.WORKING}),
    },
    BridgeState: {
        BridgeState.OPEN: frozenset({BridgeState.OFFERED, BridgeState.CLOSED, BridgeState.WITHDRAWN}),
        # Back to open: the newcomer would rather meet somebody else, or the volunteer can't after all.
        BridgeState.OFFERED: frozenset(
            {BridgeState.MEETING, BridgeState.OPEN, BridgeState.CLOSED, BridgeState.WITHDRAWN}
        ),
        BridgeState.MEETING: frozenset({BridgeState.OPEN, BridgeState.CLOSED}),
    },
}

State = TypeVar("State", bound=models.TextChoices)


def move(now: State, to: State) -> State:
    """Return ``to`` when the machine allows it from ``now``; raise :class:`IllegalMove` otherwise."""
    if to not in MOVES[type(to)].get(now, frozenset()):
        raise IllegalMove(f"{type(to).__name__}: {now} -> {to}")
    return to
