"""PostgreSQL with a covering index: rules and score in SQL, and never a look at the table itself.

The index is on the rules that partition sponsors and includes every other column that the question needs; who may take
nobody is not in it. What looks at the sponsor alone is summed up beforehand in one column; what depends on the newcomer
only comes as parameters: points by taste, and by area and limit, and whom they must not meet. So each row costs bit
masks, three look-ups and a popcount.

All rules are asked that the engine asks, also those that exclude nobody of this crowd. Needs are columns of the index,
each held against a list; hours that begin at other quarters than the newcomer's have a branch of their own. What is
easier than for the engine: weeks that begin unevenly are not told apart, and `alone` is one sum for the day that the
index was made. The ten rows bring the columns that reasons are made of, all but two dates; to make reasons of them is
not timed here, as it is for the engine.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, LiteralString

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import sql

from recovery_match.bench import tables
from recovery_match.bench.columns import IN_PERSON, NOTHING, Columns
from recovery_match.bench.crowd import LIMITS
from recovery_match.bench.one.asking import BEST, Answer, Questions, Way, stated

TABLE: LiteralString = """
CREATE UNLOGGED TABLE sponsor (
    id uuid NOT NULL, fellowship smallint NOT NULL, gender smallint NOT NULL, comfortable smallint NOT NULL,
    languages smallint NOT NULL, needs smallint NOT NULL, can_meet smallint NOT NULL, open boolean NOT NULL,
    modes smallint NOT NULL, start smallint NOT NULL, week bit(168) NOT NULL, place integer NOT NULL,
    home integer NOT NULL, visit_1 integer NOT NULL, visit_2 integer NOT NULL, visit_3 integer NOT NULL,
    taste smallint NOT NULL, alone integer NOT NULL, taken smallint NOT NULL, last_offer bigint NOT NULL)
"""

INDEX: LiteralString = """
CREATE INDEX covering ON sponsor (fellowship, gender, comfortable, languages, needs, can_meet)
INCLUDE (id, modes, start, week, place, home, visit_1, visit_2, visit_3, taste, alone, taken, last_offer) WHERE open
"""

_QUARTERS: LiteralString = """CASE WHEN start = %(start)s::smallint THEN 4 * bit_count(week & %(week)s::bit(168))
    ELSE (4 - abs(start - %(start)s::smallint)) * bit_count(week & %(week)s::bit(168))
        + abs(start - %(start)s::smallint) * bit_count(week &
            CASE WHEN start < %(start)s::smallint THEN %(later)s::bit(168) ELSE %(earlier)s::bit(168) END) END"""

# Each of its parts stands in this file: the type says so, LiteralString.
QUESTION: LiteralString = _QUARTERS.join(
    (
        "SELECT score, id, ",
        """ AS quarters, languages, needs, can_meet, modes, place, home, visit_1, visit_2, visit_3, taste, alone
