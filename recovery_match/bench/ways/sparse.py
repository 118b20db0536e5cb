"""All eligible pairs as a sparse table: scipy's `min_weight_full_bipartite_matching`.

Each seat is a column, and each newcomer has a column "nobody" of their own, since the solver wants everybody matched.
Costs are positive: it drops what costs nothing.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from recovery_match.bench.columns import Rows
from recovery_match.bench.ways.market import MOST_SCORE, Choice, Crowd, Fair, Market, Solve, joined


def scipy_sparse(crowd: Crowd) -> Solve:
    """Solve everybody at once; pairs are looked for inside fellowships only."""
    fair = Fair(crowd, split=True)
    return lambda: _solve(list(fair.markets()))


@dataclass(frozen=True)
class _Part:
    """The rows of one market: the entries of each row, their seats and their costs, nobody's last."""

    lengths: Rows
    seats: npt.NDArray[np.int32]
    costs: npt.NDArray[np.float64]


def _solve(markets: list[Market]) -> Choice:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    if not markets:
        return joined(iter(()))
    nobody = MOST_SCORE + max(int(one.extra.max()) for one in markets)
    seats = np.cumsum([0, *(int(one.free.sum()) for one in markets)])
    newcomers = np.cumsum([0, *(len(one.newcomers) for one in markets)])
    parts = [_part(market, int(first), nobody) for market, first in zip(markets, seats[:-1], strict=True)]
    starts = np.cumsum(np.concatenate([[0], *(part.lengths for part in parts)]))
    columns = np.concatenate([part.seats for part in parts])
    columns[starts[1:] - 1] = seats[-1] + np.arange(newcomers[-1])
    costs = np.concatenate([part.costs for part in parts])
    table = csr_array((costs, columns, starts), shape=(newcomers[-1], seats[-1] + newcomers[-1]))
    _, found = min_weight_full_bipartite_matching(table)
    rows = zip(pairwise(starts.tolist()), found.tolist(), strict=True)
    at = np.array([low + np.searchsorted(columns[low:high], column) for (low, high), column in rows], dtype=np.intp)
    worth = (nobody - costs[at]).astype(np.int64)
    spans = zip(markets, pairwise(newcomers.tolist()), seats.tolist(), strict=False)
    return joined(_read(one, found[low:high] - first, worth[low:high]) for one, (low, high), first in spans)


def _part(market: Market, first: int, nobody: int) -> _Part:
    edges = market.pairs.all_edges()
    copies, newcomers = market.free[edges.sponsors], len(market.newcomers)
    edge = np.repeat(np.arange(len(copies)), copies)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(copies) - copies, copies)
    seat = (first + np.cumsum(market.free) - market.free)[edges.sponsors]
    place = np.arange(len(edge)) + edges.newcomers[edge]  # behind the nobodies of all rows before
    seats = np.empty(len(edge) + newcomers, dtype=np.int32)
    costs = np.full(len(seats), nobody, dtype=np.float64)
    seats[place] = seat[edge] + within
    costs[place] -= (edges.scores + market.extra[edges.newcomers])[edge]
    lengths = np.bincount(edges.newcomers[edge], minlength=newcomers) + 1
    return _Part(lengths, seats, costs)


def _read(market: Market, seats: Rows, worth: Rows) -> Choice:
    served = np.flatnonzero(worth > 0)
    owner = np.repeat(np.arange(len(market.free)), market.free)
    return market.choice(served, owner[seats[served]], worth[served])
