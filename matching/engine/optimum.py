"""The proven optimum of one field by column generation with dual prices.

Solve over each newcomer's best few; set the optimum's dual prices against every eligible pair; add the pairs that are
worth more than their two prices; stop when there is none (Dantzig and Wolfe 1960; Ahuja, Magnanti, Orlin, "Network
Flows", 17.5). The prices then bound every possible round, and this one reaches the bound.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from matching.engine.columns import Rows
from matching.engine.edges import Book, Edges, Field, joined
from matching.engine.flow import EXACT, NOBODY, Candidates, Prices, assign, prices
from matching.engine.scoring import POINT
from matching.engine.week import Whole

FIRST_FEW = 20
MOST_ADDED = 20
"""Pairs that one pass adds for one newcomer at most."""

MOST_BONUS = POINT - 1
"""Waiting never outweighs one point of one pair."""

_DAY = timedelta(days=1)
_MIX_BITS = 12


@dataclass(frozen=True)
class Solved:
    """The optimum of a field, by places.

    Attributes:
        served, by, scores: Alike in length: newcomers served, their sponsors, the scores.
        prices: By newcomers and by sponsors.
        eligible: For each newcomer how many sponsors are eligible.
        passes: How often all pairs were priced.
    """

    field: Field
    served: Rows
    by: Rows
    scores: Whole
    prices: Prices
    eligible: Rows
    passes: int


def bonuses(field: Field, now: datetime) -> Whole:
    """What each newcomer's match gains for the whole days they waited, in thousandths; MOST_BONUS at most."""
    rate = field.pool.facts.policy.waiting_bonus
    days = [0 if one.waiting_since is None else max((now - one.waiting_since) // _DAY, 0) for one in field.newcomers]
    return np.array([min(rate * each, MOST_BONUS) for each in days], dtype=np.int64)


def service_worth(field: Field) -> int:
    """What serving anybody is worth: more than all scores and bonuses of one round together.

    Raises:
        OverflowError: Sums of such worths would not be exact.
    """
    most = sum(field.pool.facts.policy.weights.values()) * POINT + MOST_BONUS
    worth = 1 + most * min(len(field.newcomers), sum(field.seats.tolist()))
    if worth + most >= EXACT:
        raise OverflowError("too many people or too high weights for exact sums")
    return worth


def solve(field: Field, *, service: int, now: datetime) -> Solved:
    """Find the optimum of a field, with prices that prove it.

    Args:
        field: Everybody who can be matched with one another.
        service: What serving anybody is worth, beside score and bonus.
        now: The moment up to which waiting counts; aware.
    """
    book, extra = Book(field), bonuses(field, now) + service
    eligible = np.zeros(len(field.newcomers), dtype=np.intp)
    chosen_few = []
    for block in book.blocks():
        eligible += np.bincount(block.newcomers, minlength=len(eligible))
        chosen_few.append(_best(block, block.scores, FIRST_FEW))
    edges, passes = joined(chosen_few), 0
    while True:
        graph = Candidates(edges.newcomers, edges.sponsors, edges.scores + extra[edges.newcomers], field.seats, len(extra))
        pairs = assign(graph)
        found = prices(graph, pairs)
        passes += 1
        more = joined([_underpriced(block, extra, found) for block in book.blocks()])
        if not len(more.scores):
            served = np.flatnonzero(pairs != NOBODY)
            by = pairs[served]
            return Solved(field, served, edges.sponsors[by], edges.scores[by], found, eligible, passes)
        edges = joined([edges, more])


def _underpriced(block: Edges, extra: Whole, found: Prices) -> Edges:
    """The pairs that are worth more than their prices, the worst priced of each newcomer."""
    gain = block.scores + (extra - found.newcomers)[block.newcomers] - found.sponsors[block.sponsors]
    some = np.flatnonzero(gain > 0)
    return _best(_pick(block, some), gain[some], MOST_ADDED)


def _best(block: Edges, values: Whole, few: int) -> Edges:
    """The few pairs of each newcomer with the highest values. Ties are scattered, or all would choose the same."""
    mixed = (block.newcomers.astype(np.uint64) * 2654435761 + block.sponsors.astype(np.uint64) * 40503) >> np.uint64(7)
    mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _MIX_BITS)
    order = np.lexsort((mixed, -values, block.newcomers))
    newcomers = block.newcomers[order]
    first = np.searchsorted(newcomers, newcomers)
    return _pick(block, order[np.arange(len(order)) - first < few])


def _pick(block: Edges, some: Rows) -> Edges:
    return Edges(block.newcomers[some], block.sponsors[some], block.scores[some])
