"""The coordinators' day: everything open in their intergroups, oldest first, with who holds it and until when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Intergroup, Profile, User
from matching.models import Verdict
from matching.queries.waits import NEEDS_SOMEBODY, Holder, Kind, found
from matching.queries.written import Written, write


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


@dataclass(frozen=True)
class Look:
    """What a coordinator sees at a glance: how many there are of each kind, the page of rows that was asked for (or the
    last one there is), and with them what was decided a moment ago. ``people`` are named in them, each with the
    intergroup that it is about."""

    counts: dict[Kind, int]
    rows: list[Row]
    decided: list[Row]
    people: dict[UUID, int | None]


# The open things are gathered once and then counted, sorted and cut: each kind has its own tables and rules, and to ask
# them all takes the database longer than everything else on the page. Columns are named, as a union goes by position.
_GATHER = "WITH every AS MATERIALIZED ("
_CHOOSE = """),
open AS MATERIALIZED (
    SELECT row_kind, row_key, row_holder, row_since, row_until, row_newcomer, row_sponsor, row_office, row_verdict
      FROM every
     WHERE (%s::bigint IS NULL OR row_office = %s) AND (%s::text IS NULL OR row_holder = %s)
),
shown AS MATERIALIZED (SELECT * FROM open WHERE row_kind = ANY(%s))
SELECT 'counts' AS part, row_kind, count(*)::text AS row_key, NULL AS row_holder, NULL AS row_since, NULL AS row_until,
       NULL AS row_newcomer, NULL AS row_sponsor, NULL AS row_office, NULL AS row_verdict
  FROM open GROUP BY row_kind
UNION ALL (SELECT 'decided', * FROM open WHERE row_kind = %s ORDER BY row_since, row_key LIMIT %s)
UNION ALL (SELECT 'rows', * FROM shown ORDER BY row_since, row_key LIMIT %s
           OFFSET (SELECT greatest(0, least(%s, (count(*) - 1) / %s * %s)) FROM shown))
ORDER BY part, row_since, row_key
"""
_COUNT = ") SELECT count(*) FROM every WHERE row_holder = %s AND row_kind = ANY(%s)"


def look(user: User, wanted: Wanted, intergroups: Iterable[Intergroup], *, page: int = 1, size: int = 25) -> Look:
    """Count everything open and read a page of what is wanted, oldest first; two queries."""
    gathered = _gathered()
    office, holder = wanted.office, str(wanted.holder) if wanted.holder else None
    chosen: list[Any] = [office, office, holder, holder, [str(kind) for kind in wanted.kinds]]
    cut: list[Any] = [str(Kind.DECIDED), size, size, max(page - 1, 0) * size, size, size]
    with connection.cursor() as cursor:
        cursor.execute("".join((_GATHER, gathered.sql, _CHOOSE)), [*gathered.values_for(user), *chosen, *cut])
        names = [column[0] for column in cursor.description]
        parts = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    many = {row["row_kind"]: int(row["row_key"]) for row in parts if row["part"] == "counts"}
    told = [row for row in parts if row["part"] != "counts"]
    read = _rows(told, intergroups)
    decided = sum(row["part"] == "decided" for row in parts)
    sides = ("row_newcomer", "row_sponsor")
    return Look(
        {kind: many.get(str(kind), 0) for kind in Kind},
        rows=read[decided:],
        decided=read[:decided],
        people={row[side]: row["row_office"] for row in told for side in sides if row[side]},
    )


def waiting_for_office(user: User) -> int:
    """How many things wait for a coordinator in the intergroups of this one; one query."""
    gathered = _gathered()
    with connection.cursor() as cursor:
        cursor.execute(
            "".join((_GATHER, gathered.sql, _COUNT)),
            [*gathered.values_for(user), str(Holder.COORDINATOR), [str(kind) for kind in NEEDS_SOMEBODY]],
        )
        [count] = cursor.fetchone()
    return int(count)


@cache
def _gathered() -> Written:
    """Everything open, of all kinds: kept, since it takes longer to write than all else on the page."""
    return write(_everything)


def _everything(user: User) -> QuerySet[Any, Any]:
    first, *others = (found(kind, user) for kind in Kind)
    return first.union(*others, all=True)


def _rows(found: Sequence[Mapping[str, Any]], intergroups: Iterable[Intergroup]) -> list[Row]:
    """Give rows of the queue their names, and their intergroup's where there are several; one query."""
    offices = {one.pk: one.name for one in intergroups}
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
