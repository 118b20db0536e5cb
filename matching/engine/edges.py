"""Everybody who asks before everybody who may take somebody, and the best pairs among them, found without all pairs."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import numpy as np

from matching.engine.board import Board, Ints, before, board_of, only, priced
from matching.engine.columns import Flags, Rows, id_of
from matching.engine.compiled import Int, compiled, inlined
from matching.engine.few import Few
from matching.engine.people import Person
from matching.engine.pool import CLOSED, Pool, require_once
from matching.engine.scene import Scene, in_order
from matching.engine.search import Desk, all_eligible, count_eligible, search
from matching.engine.week import Whole

STRIDE = 256
"""Newcomers that a thread takes at a time."""


class Edges(NamedTuple):
    """Eligible pairs, alike in length: places in a field of newcomers and of sponsors, and values or scores."""

    newcomers: Ints
    sponsors: Ints
    worths: Whole

    def and_more(self, more: "Edges") -> "Edges":
        """These, then more."""
        return Edges(
            np.concatenate([self.newcomers, more.newcomers]),
            np.concatenate([self.sponsors, more.sponsors]),
            np.concatenate([self.worths, more.worths]),
        )


@dataclass(frozen=True, eq=False)
class Field:
    """Newcomers and the sponsors who may take somebody, each in the order of their ids. Build it with `Field.of`.

    Attributes:
        newcomers: The newcomers; place i is newcomer i, and row at[i] of the scene.
        rows: For each sponsor's place the row in the pool; seats: for each the free seats, at least 1.
        known: The board, where it is known already.
    """

    newcomers: tuple[Person, ...]
    pool: Pool
    scene: Scene
    at: Rows
    rows: Rows
    seats: Whole
    known: Board | None = None

    @classmethod
    def of(cls, newcomers: Sequence[Person], pool: Pool) -> "Field":
        """Set newcomers before a pool.

        Raises:
            UnknownZoneError: A newcomer's zone does not exist.
            ValueError: Somebody is there twice on one side.
        """
        require_once(one.id for one in newcomers)
        # People lie in memory as they were made, so they are read in the order given and put in order as arrays.
        scene = pool.scene(newcomers)
        order = np.lexsort((scene.one.rows["id_low"], scene.one.rows["id_high"]))
        ordered = tuple(newcomers[at] for at in order.tolist())
        people = pool.people.rows
        rows = np.lexsort((people["id_low"], people["id_high"]))
        low, high = people["id_low"][rows], people["id_high"][rows]
        if ((low[1:] == low[:-1]) & (high[1:] == high[:-1])).any():
            raise ValueError("somebody is there twice on one side")
        rows = rows[pool.points[rows] != CLOSED]
        seats = people["seats"][rows].astype(np.int64) - people["seats_taken"][rows]
        return cls(ordered, pool, in_order(scene, order), np.arange(len(ordered)), rows, seats)

    @cached_property
    def board(self) -> Board:
        """The sponsors set up, at no prices."""
        return self.known or board_of(self.scene, self.pool, self.at, self.rows)

    @cached_property
    def _before(self) -> Scene:
        return before(self.scene, self.board)

    def sponsor_id(self, place: int) -> UUID:
        """Name the sponsor in this place."""
        return id_of(self.pool.people.rows[self.rows[place]])

    def islands(self) -> "list[Field]":
        """Part the field where no rule of kinds lets anybody across, so that each part can be solved apart.

        Newcomers for whom these rules leave nobody are on no island.
        """
        first, fits = self.board.fits_first, self.board.fits
        own = self.scene.one.rows["kind"][self.at]
        label = np.arange(len(self.pool.people.kinds))
        _join(first, fits, label)
        some = first[own] < first[own + 1]
        found = np.full(len(own), -1)
        found[some] = label[fits[first[own[some]]]]
        of_sponsors = label[self.pool.people.rows["kind"][self.rows]]
        return [
            self.part(np.flatnonzero(found == one), np.flatnonzero(of_sponsors == one))
            for one in np.unique(found[some]).tolist()
        ]

    def part(self, newcomers: Rows, sponsors: Rows) -> "Field":
        """No more than some newcomers and some sponsors, by rising places."""
        some = tuple(self.newcomers[at] for at in newcomers.tolist())
        inside = np.zeros(len(self.rows), dtype=np.bool_)
        inside[sponsors] = True
        board = only(self.board, inside)
        board = board._replace(place=(np.cumsum(inside, dtype=np.int32) - 1)[board.place])
        rows, seats = self.rows[sponsors], self.seats[sponsors]
        return Field(some, self.pool, self.scene, self.at[newcomers], rows, seats, board)

    def best(
        self, prices: Whole, base: Whole, floor: int, few: int, *, who: Flags | None = None, whom: Flags | None = None
    ) -> Edges:
        """Find for each newcomer the few pairs of the highest value: score less price, and the base.

        Args:
            prices: (sponsors,) of one seat.
            base: (newcomers,) what each adds to all their values.
            floor: A value must be above it.
            few: How many at most for each newcomer. Ties are scattered, or all would choose the same.
            who, whom: (newcomers,), (sponsors,) whether to look at each; by default at all.
        """
        board = priced(self.board, self.pool, prices)
        if whom is not None:
            board = only(board, whom)
        scene = before(self.scene, board)
        found = Few.of(len(self.at), few, floor)

        def look(some: Rows) -> None:
            desk = Desk.of(len(self.pool.people.kinds), len(self.rows))
            search(scene, board, self.at, some, base, found, desk)

        in_threads(look, self._by_kind if who is None else self._by_kind[who[self._by_kind]])
        kept = np.arange(few) < found.size[:, None]
        newcomers, sponsors = np.nonzero(kept)[0].astype(np.int32), found.sponsors[kept]
        return Edges(newcomers, sponsors, found.values[kept] - base[newcomers] + prices[sponsors])

    @cached_property
    def _by_kind(self) -> Rows:
        return np.argsort(self.scene.one.rows["kind"][self.at], kind="stable")

    def count(self, newcomers: Rows) -> Whole:
        """Count the eligible sponsors of the newcomers in these places."""
        counts = np.zeros(len(newcomers), dtype=np.int64)
        at = self.at[newcomers]
        in_threads(lambda some: count_eligible(self._before, self.board, at, some, counts), np.arange(len(at)))
        return counts

    def edges(self, newcomer: int) -> Edges:
        """Find and score all eligible sponsors, by rising place, of the newcomer in this place."""
        sponsors = np.empty(len(self.rows), dtype=np.int32)
        scores = np.empty(len(self.rows), dtype=np.int64)
        row = int(self.at[newcomer])
        size = all_eligible(self._before, self.board, row, sponsors, scores)
        order = np.argsort(sponsors[:size])
        return Edges(np.full(size, newcomer, dtype=np.int32), sponsors[:size][order], scores[:size][order])


def in_threads(look: Callable[[Rows], None], rows: Rows) -> None:
    """Look at rows, some at a time, on all processors; compiled code lets them work side by side."""
    pieces = [rows[at : at + STRIDE] for at in range(0, len(rows), STRIDE)]
    if len(pieces) < 2:
        for piece in pieces:
            look(piece)
        return
    with ThreadPoolExecutor(processors()) as threads:
        list(threads.map(look, pieces))


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@compiled
def _join(first: Rows, fits: Ints, label: Rows) -> None:
    """Let all kinds that some newcomer's kind fits have one label, the least (union-find with halving)."""
    for a in range(len(first) - 1):
        for at in range(first[a] + 1, first[a + 1]):
            one, other = _root(label, fits[first[a]]), _root(label, fits[at])
            label[max(one, other)] = min(one, other)
    for kind in range(len(label)):
        label[kind] = _root(label, kind)


@inlined
def _root(label: Rows, kind: int) -> Int:
    at = np.int64(kind)
    while label[at] != at:
        label[at] = label[label[at]]
        at = label[at]
    return at
