"""The best fifty of each newcomer, and OR-tools' min-cost flow over them: quick, and not the optimum."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from recovery_match.bench.columns import Keys, Rows
from recovery_match.bench.pairs import Edges, Pairs, joined_edges
from recovery_match.bench.ways.market import Choice, Crowd, Fair, Market, Solve, joined

if TYPE_CHECKING:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

BEST = 50


def ortools_50(crowd: Crowd) -> Solve:
    """Choose the fifty inside fellowships, which cannot meet in the flow, and solve each."""
    fair = Fair(crowd, split=True)
    return lambda: joined(_solve(market) for market in fair.markets())


def _solve(market: Market) -> Choice:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    edges = joined_edges(_best(market.pairs))
    newcomers, sponsors = len(market.newcomers), len(market.free)
    worth = edges.scores + market.extra[edges.newcomers]
    most, sink = int(worth.max(initial=0)), newcomers + sponsors
    each, all_sponsors = np.arange(newcomers), newcomers + np.arange(sponsors)
    flow = SimpleMinCostFlow()
    taken = _arcs(flow, edges.newcomers, newcomers + edges.sponsors, np.ones_like(worth), most - worth)
    _arcs(flow, all_sponsors, np.full(sponsors, sink), market.free, 0 * market.free)
    _arcs(flow, each, np.full(newcomers, sink), np.ones_like(each), np.full(newcomers, most))
    flow.set_nodes_supplies(np.append(each, sink), np.append(np.ones(newcomers, dtype=np.int64), -newcomers))
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("the flow has no optimum")
    chosen = np.flatnonzero(flow.flows(taken) > 0)
    return market.choice(edges.newcomers[chosen], edges.sponsors[chosen], worth[chosen])


def _arcs(flow: "SimpleMinCostFlow", tails: Keys, heads: Keys, capacities: Keys, costs: Keys) -> Rows:
    arcs: Rows = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    return arcs


def _best(pairs: Pairs) -> Iterator[Edges]:
    for first, scores in pairs.blocks():
        width = scores.shape[1]
        few = np.argpartition(scores, max(width - BEST, 0), axis=1)[:, -BEST:]
        newcomers, sponsors = np.repeat(np.arange(len(scores)), few.shape[1]), few.ravel()
        found = scores[newcomers, sponsors]
        some = found >= 0
        yield Edges((newcomers[some] + first).astype(np.int32), sponsors[some].astype(np.int32), found[some])
