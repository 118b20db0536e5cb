"""The exact optimum over a small graph of candidates, and prices that prove it.

The assignment is solved by scipy's sparse Jonker-Volgenant algorithm ("LAPJVsp") with each seat as a column of its own
and a column "nobody" for each newcomer. Prices are not taken from the solver but found from its answer: they are
shortest paths in the residual graph (Ahuja, Magnanti, Orlin, "Network Flows", 9.2, 9.5), which exist exactly if the
answer is optimal. All is integer arithmetic; costs stay below 2**53, where float64 is exact.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.engine.columns import Rows
from matching.engine.week import Whole

NOBODY = -1
EXACT = 1 << 50
"""Worths stay below this, so that sums of a few of them are exact in float64."""


@dataclass(frozen=True)
class Candidates:
    """Pairs to choose from, in any order, each at most once.

    Attributes:
        newcomer, sponsor: Places. worth: More than 0: what serving the pair adds.
        seats: For each sponsor's place the free seats, at least 1. newcomers: How many newcomers there are.
    """

    newcomer: Rows
    sponsor: Rows
    worth: Whole
    seats: Whole
    newcomers: int


@dataclass(frozen=True)
class Prices:
    """What each newcomer and each seat of a sponsor is worth: no pair is worth more than its two prices together."""

    newcomers: Whole
    sponsors: Whole


def assign(graph: Candidates) -> Rows:
    """Find the assignment of the highest worth.

    Returns:
        For each newcomer the index of their pair, or NOBODY.
    """
    found = np.full(graph.newcomers, NOBODY, dtype=np.intp)
    if not len(graph.worth):
        return found
    seats = np.minimum(graph.seats, np.bincount(graph.sponsor, minlength=len(graph.seats)))
    copies = seats[graph.sponsor]
    pair = np.repeat(np.arange(len(graph.worth)), copies)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(copies) - copies, copies)
    column = (np.cumsum(seats) - seats)[graph.sponsor[pair]] + within
    real, most = int(seats.sum()), int(graph.worth.max())
    rows = np.concatenate([graph.newcomer[pair], np.arange(graph.newcomers)])
    columns = np.concatenate([column, real + np.arange(graph.newcomers)])
    costs = np.concatenate([most + 1 - graph.worth[pair], np.full(graph.newcomers, most + 1)])
    table = csr_array((costs.astype(np.float64), (rows, columns)), shape=(graph.newcomers, real + graph.newcomers))
    who, where = min_weight_full_bipartite_matching(table)
    owner = np.repeat(np.arange(len(seats)), seats)
    served = where < real
    order = np.lexsort((graph.sponsor, graph.newcomer))
    keys = graph.newcomer[order] * len(seats) + graph.sponsor[order]
    found[who[served]] = order[np.searchsorted(keys, who[served] * len(seats) + owner[where[served]])]
    return found


def prices(graph: Candidates, chosen: Rows) -> Prices:
    """Find whole prices that prove the assignment optimal.

    The least prices and the greatest are the fixed points of raising and of lowering what contradicts a choice (the
    two shortest-path trees). Those in the middle, rounded down, are valid as well (the prices form an L-natural-convex
    set: Murota, "Discrete Convex Analysis", 7.1) and rule out more of the pairs that are not candidates.

    Raises:
        ArithmeticError: The assignment is not optimal.
    """
    low, high = _Market(graph, chosen).least(), _Market(graph, chosen).greatest()
    middle = (low + high) // 2
    market = _Market(graph, chosen)
    surplus = market.surplus(middle)
    total = int(surplus.sum()) + int((middle * graph.seats).sum())
    if total != int(graph.worth[chosen[chosen != NOBODY]].sum()):
        raise ArithmeticError("the assignment is not optimal")
    return Prices(surplus, middle)


class _Market:
    """One assignment, and the prices that it implies."""

    def __init__(self, graph: Candidates, chosen: Rows) -> None:
        self.graph = graph
        self.served = np.flatnonzero(chosen != NOBODY)
        self.pair = chosen[self.served]
        self.at = graph.sponsor[self.pair]
        taken = np.bincount(self.at, minlength=len(graph.seats))
        self.full = taken >= graph.seats
        self._by_sponsor = np.argsort(graph.sponsor, kind="stable")
        self._by_newcomer = np.argsort(graph.newcomer, kind="stable")
        self._sponsors, self._first_of_sponsor = np.unique(graph.sponsor[self._by_sponsor], return_index=True)
        self._newcomers, self._first_of_newcomer = np.unique(graph.newcomer[self._by_newcomer], return_index=True)

    def surplus(self, price: Whole) -> Whole:
        """The most that each newcomer could keep at these prices; nothing at least."""
        best = np.zeros(self.graph.newcomers, dtype=np.int64)
        if len(self._newcomers):
            kept = (self.graph.worth - price[self.graph.sponsor])[self._by_newcomer]
            best[self._newcomers] = np.maximum(np.maximum.reduceat(kept, self._first_of_newcomer), 0)
        return best

    def least(self) -> Whole:
        """Raise prices from nothing until nobody would rather sit elsewhere."""
        price = np.zeros(len(self.graph.seats), dtype=np.int64)
        for _ in range(len(price) + 2):
            kept = np.zeros(self.graph.newcomers, dtype=np.int64)
            kept[self.served] = self.graph.worth[self.pair] - price[self.at]
            asked = (self.graph.worth - kept[self.graph.newcomer])[self._by_sponsor]
            raised = price.copy()
            if len(asked):
                raised[self._sponsors] = np.maximum(
                    price[self._sponsors], np.maximum.reduceat(asked, self._first_of_sponsor)
                )
            if (raised == price).all():
                return price
            price = raised
        raise ArithmeticError("the assignment is not optimal")

    def greatest(self) -> Whole:
        """Lower prices from the most until whoever is served can bear theirs; a free seat costs nothing."""
        most = int(self.graph.worth.max(initial=0))
        price = np.where(self.full, most, 0)
        for _ in range(len(price) + 2):
            lowered = price.copy()
            bearable = self.graph.worth[self.pair] - self.surplus(price)[self.served]
            np.minimum.at(lowered, self.at, bearable)
            if (lowered == price).all():
                return price
            price = lowered
        raise ArithmeticError("the assignment is not optimal")
