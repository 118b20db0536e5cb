"""Keys that change while everybody goes on: wrapped by another master key, or replaced altogether.

Each step is a transaction of its own over a batch of rows that nobody holds, never waits, and leaves everything in
order: a run that was cut off is simply started again.

A member's key that is replaced stays for RETIRED_FOR, retired: whoever read a row just before can still open it, and
so can a backup of that time.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.db.models import Count

from accounts import clock, crypto, mfa
from accounts.models import MemberKey
from accounts.models.member_key import holding_keys, master_keys
from accounts.models.sealed import SealedTextField, sealed_fields, write_sealed

RETIRED_FOR = timedelta(days=35)
BATCH = 500


def wrapped_by_others() -> dict[str, int]:
    """How many keys are still wrapped by another master key than the current one, by its name."""
    others = MemberKey.objects.exclude(master=master_keys().current).order_by()
    return dict(others.values_list("master").annotate(Count("pk")))


@transaction.atomic
def rewrap(*, batch: int = BATCH) -> int:
    """Wrap some keys anew by the current master key, and tell how many; those that somebody holds come later.

    Whoever seals with one of them is not in the way: what is inside stays the same. Raises CannotOpen.
    """
    masters = master_keys()
    found = MemberKey.objects.exclude(master=masters.current).order_by("pk")
    rows = list(found.select_for_update(skip_locked=True, no_key=True)[:batch])
    for row in rows:
        wrapped = crypto.wrap(row.opened(), masters)
        row.master, row.wrapped = wrapped.master, wrapped.text
    MemberKey.objects.bulk_update(rows, ["master", "wrapped"])
    return len(rows)


@transaction.atomic
def renew(members: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Give members a new key each, and tell who has one now; left out is whoever writes something at this moment."""
    current = MemberKey.objects.filter(member__in=list(members), retired_at=None).order_by("pk")
    # Nobody who seals with one of these may be under way: they would commit what a retired key has sealed.
    rows = list(current.select_for_update(skip_locked=True))
    MemberKey.objects.filter(pk__in=[row.pk for row in rows]).update(retired_at=clock.now())
    renewed = [row.member_id for row in rows]
    with holding_keys(renewed):
        return renewed


def keys_made_before(moment: object, *, batch: int = BATCH) -> list[uuid.UUID]:
    """Some members whose current key is older than a moment."""
    found = MemberKey.objects.filter(retired_at=None, made_at__lt=moment).order_by("member")
    return list(found.values_list("member", flat=True)[:batch])


def reseal(*, batch: int = BATCH) -> int:
    """Seal some of what retired keys have sealed anew, and tell how many rows; those that somebody holds come later."""
    done = 0
    for members in _with_retired_keys(batch):
        done += sum(_reseal_rows(table, members) for table in _tables()) + _reseal_second_factors(members)
    return done


def sealed_by_retired() -> int:
    """How many rows are still sealed by a retired key."""
    return sum(
        len(_outdated(table.rows(members), table.names, _retired(members)))
        for members in _with_retired_keys(BATCH)
        for table in _tables()
    ) + sum(len(_second_factors(members)) for members in _with_retired_keys(BATCH))


def drop_retired() -> int:
    """Destroy keys that were retired RETIRED_FOR ago and have sealed nothing that is still there; tell how many."""
    old = MemberKey.objects.filter(retired_at__lt=clock.now() - RETIRED_FOR)
    if not old.exists() or sealed_by_retired():
        return 0
    return old.delete()[0]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with sealed columns, and the attribute that leads to the member whose key they are sealed with."""

    model: type[models.Model]
    owner: str
    names: list[str]

    def rows(self, members: Iterable[uuid.UUID]) -> models.QuerySet[models.Model]:
        found = self.model._default_manager.filter(**{f"{self.owner}__in": list(members)}).order_by("pk")
        return found.only("pk", self.owner, *self.names)


def _tables() -> Iterator[_Table]:
    for model in apps.get_models():
        by_owner: dict[str, list[SealedTextField]] = {}
        for field in sealed_fields(model):
            by_owner.setdefault(field.owner, []).append(field)
        for owner, fields in by_owner.items():
            yield _Table(model, owner, [field.name for field in fields])


def _with_retired_keys(batch: int) -> Iterator[list[uuid.UUID]]:
    found = MemberKey.objects.exclude(retired_at=None).order_by("member").values_list("member", flat=True).distinct()
    members = list(found[:batch])
    while members:
        yield members
        members = list(found.filter(member__gt=members[-1])[:batch])


def _retired(members: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    retired = MemberKey.objects.exclude(retired_at=None).filter(member__in=list(members))
    return set(retired.values_list("pk", flat=True))


def _outdated(rows: Iterable[models.Model], names: list[str], retired: set[uuid.UUID]) -> list[models.Model]:
    """The rows in which something is sealed by a retired key. What stands sealed is looked at, and not opened."""
    return [row for row in rows if any(_sealed_by(row.__dict__.get(name)) in retired for name in names)]


def _sealed_by(value: object) -> uuid.UUID | None:
    return crypto.key_of(value) if isinstance(value, bytes) and value else None


@transaction.atomic
def _reseal_rows(table: _Table, members: list[uuid.UUID]) -> int:
    retired = _retired(members)
    rows = _outdated(table.rows(members).select_for_update(skip_locked=True, no_key=True), table.names, retired)
    with holding_keys({getattr(row, table.owner) for row in rows}):
        write_sealed(rows, table.names)
    return len(rows)


@transaction.atomic
def _reseal_second_factors(members: list[uuid.UUID]) -> int:
    rows = _second_factors(members, lock=True)
    for row in rows:
        row.data = mfa.changed(row.data, mfa.opened)
        row.save(update_fields=["data"])
    return len(rows)


def _second_factors(members: list[uuid.UUID], *, lock: bool = False) -> list[Authenticator]:
    retired = _retired(members)
    found = Authenticator.objects.filter(user__in=members).order_by("pk")
    if lock:
        found = found.select_for_update(skip_locked=True, no_key=True)
    return [row for row in found if any(mfa.sealed_by(text) in retired for text in mfa.secrets_of(row.data))]
