"""Where seats are short: those who wait in vain, and those who could move to make room for them.

In a round that serves the most people, somebody is `open` when a seat for them would serve one more person: they are
left over, or sit with a sponsor who may also take somebody who is open. All sponsors beside open people are full, and
whatever happens elsewhere serves nobody more (the decomposition of Dulmage and Mendelsohn, 1958). Newcomers are bits of
whole numbers here, the longest wait first, so that a sponsor's possible newcomers are one number.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np

from matching.engine.columns import microseconds
from matching.engine.edges import Edges, Field
from matching.engine.outcome import Round
from matching.engine.people import Person
from matching.engine.pool import Pool

LEFT = -1
"""Instead of a sponsor, for a newcomer who is left over."""

Newcomers = int
"""A set of newcomers as bits."""


def bits(some: Newcomers) -> Iterator[int]:
    """The places of a set, in rising order."""
    while some:
        low = some & -some
        yield low.bit_length() - 1
        some ^= low


class Scarce:
    """The part of a round where seats are short; sponsors may be added to it.

    Attributes:
        newcomers: The open ones at the beginning; bit i of all sets is newcomer i.
        left: Those left over. open: Those for whom a seat would serve one more.
    """

    def __init__(self, newcomers: Sequence[Person], pool: Pool, found: Round) -> None:
        """Begin with a round that serves the most people.

        Raises:
            UnknownZoneError: A newcomer's zone does not exist.
        """
        field = Field.of(newcomers, pool)
        self._beside: list[Newcomers] = []
        self._taken_by = self._gather(field, found)
        self.left = sum(1 << at for at, by in enumerate(self._taken_by) if by == LEFT)
        self.open = (1 << len(self.newcomers)) - 1

    def _gather(self, field: Field, found: Round) -> list[int]:
        """Walk from those left over to all who are open; gives who takes each of them."""
        places = {one.id: at for at, one in enumerate(field.newcomers)}
        takes: dict[UUID, list[int]] = {}
        for one in found.assignments:
            takes.setdefault(one.sponsor, []).append(places[one.newcomer])
        walk, reached = [places[one.newcomer] for one in found.left], dict[int, int]()
        sponsor_of, pairs = dict.fromkeys(walk, LEFT), list[Edges]()
        for at in walk:
            pairs.append(field.edges(at))
            for sponsor in pairs[-1].sponsors.tolist():
                if sponsor not in reached:
                    reached[sponsor] = len(reached)
                    fresh = takes.get(field.sponsor_id(sponsor), [])
                    sponsor_of |= dict.fromkeys(fresh, reached[sponsor])
                    walk += fresh
        order = sorted(range(len(walk)), key=lambda row: _wait(field.newcomers[walk[row]]))
        self.newcomers = tuple(field.newcomers[walk[row]] for row in order)
        self._beside = _as_bits([pairs[row].sponsors for row in order], len(field.rows), list(reached))
        return [sponsor_of[walk[row]] for row in order]

    def add(self, possible: Newcomers, seats: int) -> list[int]:
        """Add a sponsor who may take any of these newcomers; gives who is served now and was not, seat by seat."""
        here, served = len(self._beside), list[int]()
        self._beside.append(possible)
        for _ in range(seats):
            path = self._path(possible & self.open)
            if not path:
                break
            self._move(here, path)
            served.append(path[-1])
        if served:
            self._narrow()
        return served

    def gain(self, possible: Newcomers, seats: int) -> int:
        """How many more people such a sponsor would serve; nothing is changed."""
        here, before, left, served = len(self._beside), dict[int, int](), self.left, 0
        self._beside.append(possible)
        while served < seats and (path := self._path(possible & self.open)):
            before = {at: self._taken_by[at] for at in path} | before
            self._move(here, path)
            served += 1
        self._beside.pop()
        for at, by in before.items():
            self._taken_by[at] = by
        self.left = left
        return served

    def _move(self, sponsor: int, path: list[int]) -> None:
        """Let the first of a path go to a sponsor, and each other take the seat of the one before."""
        for at in path:
            self._taken_by[at], sponsor = sponsor, self._taken_by[at]
        self.left &= ~(1 << path[-1])

    def _path(self, start: Newcomers) -> list[int]:
        """The shortest way from a free seat that one of `start` may take to somebody left over, by who moves up."""
        seen, entered, queue = start, dict[int, int](), [(LEFT, start)]
        for _, fresh in queue:
            if fresh & self.left:
                return self._way(next(bits(fresh & self.left)), queue, entered)
            for at in bits(fresh):
                by = self._taken_by[at]
                if by not in entered:
                    entered[by] = at
                    more = self._beside[by] & self.open & ~seen
                    if more:
                        seen |= more
                        queue.append((by, more))
        return []

    def _way(self, end: int, queue: list[tuple[int, Newcomers]], entered: dict[int, int]) -> list[int]:
        way = [end]
        for by, fresh in reversed(queue):
            if fresh >> way[-1] & 1 and by != LEFT:
                way.append(entered[by])
        return way[::-1]

    def _narrow(self) -> None:
        """Find again who is open, now that fewer are left over."""
        sitting = [0] * len(self._beside)
        for at, by in enumerate(self._taken_by):
            if by != LEFT:
                sitting[by] |= 1 << at
        found, more, waiting = self.left, self.left, set(range(len(self._beside)))
        while more:
            beside = {by for by in waiting if self._beside[by] & more}
            waiting -= beside
            more = sum(sitting[by] for by in beside) & ~found
            found |= more
        self.open = found


def _wait(one: Person) -> tuple[bool, int, UUID]:
    """The longest wait first."""
    since = one.waiting_since
    return since is None, 0 if since is None else microseconds(since), one.id


def possible(newcomers: Sequence[Person], pool: Pool) -> dict[UUID, Newcomers]:
    """For each sponsor of a pool whom of these newcomers they may take; who may take nobody is absent."""
    field = Field.of(newcomers, pool)
    at = {one.id: place for place, one in enumerate(field.newcomers)}
    by_row = [field.edges(at[one.id]).sponsors for one in newcomers]
    found = _as_bits(by_row, len(field.rows), list(range(len(field.rows))))
    return {field.sponsor_id(place): some for place, some in enumerate(found) if some}


def _as_bits(sponsors_of: Sequence[np.ndarray], sponsors: int, chosen: list[int]) -> list[Newcomers]:
    """For each chosen sponsor the newcomers, by rising place, in whose list they are."""
    if not chosen:
        return []
    table = np.zeros((len(chosen), len(sponsors_of)), dtype=np.bool_)
    row = np.zeros(sponsors, dtype=np.intp)
    row[chosen] = np.arange(len(chosen))
    for newcomer, some in enumerate(sponsors_of):
        table[row[some], newcomer] = True
    packed = np.packbits(table, axis=1, bitorder="little")
    return [int.from_bytes(line.tobytes(), "little") for line in packed]
