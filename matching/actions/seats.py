"""Seats, and the locks that guard them.

Locks are always taken in the order request, sponsors, offer, and several sponsors in the order of their ids: two
requests that go on to each other's sponsors at the same moment would otherwise wait for each other.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from accounts import clock
from accounts.models import Sponsor
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


def free_seat(sponsor_id: UUID) -> None:
    """Give one seat back."""
    Sponsor.objects.filter(pk=sponsor_id, seats_taken__gt=0).update(
        seats_taken=F("seats_taken") - 1, changed_at=clock.now()
    )
