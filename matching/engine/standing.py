"""A solved round that is kept, and mended when somebody joins or leaves, instead of being solved again.

The prices of the solution stay. Whoever comes or goes leaves at most a newcomer or some seats to be put right, each by
one search; then only people whose price has fallen can have a pair that is worth more than its two prices, so only they
are looked at. When there is no such pair the round is optimal again, as if it had been solved anew.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from matching.engine import change, merging
from matching.engine.board import NOWHERE, Ints
from matching.engine.edges import Field
from matching.engine.flow import NOBODY, Graph, State, hang, leave, mend, raise_some, reseat, widened
from matching.engine.optimum import MOST_ADDED, Solved, bonuses, service_worth, solve
from matching.engine.outcome import Assignment, Certificate, Left, Round
from matching.engine.people import Person
from matching.engine.pool import CLOSED, Pool
from matching.engine.scene import joined
from matching.engine.suggest import why_nobody
from matching.engine.week import Whole

DEAD = -(1 << 52)
"""The worth of a pair one of whom has left: no search goes that way."""

ROOM = 1.5


class Standing:
    """A round that stands. `join`, `leave`, `sponsor_joins` and `sponsor_leaves` keep it optimal; `round` shows it."""

    def __init__(self, newcomers: Sequence[Person], pool: Pool) -> None:
        """Solve a round, to be kept.

        Raises:
            UnknownZoneError: A newcomer's zone does not exist.
            ValueError: Somebody is there twice on one side.
            OverflowError: So many people or so high weights that sums would not be exact.
        """
        field = Field.of(newcomers, pool)
        self.pool = pool
        self.service = service_worth(2 * len(field.newcomers) + 100, pool.facts)
        self._people = list(field.newcomers)
        self._places = {one.id: at for at, one in enumerate(self._people)}
        self._scene = field.scene
        self._sponsors = {field.sponsor_id(at): at for at in range(len(field.rows))}
        self._rows = field.rows.astype(np.int32)
        self._take(field, [solve(island, service=self.service) for island in field.islands()])

    def _take(self, field: Field, solved: Iterable[Solved]) -> None:
        """Put the islands' solutions into one graph."""
        count = len(self._people)
        self._extra = bonuses(self._people, self.pool.facts) + self.service
        self._here = np.ones(count, dtype=np.bool_)
        gain, price = np.zeros(count, dtype=np.int64), np.zeros(len(field.rows), dtype=np.int64)
        newcomer, sponsor, scores, served, by = ([np.empty(0, dtype=np.int64)] for _ in range(5))
        order = np.argsort(field.rows)
        for part in solved:
            places = order[np.searchsorted(field.rows, part.field.rows, sorter=order)]
            gain[part.field.at], price[places] = part.gains, part.prices
            newcomer.append(part.field.at[part.pairs.newcomers])
            sponsor.append(places[part.pairs.sponsors])
            scores.append(part.pairs.worths)
            served.append(part.field.at[part.served])
            by.append(places[part.by])
        who = np.concatenate(newcomer)
        graph = Graph.of(
            who.astype(np.int32),
            np.concatenate(sponsor).astype(np.int32),
            np.concatenate(scores) + self._extra[who],
            field.seats,
            count,
        )
        self._pairs = len(graph.newcomer)
        self._graph, self._state = graph, State.of(count, len(field.rows))
        self._state.gain[:], self._state.price[:] = gain, price
        keys = graph.newcomer.astype(np.int64) * len(field.rows) + graph.sponsor
        seated = np.concatenate(served)
        wanted = np.searchsorted(keys, seated * len(field.rows) + np.concatenate(by))
        reseat(graph, self._state, seated, wanted)
        self._widen(1, 1, 1)

    def join(self, newcomer: Person) -> None:
        """Somebody asks.

        Raises:
            UnknownZoneError: Their zone does not exist.
            ValueError: They are there already.
        """
        if newcomer.id in self._places:
            raise ValueError("somebody is there twice on one side")
        i = len(self._people)
        self._widen(i + 1, 0, 0)
        self._people.append(newcomer)
        self._places[newcomer.id] = i
        self._scene = joined(self._scene, self.pool.scene([newcomer]))
        self._extra = np.append(self._extra, bonuses([newcomer], self.pool.facts) + self.service)
        self._here = np.append(self._here, True)
        sponsors, scores = self._for_newcomer(i)
        if len(sponsors):
            self._add(np.full(len(sponsors), i), sponsors, scores)
            values = scores + self._extra[i] - self._state.price[sponsors]
            self._state.gain[i] = values.max()
            self._mend([i], [])

    def leave(self, member: UUID) -> None:
        """A newcomer no longer asks.

        Raises:
            KeyError: They did not ask.
        """
        i = self._places.pop(member)
        self._here[i] = False
        held = int(self._state.pair[i])
        if held != NOBODY:
            leave(self._graph, self._state, i)
        self._bury(self._graph.newcomer[: self._pairs] == i)
        self._state.gain[i] = 0
        if held != NOBODY:
            self._mend([], [int(self._graph.sponsor[held])])

    def sponsor_joins(self, sponsor: Person) -> None:
        """Somebody offers seats, or is there as somebody changed: then their people are matched anew.

        Raises:
            UnknownZoneError: Their zone does not exist.
        """
        theirs = self._vacate(self._sponsors.pop(sponsor.id)) if sponsor.id in self._sponsors else []
        extent = self.pool.codes.extent
        self._change([sponsor], [])
        if self.pool.codes.extent != extent:
            # What nobody here knew before, such as a language, may be a newcomer's too.
            self._scene = self.pool.scene(self._people)
        row = int(np.flatnonzero(merging.find(self.pool.people.rows, [sponsor.id]))[0])
        self._mend(theirs, [])
        if self.pool.points[row] == CLOSED:
            return
        j = len(self._rows)
        self._widen(0, j + 1, 0)
        self._sponsors[sponsor.id] = j
        self._rows = np.append(self._rows, np.int32(row))
        self._graph.seats[j] = sponsor.seats - sponsor.seats_taken
        newcomers, scores = self._for_sponsor(j)
        if len(newcomers):
            self._add(newcomers, np.full(len(newcomers), j), scores)
            self._state.price[j] = (scores + self._extra[newcomers] - self._state.gain[newcomers]).max()
            self._mend([], [j])

    def sponsor_leaves(self, member: UUID) -> None:
        """A sponsor is gone; whoever had one of their seats is matched anew.

        Raises:
            KeyError: They were not there.
        """
        if not merging.find(self.pool.people.rows, [member]).any():
            raise KeyError(member)
        theirs = self._vacate(self._sponsors.pop(member)) if member in self._sponsors else []
        self._change([], [member])
        self._mend(theirs, [])

    def _vacate(self, j: int) -> list[int]:
        """Take all seats of a sponsor back and let them have none; gives whoever had one."""
        held = self._state.pair[: len(self._people)]
        theirs = np.flatnonzero((held != NOBODY) & (self._graph.sponsor[held] == j)).tolist()
        for i in theirs:
            leave(self._graph, self._state, i)
        self._bury(self._graph.sponsor[: self._pairs] == j)
        self._graph.seats[j], self._state.price[j], self._rows[j] = 0, 0, NOWHERE
        return theirs

    def round(self) -> Round:
        """The round as it stands, with its certificate."""
        graph, state = self._graph, self._state
        ids = {place: member for member, place in self._sponsors.items()}
        assignments, over = [], []
        for member, i in sorted(self._places.items()):
            pair = int(state.pair[i])
            if pair == NOBODY:
                over.append(i)
            else:
                score = int(graph.worth[pair] - self._extra[i])
                assignments.append(Assignment(member, ids[int(graph.sponsor[pair])], score))
        return Round(tuple(assignments), tuple(self._left(over)), self._certificate(ids))

    def _left(self, over: Sequence[int]) -> Iterator[Left]:
        people = tuple(self._people[i] for i in over)
        rows = np.sort(self._rows[self._rows != NOWHERE]).astype(np.intp)
        field = Field(people, self.pool, self._scene, np.array(over, dtype=np.intp), rows, np.ones(len(rows), np.int64))
        for one, count in zip(people, field.count(np.arange(len(over))).tolist(), strict=True):
            yield Left(one.id, count, {} if count else why_nobody(one, self.pool))

    def _certificate(self, ids: dict[int, UUID]) -> Certificate:
        gain, price = self._state.gain.tolist(), self._state.price.tolist()
        newcomers = {member: gain[i] for member, i in self._places.items() if gain[i]}
        sponsors = {ids[j]: price[j] for j in ids if price[j]}
        seats = sum(price[j] * int(self._graph.seats[j]) for j in ids)
        return Certificate(self.service, newcomers, sponsors, sum(newcomers.values()) + seats)

    def _change(self, persons: Sequence[Person], gone: Sequence[UUID]) -> None:
        """Change the pool, whose rows then lie elsewhere."""
        kept = self._rows != NOWHERE
        old = self.pool.people.rows[self._rows[kept]]
        self.pool = self.pool.changed(persons, gone)
        rows = self.pool.people.rows
        order = np.argsort(rows["id_low"], kind="stable")
        self._rows[kept] = order[np.searchsorted(rows["id_low"], old["id_low"], sorter=order)]
        self._scene = self._scene._replace(many=self.pool.people, terms=self.pool.terms)

    def _mend(self, newcomers: Iterable[int], sponsors: Iterable[int]) -> None:
        """Put some people right, then look at all whose price has fallen, until there is nothing to add."""
        graph, state = self._graph, self._state
        some, others = np.array(list(newcomers), dtype=np.int32), np.array(list(sponsors), dtype=np.int32)
        while True:
            gain, price = state.gain.copy(), state.price.copy()
            mend(graph, state, some, others)
            added = self._underpriced(gain, price)
            if not len(added):
                return
            graph, state = self._graph, self._state
            some = np.unique(graph.newcomer[added])
            raise_some(graph, state, some)
            others = np.flatnonzero((state.taken < graph.seats) & (state.price > 0)).astype(np.int32)

    def _underpriced(self, gain: Whole, price: Whole) -> Whole:
        """Add the pairs that are worth more than their prices since those fell; gives their indices."""
        first = self._pairs
        for i in _fallen(gain, self._state.gain):
            sponsors, scores = self._for_newcomer(i)
            self._add(np.full(len(sponsors), i), sponsors, scores)
        for j in _fallen(price, self._state.price):
            newcomers, scores = self._for_sponsor(j)
            self._add(newcomers, np.full(len(newcomers), j), scores)
        return np.arange(first, self._pairs)

    def _for_newcomer(self, i: int) -> tuple[Any, Whole]:
        asked = int(self._state.gain[i] - self._extra[i])
        place = np.full(len(self.pool), NOWHERE, dtype=np.int32)
        at = np.flatnonzero(self._rows != NOWHERE)
        place[self._rows[at]] = at
        found, scores = np.empty(len(place), dtype=np.int32), np.empty(len(place), dtype=np.int64)
        price = self._state.price
        size = change.for_newcomer(self._scene, self.pool.points, place, price, i, asked, found, scores)
        return _top(found[:size], scores[:size], lambda some: scores[some] - price[found[some]])

    def _for_sponsor(self, j: int) -> tuple[Any, Whole]:
        count = len(self._people)
        asked = self._state.gain[:count] - self._extra
        fitting = np.empty(len(self._scene.one.kinds), dtype=np.bool_)
        found, scores = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int64)
        row, price = int(self._rows[j]), int(self._state.price[j])
        points = self.pool.points
        size = change.for_sponsor(self._scene, points, row, price, self._here, asked, fitting, found, scores)
        return _top(found[:size], scores[:size], lambda some: scores[some] - asked[found[some]])

    def _add(self, newcomers: Any, sponsors: Any, scores: Whole) -> None:
        if not len(scores):
            return
        self._widen(0, 0, self._pairs + len(scores))
        graph, first, end = self._graph, self._pairs, self._pairs + len(scores)
        graph.newcomer[first:end], graph.sponsor[first:end] = newcomers, sponsors
        graph.worth[first:end] = scores + self._extra[newcomers]
        hang(graph, first, end)
        self._pairs = end

    def _bury(self, pairs: Any) -> None:
        self._graph.worth[: self._pairs][pairs] = DEAD

    def _widen(self, newcomers: int, sponsors: int, pairs: int) -> None:
        """Make room for so many, and half as many again where there was not enough."""
        graph = self._graph
        asked = ((len(graph.more), newcomers), (len(graph.seats), sponsors), (len(graph.then), pairs))
        if all(need <= there for there, need in asked):
            return
        room = [there if need <= there else int(ROOM * need) + 64 for there, need in asked]
        room[2] = max(room[2], self._pairs)
        self._graph, self._state = widened(graph, self._state, *room)


def _fallen(before: Whole, after: Whole) -> list[int]:
    return np.flatnonzero(after[: len(before)] < before).tolist()


def _top(found: Ints, scores: Whole, value: Callable[[Any], Whole]) -> tuple[Ints, Whole]:
    """Keep the few of the highest value."""
    if len(found) <= MOST_ADDED:
        return found, scores
    kept = np.argpartition(-value(np.arange(len(found))), MOST_ADDED)[:MOST_ADDED]
    return found[kept], scores[kept]
