"""One look at the database: everybody who sponsors in an intergroup, or only those who changed since the last look.

The numbers of transactions tell what a look has missed. While it is taken some transactions are under way; the oldest
of them is remembered (``settled``). Whatever commits later carries this number or a higher one, in whatever order the
commits come, so the next look takes every change from that number on. It may read somebody twice, and misses nobody.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from accounts.models import Profile
from matching import engine
from matching.roster.rows import Row, person_in, sponsors_of, sql_of

CHUNK = 500

_prepared: WeakKeyDictionary[Any, dict[int, str]] = WeakKeyDictionary()
"""For each connection to the database, and each intergroup that it was asked about, the name of the plan it keeps."""

_numbers = count()

# In one column: it comes with every row.
_STATE = """
state AS MATERIALIZED (
    SELECT json_build_array(
        pg_snapshot_xmin(pg_current_snapshot())::text,
        statement_timestamp(),
        concat_ws(' ', pg_postmaster_start_time(), 'matching_rosterchange'::regclass::oid),
        EXISTS (SELECT FROM matching_rosterchange WHERE xid = pg_current_xact_id_if_assigned()),
        EXISTS (SELECT FROM logged WHERE member IS NULL AND area IS NULL)
    )::text AS told
)
"""
_EVERYBODY = """
WITH logged AS (SELECT NULL AS member, NULL AS area WHERE false), {state}
SELECT state.told, NULL, person.* FROM state LEFT JOIN ({people}) AS person ON true
"""
_CHANGED = """
WITH logged AS MATERIALIZED (
    SELECT member, area FROM matching_rosterchange
    WHERE xid >= (SELECT $1) AND xid <= '18446744073709551615'
), {state}, named AS (
    SELECT member FROM logged WHERE member IS NOT NULL
    UNION
    SELECT user_id FROM accounts_profile WHERE area_id = ANY(ARRAY(SELECT area FROM logged WHERE area IS NOT NULL))
)
SELECT state.told, named.member, person.*
FROM state LEFT JOIN named ON true LEFT JOIN LATERAL ({people} LIMIT 1) AS person ON true
"""


# A connection keeps its plan, as making one anew would be part of every look. The number is asked for inside, and
# between two bounds, so that the plan is the same whatever it is, and few rows are expected.
_PREPARE = "PREPARE {name} (xid8) AS {query}"
_ASK = "EXECUTE {name} (%s)"


@dataclass(frozen=True, slots=True)
class State:
    """The database at the moment of a look.

    Attributes:
        settled: The oldest transaction under way, this one included: older ones are seen in full.
        at: When, by the database's clock.
        log: Which log it was: another one after a restart of the database, or in a database made anew.
        own: Whether this very transaction changed the roster: then others must not see what the look saw.
        replaced: Whether everybody may have changed, beyond what the log tells.
    """

    settled: int
    at: datetime
    log: str
    own: bool
    replaced: bool

    @classmethod
    def of(cls, told: str) -> "State":
        """Read it as the query tells it."""
        settled, at, *others = json.loads(told)
        return cls(int(settled), datetime.fromisoformat(at), *others)


@dataclass(slots=True)
class Look:
    """What a look found: people as they are now, and ids of those who do not sponsor here (any more)."""

    state: State
    people: list[engine.Person] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)


class Moment(Loader):
    """Reads a moment twenty times quicker than Django's own reader does, which counts when there are 100,000."""

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(bytes(data).decode())


def everybody(intergroup_id: int) -> Look:
    """Read all the sponsors of an intergroup, by one query, in chunks."""
    people, given = _everybody_in(intergroup_id)
    with transaction.atomic(savepoint=False), connection.chunked_cursor() as cursor:
        cursor.adapters.register_loader("timestamptz", Moment)
        cursor.execute(_EVERYBODY.format(state=_STATE, people=people), given)
        return _look(row for rows in iter(lambda: cursor.fetchmany(CHUNK), []) for row in rows)


def people_of(
    *profiles: QuerySet[Profile], waiting_since: Mapping[UUID, datetime] | None = None
) -> list[engine.Person]:
    """Read members of whom queries of ``rows.profiles`` tell, all by one query, in chunks, and build nothing else of
    them; nobody may be in two of these queries.

    ``waiting_since`` tells since when those wait who do.
    """
    since = waiting_since or {}
    each = [sql_of(one.order_by()) for one in profiles]
    sql, given = " UNION ALL ".join(sql for sql, _ in each), [value for _, values in each for value in values]
    with transaction.atomic(savepoint=False), connection.chunked_cursor() as cursor:
        cursor.adapters.register_loader("timestamptz", Moment)
        cursor.execute(sql, given)
        read = (Row._make(row) for rows in iter(lambda: cursor.fetchmany(CHUNK), []) for row in rows)
        return [person_in(row, waiting_since=since.get(row.user_id)) for row in read]


def changed_since(settled: int, intergroup_id: int) -> Look:
    """Read those whom a change concerns since the look that left this number, by one query."""
    with connection.cursor() as cursor:
        cursor.adapters.register_loader("timestamptz", Moment)
        _ask(cursor, settled, intergroup_id)
        return _look(cursor.fetchall())


def _ask(cursor: CursorWrapper, settled: int, intergroup_id: int) -> None:
    """Ask by the plan that the connection keeps; whoever asks first has it made, in the same message."""
    names = _prepared.setdefault(connection.connection, {})
    if name := names.get(intergroup_id):
        cursor.execute(_ASK.format(name=name), [str(settled)])
        return
    # Never used again: the database may know it although the asking failed.
    name = f"roster_look_{next(_numbers)}"
    people, given = _one_in(intergroup_id)
    query = _CHANGED.format(state=_STATE, people=people)
    cursor.execute(f"{_PREPARE.format(name=name, query=query)}; {_ASK.format(name=name)}", [*given, str(settled)])
    cursor.nextset()
    names[intergroup_id] = name


@cache
def _everybody_in(intergroup_id: int) -> tuple[str, tuple[Any, ...]]:
    """The rows of an intergroup's sponsors as SQL and what to fill in: kept, since it takes longer than the answer."""
    return sql_of(sponsors_of(intergroup_id))


@cache
def _one_in(intergroup_id: int) -> tuple[str, tuple[Any, ...]]:
    """The row of the one who is named, likewise. The limit makes the planner go by the indexes, one by one: it would
    rather read everybody to find a few."""
    return sql_of(sponsors_of(intergroup_id).filter(pk=RawSQL("named.member", ())))


def _look(rows: Iterable[tuple[Any, ...]]) -> Look:
    look = None
    for told, member, *row in rows:
        look = look or Look(State.of(told))
        if row[0] is not None:
            look.people.append(person_in(Row._make(row)))
        elif member is not None:
            look.gone.append(member)
    assert look is not None, "the state is there even where nobody is"
    return look
