"""All eligible pairs sorted, and the best that is still free taken each time."""

from collections.abc import Iterator

import numpy as np

from recovery_match.bench.columns import Long
from recovery_match.bench.pairs import Edges
from recovery_match.bench.ways.market import MOST_SCORE, Choice, Crowd, Fair, Market, Solve, joined

POSITION_BITS = 40
LOOKED_AT = 1 << 16
"""Pairs looked at together: whose newcomer or sponsor has gone are left out without a look at each."""


def greedy(crowd: Crowd) -> Solve:
    """Sort inside fellowships, which do not compete for anybody."""
    fair = Fair(crowd, split=True)
    return lambda: joined(_solve(market) for market in fair.markets())


def _solve(market: Market) -> Choice:
    edges = market.pairs.all_edges()
    waiting, free = np.ones(len(market.newcomers), dtype=np.bool_), market.free.copy()
    chosen: list[int] = []
    for some in _best_first(market, edges):
        some = some[waiting[edges.newcomers[some]] & (free[edges.sponsors[some]] > 0)]
        pairs = zip(some.tolist(), edges.newcomers[some].tolist(), edges.sponsors[some].tolist(), strict=True)
        for at, newcomer, sponsor in pairs:
            if waiting[newcomer] and free[sponsor] > 0:
                waiting[newcomer] = False
                free[sponsor] -= 1
                chosen.append(at)
    taken = np.array(chosen, dtype=np.intp)
    newcomers = edges.newcomers[taken]
    return market.choice(newcomers, edges.sponsors[taken], edges.scores[taken] + market.extra[newcomers])


def _best_first(market: Market, edges: Edges) -> Iterator[Long]:
    """Positions of pairs, some at a time: worth and position in one number are quickest to sort, and ties are even."""
    worth = edges.scores + (market.extra - market.extra.min())[edges.newcomers]
    keys = (MOST_SCORE - worth << POSITION_BITS) + np.arange(len(worth))
    keys.sort()
    for first in range(0, len(keys), LOOKED_AT):
        yield keys[first : first + LOOKED_AT] & (1 << POSITION_BITS) - 1
