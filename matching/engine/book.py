"""Candidates among some people, the best choice between them, and how it is mended when something has changed.

Once no pair outside is worth more than its two prices, only people whose price has fallen since can have such a pair.
So after a change they alone are looked at, pairs are added, and the choice is put right again, until there is nothing
to add.
"""

from typing import Any

import numpy as np

from matching.engine.board import NOWHERE
from matching.engine.bounds import Bounds, Desk, Places
from matching.engine.change import for_sponsor, look
from matching.engine.columns import Rows
from matching.engine.flow import hang, leave, mend, raise_some
from matching.engine.graph import FAR, NOBODY, Graph, State, widened
from matching.engine.pool import Points
from matching.engine.scene import Scene
from matching.engine.scoring import POINT
from matching.engine.week import Whole

MOST_ADDED = 10
"""Pairs that one look adds for one person at most."""

AHEAD = 4 * POINT
"""How far below what would be good enough a look goes."""

PLAY = POINT
"""How far a sponsor's price may fall before a look at them: most fall by less in a change."""

AT_ONCE = 4096
"""Pairs that one look finds at most."""

DEAD = -(1 << 52)
"""The worth of a pair one of whom has left: no search goes that way."""

ROOM = 1.5
"""How much larger arrays grow than they need to be."""


class Book:
    """A graph of candidates with its solution.

    Attributes:
        scene, points: The people; what each sponsor of the pool brings to every pair.
        newcomers, sponsors, pairs: How many there are, those included who have left.
        places: Where the people are.
        graph, state: The candidates and the choice.
        bounds: What is known of the pairs left out. Like the four before it may have more room than there are people.
    """

    def __init__(self, scene: Scene, points: Points, at: Rows, rows: Rows, extra: Whole, graph: Graph, state: State):
        """Begin with a choice at whose prices no pair left out is worth more than its two members pay.

        Args:
            scene, points, graph, state: As above.
            at: (newcomers,) row of the scene; rows: (sponsors,) row of the pool.
            extra: (newcomers,) what serving each adds to their scores.
        """
        self.scene, self.points, self.graph, self.state = scene, points, graph, state
        self.newcomers, self.sponsors, self.pairs = len(at), len(rows), len(graph.newcomer)
        kind, place = scene.one.rows["kind"][at], np.empty(0, dtype=np.int32)
        self.places = Places(at.astype(np.int32), kind, rows.astype(np.int32), place, extra.copy())
        self.bounds = Bounds(state.gain - extra, state.price.copy())
        self._desk = Desk.of(MOST_ADDED, AHEAD, PLAY, AT_ONCE).widened(len(scene.one.kinds), len(at), len(rows))
        self.lay(scene, points, np.arange(len(scene.one.rows)))
        self._widen(self.newcomers + 1, self.sponsors + 1, self.pairs + 1)

    @property
    def extra(self) -> Whole:
        """(newcomers,) what serving each adds to their scores."""
        return self.places.extra[: self.newcomers]

    @property
    def served(self) -> Rows:
        """Places of the newcomers who have a sponsor."""
        return np.flatnonzero(self.state.pair != NOBODY)

    def lay(self, scene: Scene, points: Points, now: Rows) -> None:
        """Set the same people before another pool, in whose rows `places.rows` tells the sponsors to be.

        Args:
            scene, points: As above.
            now: (rows of the scene before,) where whoever was in a row is now.
        """
        place, rows, at = np.full(len(points), NOWHERE, dtype=np.int32), self.places.rows, self.places.at
        kept, here = np.flatnonzero(rows != NOWHERE), np.flatnonzero(at != NOWHERE)
        place[rows[kept]] = kept
        at[here] = now[at[here]]
        self.places.kind[here] = scene.one.rows["kind"][at[here]]
        self.scene, self.points, self.places = scene, points, self.places._replace(place=place)
        self._widen(0, 0, 0)

    def enter(self, scene: Scene, row: int, extra: int) -> int:
        """Let the newcomer in a row of this scene, who was not there, ask; gives their place."""
        i = self.newcomers
        self.scene, self.newcomers = scene, i + 1
        self._widen(i + 1, 0, 0)
        self.places.at[i], self.places.kind[i], self.places.extra[i] = row, scene.one.rows["kind"][row], extra
        self.bounds.most[i] = FAR
        first = self.pairs
        self._add_found(look(*self._known()))
        worth, sponsors = self.graph.worth[first : self.pairs], self.graph.sponsor[first : self.pairs]
        self.state.gain[i] = (worth - self.state.price[sponsors]).max(initial=0)
        self.mend([i], [])
        return i

    def drop(self, i: int) -> None:
        """Let a newcomer go."""
        held, graph = int(self.state.pair[i]), self.graph
        if held != NOBODY:
            leave(graph, self.state, i)
        graph.worth[: self.pairs][graph.newcomer[: self.pairs] == i] = DEAD
        self.state.gain[i], self.bounds.most[i] = 0, -FAR
        self.places.at[i], self.places.kind[i] = NOWHERE, NOWHERE
        self.mend([], [] if held == NOBODY else [int(graph.sponsor[held])])

    def offer(self, row: int, seats: int) -> int:
        """Let the sponsor in this row of the pool, who was in no place, have so many free seats; gives their place."""
        j = self.sponsors
        self._widen(0, j + 1, 0)
        self.sponsors = j + 1
        self.places.rows[j], self.places.place[row] = row, j
        self.graph.seats[j], self.bounds.noted[j] = seats, FAR
        first = self.pairs
        self._add_found(for_sponsor(*self._known(), j, 0, False))
        worth, newcomers = self.graph.worth[first : self.pairs], self.graph.newcomer[first : self.pairs]
        self.state.price[j] = (worth - self.state.gain[newcomers]).max(initial=0)
        self.mend([], [j])
        return j

    def vacate(self, j: int) -> list[int]:
        """Let a sponsor have no seats and be in no row; gives whoever had one, to be put right."""
        graph, state, served = self.graph, self.state, self.served
        theirs: list[int] = served[graph.sponsor[state.pair[served]] == j].tolist()
        for i in theirs:
            leave(graph, state, i)
        graph.worth[: self.pairs][graph.sponsor[: self.pairs] == j] = DEAD
        graph.seats[j], state.price[j], self.places.rows[j] = 0, 0, NOWHERE
        return theirs

    def add(self, newcomers: Any, sponsors: Any, scores: Whole) -> None:
        """Add pairs."""
        first, end = self.pairs, self.pairs + len(scores)
        self._widen(0, 0, end)
        graph = self.graph
        graph.newcomer[first:end], graph.sponsor[first:end] = newcomers, sponsors
        graph.worth[first:end] = scores + self.places.extra[newcomers]
        hang(graph, first, end)
        self.pairs = end

    def right(self, newcomers: Any) -> None:
        """Put right what newly added pairs of these newcomers made wrong, and all that follows."""
        self.mend(*self._raised(newcomers))

    def mend(self, newcomers: Any, sponsors: Any) -> None:
        """Put some people right, and all that follows."""
        while True:
            mend(self.graph, self.state, np.asarray(newcomers, dtype=np.int32), np.asarray(sponsors, dtype=np.int32))
            first = self.pairs
            self._add_found(look(*self._known()))
            if self.pairs == first:
                return
            newcomers, sponsors = self._raised(np.unique(self.graph.newcomer[first : self.pairs]))

    def _raised(self, newcomers: Any) -> tuple[Any, Rows]:
        """Let newcomers with more pairs ask for the most they could keep; gives whoever is then to be put right."""
        some, state = np.asarray(newcomers, dtype=np.int32), self.state
        raise_some(self.graph, state, some)
        return some, np.flatnonzero((state.taken < self.graph.seats) & (state.price > 0))

    def _known(self) -> tuple[Scene, Points, Places, Graph, State, Bounds, Desk]:
        return self.scene, self.points, self.places, self.graph, self.state, self.bounds, self._desk

    def _add_found(self, size: int) -> None:
        if size:
            self.add(self._desk.newcomers[:size], self._desk.sponsors[:size], self._desk.scores[:size])

    def _widen(self, newcomers: int, sponsors: int, pairs: int) -> None:
        """Make room for so many, and half as many again where there was not enough."""
        graph = self.graph
        asked = ((len(graph.more), newcomers), (len(graph.seats), sponsors), (len(graph.then), pairs))
        if any(need > there for there, need in asked):
            some, others, room = (there if need <= there else int(ROOM * need) + 64 for there, need in asked)
            self.graph, self.state = widened(graph, self.state, some, others, max(room, self.pairs))
            self.places = self.places.widened(some, others)
            self.bounds = self.bounds.widened(some, others)
        self._desk = self._desk.widened(len(self.scene.one.kinds), len(self.graph.more), len(self.graph.seats))
