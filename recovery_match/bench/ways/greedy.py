"""All eligible pairs sorted, and the best that is still free taken each time."""

import numpy as np

from recovery_match.bench.ways.market import Choice, Crowd, Fair, Market, Solve, joined

LOOKED_AT = 1 << 16
"""Pairs looked at together: whose newcomer or sponsor has gone are left out without a look at each."""


def greedy(crowd: Crowd) -> Solve:
    """Sort inside fellowships, which do not compete for anybody."""
    fair = Fair(crowd, split=True)
    return lambda: joined(_solve(market) for market in fair.markets())


def _solve(market: Market) -> Choice:
    edges = market.pairs.all_edges()
    worth = edges.scores + market.extra[edges.newcomers]
    order = np.argsort(-worth, kind="stable")
    waiting, free = np.ones(len(market.newcomers), dtype=np.bool_), market.free.copy()
    chosen: list[int] = []
    for first in range(0, len(order), LOOKED_AT):
        some = order[first : first + LOOKED_AT]
        some = some[waiting[edges.newcomers[some]] & (free[edges.sponsors[some]] > 0)]
        pairs = zip(some.tolist(), edges.newcomers[some].tolist(), edges.sponsors[some].tolist(), strict=True)
        for at, newcomer, sponsor in pairs:
            if waiting[newcomer] and free[sponsor] > 0:
                waiting[newcomer] = False
                free[sponsor] -= 1
                chosen.append(at)
    taken = np.array(chosen, dtype=np.intp)
    return market.choice(edges.newcomers[taken], edges.sponsors[taken], worth[taken])
