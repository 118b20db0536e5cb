"""Seats, and the locks that guard them.

Locks are always taken in the order request, sponsors, offer, and several sponsors in the order of their ids: two
requests that go on to each other's sponsors at the same moment would otherwise wait for each other.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, F, Value, When

from accounts import clock
from accounts.models import Sponsor
from accounts.models.sponsor import MOST_SEATS
from matching.actions.errors import NoSeat


def lock_sponsors(sponsor_ids: Iterable[UUID]) -> None:
    """Lock these sponsors' rows until the transaction ends."""
    rows = Sponsor.objects.select_for_update().filter(pk__in=set(sponsor_ids)).order_by("pk")
    list(rows.values_list("pk"))


def take_seat(sponsor_id: UUID) -> None:
    """Take one seat or raise NoSeat: one conditional UPDATE, so that of two last takers one fails."""
    taken = Sponsor.objects.filter(pk=sponsor_id, seats_taken__lt=F("seats")).update(
        seats_taken=F("seats_taken") + 1, changed_at=clock.now()
    )
    if not taken:
        raise NoSeat


def open_seat(sponsor_id: UUID) -> None:
    """Open one seat beyond those a sponsor chose, and take it: for a yes of theirs to whom they make room for.

    Raises NoSeat at the outermost bound, or when a seat is free after all: one conditional UPDATE again.
    """
    opened = Sponsor.objects.filter(pk=sponsor_id, seats_taken=F("seats"), seats__lt=MOST_SEATS).update(
        seats=F("seats") + 1,
        seats_taken=F("seats_taken") + 1,
        seats_opened=F("seats_opened") + 1,
        changed_at=clock.now(),
    )
    if not opened:
        raise NoSeat


def free_seat(sponsor_id: UUID) -> None:
    """Give one seat back. One that was opened beyond the sponsor's choice is closed, whoever of their people left."""
    closed = Case(When(seats_opened__gt=0, then=Value(1)), default=Value(0))
    Sponsor.objects.filter(pk=sponsor_id, seats_taken__gt=0).update(
        seats=F("seats") - closed,
        seats_taken=F("seats_taken") - 1,
        seats_opened=F("seats_opened") - closed,
        changed_at=clock.now(),
    )
