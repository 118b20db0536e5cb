"""Every pair a cell of a dense table, every seat a column: scipy's and lapx's solvers of the assignment problem.

What a pair is worth is taken off its cost; a forbidden pair costs what nobody costs, so whoever is assigned at that
cost is not served. All costs are whole numbers below 2**53, where float64 is exact.
"""

import numpy as np
import numpy.typing as npt

from recovery_match.bench.columns import Rows
from recovery_match.bench.ways.market import MOST_SCORE, Choice, Crowd, Fair, Market, Solve, joined

Table = npt.NDArray[np.float64]
Costs = npt.NDArray[np.float64]


def scipy_dense(crowd: Crowd) -> Solve:
    """One table of everybody for `scipy.optimize.linear_sum_assignment`."""
    fair = Fair(crowd, split=False)
    return lambda: joined(_by_scipy(market) for market in fair.markets())


def scipy_split(crowd: Crowd) -> Solve:
    """The same, a table for each fellowship."""
    fair = Fair(crowd, split=True)
    return lambda: joined(_by_scipy(market) for market in fair.markets())


def lapx(crowd: Crowd) -> Solve:
    """One square table of everybody for lapx's `lapjv`."""
    fair = Fair(crowd, split=False)
    return lambda: joined(_by_lapx(market) for market in fair.markets())


def _by_scipy(market: Market) -> Choice:
    from scipy.optimize import linear_sum_assignment

    owner = _seats(market)
    table = _table(market, owner, (len(market.newcomers), len(owner)), nobody=0)
    rows, columns = linear_sum_assignment(table)
    return _read(market, owner, -table[rows, columns], rows, columns)


def _by_lapx(market: Market) -> Choice:
    """Give lapx the form it is quickest with: square, no cost below nothing, and the rows of nobody the cheapest."""
    import lap

    owner, rows = _seats(market), np.arange(len(market.newcomers))
    side, nobody = max(len(rows), len(owner)), MOST_SCORE + int(market.extra.max(initial=0))
    table = _table(market, owner, (side, side), nobody=nobody)
    found, _ = lap.lapjv(table, return_cost=False)
    columns = np.asarray(found, dtype=np.intp)[rows]
    return _read(market, owner, nobody - table[rows, columns], rows, columns)


def _seats(market: Market) -> Rows:
    """For each seat its sponsor."""
    return np.repeat(np.arange(len(market.free)), market.free)


def _table(market: Market, owner: Rows, shape: tuple[int, int], *, nobody: int) -> Table:
    """Fill in the costs of newcomers; rows and columns beyond newcomers and seats cost nothing and `nobody`."""
    table = np.zeros(shape)
    table[: len(market.newcomers), len(owner) :] = nobody
    for first, scores in market.pairs.blocks():
        last = first + len(scores)
        worth = np.where(scores >= 0, scores + market.extra[first:last, None], 0)
        table[first:last, : len(owner)] = (nobody - worth).astype(np.float64).take(owner, axis=1)
    return table


def _read(market: Market, owner: Rows, worth: Costs, rows: Rows, columns: Rows) -> Choice:
    served = worth > 0
    return market.choice(rows[served], owner[columns[served]], worth[served].astype(np.int64))
