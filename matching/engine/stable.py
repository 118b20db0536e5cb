"""A round in which no two people would both rather have each other than what they got.

Deferred acceptance with seats (Gale and Shapley 1962): newcomers ask in the order of their wishes, and a sponsor keeps
the best so far. All wishes are strict, so the round is the one stable round that is best for every newcomer. It may
serve fewer people than `match_round` and have a lower total.
"""

from collections.abc import Sequence
from heapq import heappush, heappushpop

import numpy as np

from matching.engine.columns import Rows
from matching.engine.edges import Edges, Field
from matching.engine.optimum import bonuses
from matching.engine.outcome import Assignment, Left, StableRound
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.suggest import why_nobody

_FAR = float("inf")
_Held = tuple[tuple[int, float, int], int, int]


def match_stable(newcomers: Sequence[Person], pool: Pool) -> StableRound:
    """Find the stable round that is best for the newcomers. It does not depend on the order of newcomers or pool.

    A newcomer's order is that of `suggest`. A sponsor's: score with the waiting bonus, longest waiting (unknown last),
    id.

    Args:
        newcomers: Who asks; nobody twice.
        pool: Who may sponsor; nobody twice.

    Raises:
        UnknownZoneError: A newcomer's zone does not exist.
        ValueError: Somebody is there twice on one side.
    """
    field = Field.of(newcomers, pool)
    lists = [field.edges(newcomer) for newcomer in range(len(field.newcomers))]
    held = _defer(field, lists)
    given = {newcomer: (place, score) for place, some in enumerate(held) for _, newcomer, score in some}
    return StableRound(
        assignments=tuple(
            Assignment(one.id, field.sponsor_id(given[at][0]), given[at][1])
            for at, one in enumerate(field.newcomers)
            if at in given
        ),
        left=tuple(
            Left(one.id, len(lists[at].worths), {} if len(lists[at].worths) else why_nobody(one, pool))
            for at, one in enumerate(field.newcomers)
            if at not in given
        ),
    )


def _defer(field: Field, lists: Sequence[Edges]) -> list[list[_Held]]:
    """Let everybody ask until nobody who is left has anybody to ask.

    Each sponsor's list is a heap with the least wanted on top. Wishes of sponsors are negated tuples: more is better.
    """
    extra, seats = bonuses(field.newcomers, field.pool.facts).tolist(), field.seats.tolist()
    wishes = [_in_order(field, edges) for edges in lists]
    asked = [0] * len(lists)
    held: list[list[_Held]] = [[] for _ in seats]
    waiting = list(range(len(lists)))
    while waiting:
        newcomer = waiting.pop()
        if asked[newcomer] == len(wishes[newcomer]):
            continue
        at = wishes[newcomer][asked[newcomer]]
        asked[newcomer] += 1
        sponsor, score = int(lists[newcomer].sponsors[at]), int(lists[newcomer].worths[at])
        wish = (score + extra[newcomer], -_since(field.newcomers[newcomer]), -newcomer)
        if len(held[sponsor]) < seats[sponsor]:
            heappush(held[sponsor], (wish, newcomer, score))
        else:
            waiting.append(heappushpop(held[sponsor], (wish, newcomer, score))[1])
    return held


def _in_order(field: Field, edges: Edges) -> Rows:
    many, rows = field.pool.people.rows, field.rows[edges.sponsors]
    return np.lexsort((edges.sponsors, many["last_offer_at"][rows], many["seats_taken"][rows], -edges.worths))


def _since(newcomer: Person) -> float:
    return _FAR if newcomer.waiting_since is None else newcomer.waiting_since.timestamp()
