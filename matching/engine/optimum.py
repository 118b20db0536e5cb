"""The proven optimum of one field by column generation with dual prices.

Solve over each newcomer's best few; set the optimum's dual prices against every eligible pair; add the pairs that are
worth more than their two prices; stop when there is none (Dantzig and Wolfe 1960; Ahuja, Magnanti, Orlin, "Network
Flows", 17.5). The prices then bound every possible round, and this one reaches the bound.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np

from matching.engine.columns import Rows
from matching.engine.edges import Book, Edges, Field, joined
from matching.engine.flow import EXACT, NOBODY, Candidates, Prices, assign, prices
from matching.engine.outcome import Cancelled
from matching.engine.scoring import POINT
from matching.engine.week import Whole

FIRST_FEW = 20
MOST_ADDED = 20
"""Pairs that one pass adds for one newcomer at most."""

MOST_BONUS = POINT - 1
"""Waiting never outweighs one point of one pair."""

_DAY = timedelta(days=1)
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))
"""Odd numbers whose multiples scatter (the steps of splitmix64)."""


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


def bonuses(field: Field) -> Whole:
    """What each newcomer's match gains for the whole days they waited, in thousandths; MOST_BONUS at most."""
    now, rate = field.pool.facts.now, field.pool.facts.policy.waiting_bonus
    days = [0 if one.waiting_since is None else max((now - one.waiting_since) // _DAY, 0) for one in field.newcomers]
    return np.array([min(rate * each, MOST_BONUS) for each in days], dtype=np.int64)


def service_worth(field: Field) -> int:
    """What serving anybody is worth: more than all scores and bonuses of one round together.

    Raises:
        OverflowError: Sums of such worths would not be exact.
    """
    return common_worth(field, None)


def common_worth(field: Field, service: int | None) -> int:
    """Look at what somebody else says that serving anybody is worth: that of a round of which this field is a part.

    Raises:
        ValueError: The scores of this field alone could outweigh it.
        OverflowError: Sums of such worths would not be exact.
    """
    most = sum(field.pool.facts.policy.weights.values()) * POINT + MOST_BONUS
    least = 1 + most * len(field.newcomers)
    worth = least if service is None else service
    if worth < least:
        raise ValueError("scores could outweigh the service")
    if worth + most >= EXACT:
        raise OverflowError("too many people or too high weights for exact sums")
    return worth


def solve(field: Field, *, service: int, still_wanted: Callable[[], bool] | None = None) -> Solved:
    """Find the optimum of a field, with prices that prove it.

    Args:
        field: Everybody who can be matched with one another.
        service: What serving anybody is worth, beside score and bonus.
        still_wanted: Asked before each pass.

    Raises:
        Cancelled: It said no.
    """
    book, extra = Book(field), bonuses(field) + service
    eligible = np.zeros(len(field.newcomers), dtype=np.intp)
    chosen_few = []
    for block in book.blocks():
        eligible += np.bincount(block.newcomers, minlength=len(eligible))
        chosen_few.append(_best(block, block.scores, FIRST_FEW))
    edges, passes = joined(chosen_few), 0
    while True:
        if still_wanted is not None and not still_wanted():
            raise Cancelled
        graph = _graph(edges, extra, field)
        pairs = assign(graph)
        found = prices(graph, pairs)
        passes += 1
        more = joined([_underpriced(block, extra, found) for block in book.blocks()])
        if not len(more.scores):
            served = np.flatnonzero(pairs != NOBODY)
            by = pairs[served]
            return Solved(field, served, graph.sponsor[by], edges.scores[by], found, eligible, passes)
        edges = joined([edges, more])


def _graph(edges: Edges, extra: Whole, field: Field) -> Candidates:
    newcomers, sponsors = edges.newcomers.astype(np.intp), edges.sponsors.astype(np.intp)
    return Candidates(newcomers, sponsors, edges.scores + extra[newcomers], field.seats, len(extra))


def _underpriced(block: Edges, extra: Whole, found: Prices) -> Edges:
    """The pairs that are worth more than their prices, the worst priced of each newcomer."""
    gain = block.scores + (extra - found.newcomers)[block.newcomers] - found.sponsors[block.sponsors]
    some = np.flatnonzero(gain > 0)
    return _best(_pick(block, some), gain[some], MOST_ADDED)


def _best(block: Edges, values: Whole, few: int) -> Edges:
    """The few pairs of each newcomer with the highest values. Ties are scattered, or all would choose the same."""
    near = _near(block, values, few)
    block, values = _pick(block, near), values[near]
    mixed = block.newcomers.astype(np.uint64) * _MIX[0] + block.sponsors.astype(np.uint64)
    order = np.lexsort((mixed * _MIX[1], -values, block.newcomers))
    newcomers = block.newcomers[order]
    place = np.arange(len(order)) - np.searchsorted(newcomers, newcomers)
    return _pick(block, order[place < few])


def _near(block: Edges, values: Whole, few: int) -> Rows:
    """Leave out what surely is not among the few: less is left to sort."""
    least = np.full(len(values), np.iinfo(np.int64).min)
    starts = np.flatnonzero(np.diff(block.newcomers, prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(values)]):
        if end - start > few:
            least[start:end] = np.partition(values[start:end], end - start - few)[end - start - few]
    return np.flatnonzero(values >= least)


def _pick(block: Edges, some: Rows) -> Edges:
    return Edges(block.newcomers[some], block.sponsors[some], block.scores[some])
