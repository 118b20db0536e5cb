"""Which pairs of a field are worth looking at, and prices near those of its optimum: where an exact search begins.

The field is first cut into small ones, whose best pairs are quickly found. What an auction makes of them tells the
prices of the whole well enough to find, at these prices, the pairs that matter there; and so on with finer prices.
"""

from collections.abc import Callable
from math import isqrt

import numpy as np

from matching.engine.auction import Auction, hold
from matching.engine.cutting import cut
from matching.engine.edges import Edges, Field
from matching.engine.graph import NOBODY, Graph
from matching.engine.search import ANYTHING
from matching.engine.week import Whole

SMALL = 10
"""A field is cut so that each part has about as many sponsors as there are parts times the square of this."""

FIRST_FEW = 8
"""Pairs of each newcomer in the small fields."""

NEXT_FEW = 12
"""Pairs of each newcomer at the first prices of the whole field."""

FEW_MORE = 10
"""Pairs that a later look adds for one newcomer at most."""

STEPS = (100, 30, 10, 10, 10, 10)
"""Steps of one auction after another, in tenths of a hundredth of the highest score."""

ENOUGH = 1.0
"""Pairs found for each newcomer below which the prices are near enough for an exact search."""


def rough(field: Field, extra: Whole, most: int, ready: Callable[[], None]) -> tuple[Edges, Whole]:
    """Find pairs and the prices of sponsors.

    Args:
        field: Everybody.
        extra: (newcomers,) bonuses, in thousandths of a point.
        most: More than the highest score.
        ready: Called before each look at all pairs; it may raise.
    """
    ready()
    steps = [max(most * step // 1000 // 10, 1) for step in STEPS]
    price = field.pool.points[field.rows].astype(np.int64) * 3 // 4
    edges = _in_parts(field, price)
    worst = np.full(len(extra), most, dtype=np.int64)
    np.minimum.at(worst, edges.newcomers, edges.worths - price[edges.sponsors])
    # A newcomer of whom the small field has too few rather goes without than drive prices up for nothing.
    beside = 3 * steps[0] - worst
    auction = Auction.of(len(extra), field.seats, np.maximum(price + _level(field, edges, beside, price), 0))
    hold(_graph(field, edges, beside), auction, steps[0])
    beside, asked, few = extra + most, beside - auction.gain, NEXT_FEW
    who = np.ones(len(extra), dtype=np.bool_)
    for step in steps[1:]:
        ready()
        more = field.best(auction.ask, asked, 0, few, who=who)
        near = few == FEW_MORE and len(more.worths) < ENOUGH * len(extra)
        # Whoever still goes without and finds somebody may be served: prices that know nothing of it say little.
        near = near and not (auction.seat[more.newcomers] == NOBODY).any()
        edges = edges.and_more(more)
        hold(_graph(field, edges, beside), auction, step)
        if near:
            break
        # A pair is likely to have become worth looking at where somebody keeps less, or had more than were added.
        who = (beside - auction.gain > asked + step) | (np.bincount(more.newcomers, minlength=len(extra)) >= few)
        asked, few = beside - auction.gain, FEW_MORE
    return edges, auction.ask


def _in_parts(field: Field, price: Whole) -> Edges:
    """The best few pairs within parts of the field."""
    count = max(isqrt(len(field.rows)) // SMALL, 1)
    part_of, by = cut(field, count)
    found = []
    for part in range(count):
        newcomers, sponsors = np.flatnonzero(part_of == part), np.flatnonzero(by == part)
        base = np.zeros(len(newcomers), dtype=np.int64)
        edges = field.part(newcomers, sponsors).best(price[sponsors], base, ANYTHING, FIRST_FEW)
        found.append((newcomers[edges.newcomers], sponsors[edges.sponsors], edges.worths))
    newcomers, sponsors, worths = (np.concatenate(each) for each in zip(*found, strict=True))
    return Edges(newcomers.astype(np.int32), sponsors.astype(np.int32), worths)


def _level(field: Field, edges: Edges, beside: Whole, price: Whole) -> int:
    """How much higher or lower all prices should be, for about as many seats to be wanted as there are."""
    best = np.zeros(len(beside), dtype=np.int64)
    np.maximum.at(best, edges.newcomers, edges.worths + beside[edges.newcomers] - price[edges.sponsors])
    best, seats = np.sort(best[best > 0]), int(field.seats.sum())
    if not len(best):
        return 0
    if seats < len(best):
        return int(best[len(best) - seats - 1])
    dear = np.argsort(-price, kind="stable")
    sold = int(np.searchsorted(np.cumsum(field.seats[dear]), len(best)))
    return -int(price[dear[sold]])


def _graph(field: Field, edges: Edges, beside: Whole) -> Graph:
    worth = edges.worths + beside[edges.newcomers]
    return Graph.of(edges.newcomers, edges.sponsors, worth, field.seats, len(beside))
