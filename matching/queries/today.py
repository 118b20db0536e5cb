"""The coordinators' day: everything open in their intergroups, oldest first, with who holds it and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Intergroup, Profile, User
from matching.models import Verdict
from matching.queries.waits import Holder, Kind, found


@dataclass(frozen=True)
class Wanted:
    """Which rows: of these kinds, and where they are named of this intergroup and in these hands only."""

    kinds: tuple[Kind, ...]
    office: int | None = None
    holder: Holder | None = None


@dataclass(frozen=True)
class Row:
    """One thing that waits. ``key`` is what its page is called by: an offer, a request, a wish, a sponsor, a report or
    a round. ``until`` is empty where nothing runs out, ``office`` where the reader serves one intergroup only,
    ``verdict`` where nothing is decided."""

    kind: Kind
    key: UUID | int
    who: str
    with_whom: str
    holder: Holder
    since: datetime
    until: datetime | None
    office: str
    verdict: str


Found = QuerySet[Any, dict[str, Any]]


def counts(user: User, *, office: int | None = None, holder: Holder | None = None) -> dict[Kind, int]:
    """How many of each kind are open, as far as they are of an intergroup and in somebody's hands; one query."""
    first, *others = (
        _narrowed(found(kind, user), office, holder).values("row_kind").annotate(n=Count("pk")) for kind in Kind
    )
    many = {row["row_kind"]: row["n"] for row in first.union(*others, all=True)}
    return {kind: many.get(str(kind), 0) for kind in Kind}


def queue(user: User, wanted: Wanted) -> Found:
    """The rows that are wanted, oldest first, to be sliced and then read by :func:`rows`."""
    first, *others = (_narrowed(found(kind, user), wanted.office, wanted.holder) for kind in wanted.kinds)
    return (first.union(*others, all=True) if others else first).order_by("row_since", "row_key")


def _narrowed(rows: Found, office: int | None, holder: Holder | None) -> Found:
    if office is not None:
        rows = rows.filter(row_office=office)
    return rows if holder is None else rows.filter(row_holder=str(holder))


def rows(found: Iterable[Mapping[str, Any]], intergroups: Iterable[Intergroup]) -> list[Row]:
    """Give rows of the queue their names, and their intergroup's where there are several; one query."""
    found, offices = list(found), {one.pk: one.name for one in intergroups}
    people = {row[side] for row in found for side in ("row_newcomer", "row_sponsor")}
    names = {profile.pk: profile.display_name for profile in Profile.objects.filter(pk__in=people - {None})}
    return [
        Row(
            kind=Kind(row["row_kind"]),
            key=int(row["row_key"]) if row["row_kind"] == Kind.REPORTS else UUID(row["row_key"]),
            who=_who(row, names),
            with_whom=names.get(row["row_sponsor"], "") if row["row_newcomer"] else "",
            holder=Holder(row["row_holder"]),
            since=row["row_since"],
            until=row["row_until"],
            office=offices.get(row["row_office"], "") if len(offices) > 1 else "",
            verdict=str(Verdict(row["row_verdict"]).label) if row["row_verdict"] else "",
        )
        for row in found
    ]


def _who(row: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    if row["row_kind"] == Kind.ROUNDS:
        return _("Everybody who waits")
    return names.get(row["row_newcomer"] or row["row_sponsor"], "")
