"""Candidates among some people, the best choice between them, and how it is mended when something has changed.

Once no pair outside is worth more than its two prices, only people whose price has fallen since can have such a pair.
So after a change they alone are looked at, pairs are added, and the choice is put right again, until there is nothing
to add.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from matching.engine import change
from matching.engine.board import NOWHERE, Ints
from matching.engine.columns import Rows
from matching.engine.flow import hang, mend, raise_some
from matching.engine.graph import NOBODY, Graph, State, widened
from matching.engine.pool import Points
from matching.engine.scene import Scene
from matching.engine.week import Whole

MOST_ADDED = 10
"""Pairs that one look adds for one person at most."""

ROOM = 1.5
"""How much larger arrays grow than they need to be."""


class Book:
    """A graph of candidates with its solution.

    Attributes:
        scene, points: The people; what each sponsor of the pool brings to every pair.
        at: (newcomers,) row of the scene, or NOWHERE; rows: (sponsors,) row of the pool, or NOWHERE.
        extra: (newcomers,) what serving each adds to their scores.
        graph, state: The candidates and the choice; both may have more room than there are people and pairs.
        pairs: How many pairs there are.
    """

    def __init__(self, scene: Scene, points: Points, at: Rows, rows: Rows, extra: Whole, graph: Graph, state: State):
        self.scene, self.points = scene, points
        self.at, self.rows, self.extra = at, rows, extra
        self.graph, self.state = graph, state
        self.pairs = len(graph.newcomer)
        self.moved()

    def moved(self) -> None:
        """Note that people came, went or lie elsewhere."""
        self._spot = _inverse(self.at, len(self.scene.one.rows))
        self._place = _inverse(self.rows, len(self.scene.many.rows))

    def add(self, newcomers: Any, sponsors: Any, scores: Whole) -> None:
        """Add pairs."""
        if not len(scores):
            return
        first, end = self.pairs, self.pairs + len(scores)
        self.widen(0, 0, end)
        graph = self.graph
        graph.newcomer[first:end], graph.sponsor[first:end] = newcomers, sponsors
        graph.worth[first:end] = scores + self.extra[newcomers]
        hang(graph, first, end)
        self.pairs = end

    def widen(self, newcomers: int, sponsors: int, pairs: int) -> None:
        """Make room for so many, and half as many again where there was not enough."""
        graph = self.graph
        asked = ((len(graph.more), newcomers), (len(graph.seats), sponsors), (len(graph.then), pairs))
        if any(need > there for there, need in asked):
            some, others, room = (there if need <= there else int(ROOM * need) + 64 for there, need in asked)
            self.graph, self.state = widened(graph, self.state, some, others, max(room, self.pairs))

    def right(self, newcomers: Any) -> None:
        """Put right what newly added pairs of these newcomers made wrong, and all that follows."""
        raise_some(self.graph, self.state, np.asarray(newcomers, dtype=np.int32))
        state, count = self.state, len(self.rows)
        free = (state.taken[:count] < self.graph.seats[:count]) & (state.price[:count] > 0)
        self.mend(newcomers, np.flatnonzero(free))

    def mend(self, newcomers: Iterable[int], sponsors: Iterable[int]) -> None:
        """Put some people right, and all that follows."""
        some, others = np.array(list(newcomers), dtype=np.int32), np.array(list(sponsors), dtype=np.int32)
        gain, price = self.state.gain.copy(), self.state.price.copy()
        mend(self.graph, self.state, some, others)
        first = self.pairs
        for i in _fallen(gain, self.state.gain):
            sponsors, scores = self.for_newcomer(i)
            self.add(np.full(len(scores), i), sponsors, scores)
        for j in _fallen(price, self.state.price):
            newcomers, scores = self.for_sponsor(j)
            self.add(newcomers, np.full(len(scores), j), scores)
        if self.pairs > first:
            self.right(np.unique(self.graph.newcomer[first : self.pairs]))

    def for_newcomer(self, i: int) -> tuple[Ints, Whole]:
        """Find the few sponsors, and scores, who are worth most beyond what a newcomer pays."""
        asked, price = int(self.state.gain[i] - self.extra[i]), self.state.price
        found, scores = np.empty(len(self._place), dtype=np.int32), np.empty(len(self._place), dtype=np.int64)
        row = int(self.at[i])
        size = change.for_newcomer(self.scene, self.points, self._place, price, row, asked, found, scores)
        return _top(found[:size], scores[:size], lambda: scores[:size] - price[found[:size]])

    def for_sponsor(self, j: int) -> tuple[Ints, Whole]:
        """Find the few newcomers, and scores, who are worth most beyond what a sponsor's seat costs."""
        asked = self.state.gain[: len(self.at)] - self.extra
        fitting = np.empty(len(self.scene.one.kinds), dtype=np.bool_)
        found, scores = np.empty(len(self._spot), dtype=np.int32), np.empty(len(self._spot), dtype=np.int64)
        row, price, spot = int(self.rows[j]), int(self.state.price[j]), self._spot
        size = change.for_sponsor(self.scene, self.points, row, price, spot, asked, fitting, found, scores)
        return _top(found[:size], scores[:size], lambda: scores[:size] - asked[found[:size]])

    @property
    def served(self) -> Rows:
        """Places of the newcomers who have a sponsor."""
        return np.flatnonzero(self.state.pair != NOBODY)


def _inverse(rows: Rows, size: int) -> Ints:
    found = np.full(size, NOWHERE, dtype=np.int32)
    kept = np.flatnonzero(rows != NOWHERE)
    found[rows[kept]] = kept
    return found


def _fallen(before: Whole, after: Whole) -> list[int]:
    return np.flatnonzero(after[: len(before)] < before).tolist()


def _top(found: Ints, scores: Whole, value: Callable[[], Whole]) -> tuple[Ints, Whole]:
    """Keep the few of the highest value."""
    if len(found) <= MOST_ADDED:
        return found, scores
    kept = np.argpartition(-value(), MOST_ADDED)[:MOST_ADDED]
    return found[kept], scores[kept]