FROM (SELECT alone + (%(tastes)s::integer[])[taste + 1]
    + LEAST(""",
        """, 20) * %(quarter)s::integer
    + CASE WHEN modes & %(in_person)s::smallint <> 0
        THEN (%(near)s::integer[])[place + 1] & %(points)s::integer ELSE %(apart)s::integer END
    + CASE WHEN home = %(home)s::integer THEN %(same_home)s::integer
        WHEN visit_1 < 0 OR NOT %(stated)s::boolean THEN %(unstated)s::integer
        ELSE (%(meetings)s::integer[])[1 + (visit_1 = ANY (%(visits)s::integer[]))::integer
            + (visit_2 = ANY (%(visits)s::integer[]))::integer + (visit_3 = ANY (%(visits)s::integer[]))::integer] END
    AS score, id, start, week, languages, needs, can_meet, modes, place, home, visit_1, visit_2, visit_3, taste, alone,
    taken, last_offer
FROM sponsor
WHERE open AND fellowship = %(fellowship)s::smallint AND gender = ANY (%(gender)s::smallint[])
    AND comfortable = ANY (%(comfortable)s::smallint[]) AND languages = ANY (%(languages)s::smallint[])
    AND needs = ANY (%(needs)s::smallint[]) AND can_meet = ANY (%(can_meet)s::smallint[])
    AND modes & %(modes)s::smallint <> 0
    AND (modes & %(modes)s::smallint <> 1 OR (%(near)s::integer[])[place + 1] < %(far)s::integer)
    AND """,
        """ >= 4
    AND id <> ALL (%(never)s::uuid[])
ORDER BY score DESC, taken, last_offer, id
LIMIT %(best)s) AS best
ORDER BY score DESC, taken, last_offer, id
""",
    )
)


def _array(values: npt.NDArray[Any]) -> str:
    """An array as PostgreSQL writes it."""
    return "{" + ",".join(map(str, values.tolist())) + "}"


_MASKS = {"gender": "comfortable", "comfortable": "gender", "languages": "languages"}
"""Columns of the sponsor that must share a bit with a column of the newcomer."""

_FIXED = {
    "quarter": int(tables.HOURS[1]) // 4,
    "start": 0,
    "needs": "{0}",
    "can_meet": "{0}",
    "points": tables.FAR - 1,
    "far": tables.FAR,
    "apart": tables.APART,
    "same_home": tables.SAME_HOME,
    "unstated": tables.UNSTATED,
    "meetings": _array(tables.MEETINGS),
    "best": BEST,
}
_ROWS_AT_ONCE = 10_000


class NotCoveredError(RuntimeError):
    """PostgreSQL does not answer from the index alone."""


@contextmanager
def loaded(url: str, sponsors: Columns) -> Iterator[psycopg.Connection]:
    """Give a connection to a schema that has the sponsors, indexed, vacuumed and analysed; it is dropped afterwards."""
    schema = sql.Identifier(f"bench_{os.getpid()}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        try:
            connection.execute(sql.SQL("SET search_path TO {}, pg_catalog").format(schema))
            connection.execute(TABLE)
            with connection.cursor().copy("COPY sponsor FROM STDIN") as copy:
                for lines in _lines(sponsors):
                    copy.write(lines)
            connection.execute(INDEX)
            connection.execute("VACUUM (ANALYZE) sponsor")
            # A table so small that reading all of it is as quick would else not show how the index is used.
            connection.execute("SET enable_seqscan TO off; SET enable_bitmapscan TO off")
            yield connection
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))


def way(connection: psycopg.Connection, sponsors: Columns, questions: Questions) -> Way:
    """Make the parameters of each newcomer beforehand; asking is one prepared statement.

    Raises:
        NotCoveredError: The plan is not a scan of the index only.
    """
    parameters = _parameters(sponsors, questions)
    _require_covered(connection, parameters[0])

    def ask(row: int) -> list[tuple[Any, ...]]:
        return connection.execute(QUESTION, parameters[row], prepare=True).fetchall()

    def read(got: Any) -> Answer:
        return [(score, sponsor) for score, sponsor, *_ in got]

    return Way("postgres-covering", ask, read)


def index_mb(connection: psycopg.Connection) -> float:
    """The size of the index, in MB of 10**6 bytes."""
    row = connection.execute("SELECT pg_relation_size('covering')").fetchone()
    return row[0] / 1e6 if row else 0.0


def _lines(sponsors: Columns) -> Iterator[str]:
    """The rows in the text format of COPY, many at a time."""
    place = sponsors.area * len(LIMITS) + sponsors.limit
    weeks = [low | middle << 64 | high << 128 for low, middle, high in sponsors.week.T.tolist()]
    keys = ("fellowship", "gender", "comfortable", "languages")
    numbers = [getattr(sponsors, name).tolist() for name in keys]
    numbers += [[0] * len(sponsors), [0] * len(sponsors), ["t"] * len(sponsors)]
    numbers += [sponsors.modes.tolist(), [0] * len(sponsors)]
    rest = (place, sponsors.home, *sponsors.visits, sponsors.taste, sponsors.alone, sponsors.taken, sponsors.last_offer)
    ids = (one.hex for one in sponsors.ids)
    rows = zip(ids, *numbers, (f"{week:0168b}" for week in weeks), *(one.tolist() for one in rest), strict=True)
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        yield "".join("\t".join(map(str, row)) + "\n" for row in some)


def _parameters(sponsors: Columns, questions: Questions) -> list[dict[str, Any]]:
    asked, known = questions.columns, {name: np.unique(getattr(sponsors, name)) for name in _MASKS}
    named = stated(asked).tolist()
    weeks = [low | middle << 64 | high << 128 for low, middle, high in asked.week.T.tolist()]
    made = []
    for row in range(len(asked)):
        own = {name: getattr(asked, other)[row] for name, other in _MASKS.items()}
        masks = {name: _array(known[name][known[name] & own[name] != 0]) for name in _MASKS}
        modes, home, visits = int(asked.modes[row]), int(asked.home[row]), asked.visits[:, row]
        made.append(
            {
                **_FIXED,
                **masks,
                "fellowship": int(asked.fellowship[row]),
                "modes": modes,
                "in_person": modes & IN_PERSON,
                "week": f"{weeks[row]:0168b}",
                "later": f"{_turned(weeks[row], 1):0168b}",
                "earlier": f"{_turned(weeks[row], 167):0168b}",
                "never": [asked.ids[row]],
                "home": -2 if home == NOTHING else home,
                "visits": _array(visits[visits != NOTHING]),
                "stated": named[row],
                "tastes": _array(questions.tastes[row]),
                "near": _array(questions.near[row]),
            }
        )
    return made


def _turned(week: int, hours: int) -> int:
    return (week << hours | week >> 168 - hours) & (1 << 168) - 1


def _require_covered(connection: psycopg.Connection, parameters: dict[str, Any]) -> None:
    explained = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {QUESTION}", parameters).fetchone()
    scans = [node for node in _nodes(explained[0][0]["Plan"]) if "Relation Name" in node] if explained else []
    if [node["Node Type"] for node in scans] != ["Index Only Scan"] or scans[0]["Heap Fetches"]:
        raise NotCoveredError("PostgreSQL does not answer from the covering index alone")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
