"""A solved round that is kept, and mended when somebody joins or leaves, instead of being solved again.

The prices of the solution stay. Whoever comes or goes leaves at most a newcomer or some seats to be put right, each by
one search along a shortest path; what follows for others is the book's business.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import numpy as np

from matching.engine import merging
from matching.engine.board import NOWHERE
from matching.engine.book import AHEAD, PLAY, Book
from matching.engine.edges import Field
from matching.engine.flow import reseat
from matching.engine.gathering import Gathering, News
from matching.engine.graph import FAR, NOBODY, Graph, State
from matching.engine.optimum import Solved, bonuses, service_worth, solve
from matching.engine.outcome import Assignment, Certificate, Left, Round
from matching.engine.people import Person
from matching.engine.pool import CLOSED, Pool
from matching.engine.suggest import why_nobody

FEW_AHEAD = 20
"""Pairs of each newcomer that a look ahead finds at most."""


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
        self._gathering = Gathering(field.newcomers, field.scene)
        self._places = {one.id: at for at, one in enumerate(field.newcomers)}
        self._sponsors = {field.sponsor_id(at): at for at in range(len(field.rows))}
        islands = field.islands()
        self._book = _opened(field, [solve(island, service=self.service) for island in islands], self.service)
        _look_ahead(field, self._book)

    def join(self, newcomer: Person) -> None:
        """Somebody asks.

        Raises:
            UnknownZoneError: Their zone does not exist.
            ValueError: They are there already.
        """
        if newcomer.id in self._places:
            raise ValueError("somebody is there twice on one side")
        extra = int(bonuses([newcomer], self.pool.facts)[0]) + self.service
        row = self._gathering.add([newcomer], self.pool)
        self._places[newcomer.id] = self._book.enter(self._gathering.scene, row, extra)

    def leave(self, member: UUID) -> None:
        """A newcomer no longer asks.

        Raises:
            KeyError: They did not ask.
        """
        self._book.drop(self._places.pop(member))

    def sponsor_joins(self, sponsor: Person) -> None:
        """Somebody offers seats, or is there as somebody changed: then their people are matched anew.

        Raises:
            UnknownZoneError: Their zone does not exist.
        """
        news = News.of(sponsor, self.pool.codes)
        pool = self.pool.changed([sponsor])
        theirs = self._vacated(sponsor.id)
        row = self._face(pool, sponsor.id, news)
        self._book.mend(theirs, [])
        if pool.points[row] != CLOSED:
            self._sponsors[sponsor.id] = self._book.offer(row, sponsor.seats - sponsor.seats_taken)

    def sponsor_leaves(self, member: UUID) -> None:
        """A sponsor is gone; whoever had one of their seats is matched anew.

        Raises:
            KeyError: They were not there.
        """
        if _row(self.pool, member) == NOWHERE:
            raise KeyError(member)
        theirs = self._vacated(member)
        self._face(self.pool.changed([], [member]), member)
        self._book.mend(theirs, [])

    def _vacated(self, member: UUID) -> list[int]:
        return self._book.vacate(self._sponsors.pop(member)) if member in self._sponsors else []

    def _face(self, pool: Pool, member: UUID, news: News | None = None) -> int:
        """Go on with a pool in which one sponsor came, left or changed; gives their row, or NOWHERE.

        The others keep their order, so the rows behind where one left and where one came move by one.
        """
        left, came, rows = _row(self.pool, member), _row(pool, member), self._book.places.rows
        if left != NOWHERE:
            rows[rows > left] -= 1
        if came != NOWHERE:
            rows[rows >= came] += 1
        self.pool = pool
        now = self._gathering.before(pool, news)
        self._book.lay(self._gathering.scene, pool.points, now)
        return came

    def round(self) -> Round:
        """The round as it stands, with its certificate."""
        graph, state = self._book.graph, self._book.state
        ids = {place: member for member, place in self._sponsors.items()}
        assignments, over = [], []
        for member, i in sorted(self._places.items()):
            pair = int(state.pair[i])
            if pair == NOBODY:
                over.append(i)
            else:
                score = int(graph.worth[pair] - self._book.extra[i])
                assignments.append(Assignment(member, ids[int(graph.sponsor[pair])], score))
        return Round(tuple(assignments), tuple(self._left(over)), self._certificate(ids))

    def _left(self, over: Sequence[int]) -> Iterator[Left]:
        at, rows = self._book.places.at[over].astype(np.intp), self._book.places.rows.astype(np.intp)
        people, rows = self._gathering.people(at), np.sort(rows[rows != NOWHERE])
        field = Field(people, self.pool, self._book.scene, at, rows, np.ones(len(rows), dtype=np.int64))
        for one, count in zip(people, field.count(np.arange(len(over))).tolist(), strict=True):
            yield Left(one.id, count, {} if count else why_nobody(one, self.pool))

    def _certificate(self, ids: dict[int, UUID]) -> Certificate:
        gain, price = self._book.state.gain.tolist(), self._book.state.price.tolist()
        newcomers = {member: gain[i] for member, i in self._places.items() if gain[i]}
        sponsors = {ids[j]: price[j] for j in ids if price[j]}
        seats = sum(price[j] * int(self._book.graph.seats[j]) for j in ids)
        return Certificate(self.service, newcomers, sponsors, sum(newcomers.values()) + seats)


def _opened(field: Field, solved: Iterable[Solved], service: int) -> Book:
    """Put the islands' solutions into one book."""
    count, sponsors = len(field.newcomers), len(field.rows)
    extra = bonuses(field.newcomers, field.pool.facts) + service
    state = State.of(count, sponsors)
    who, whom, scores, served, by = ([np.empty(0, dtype=np.int64)] for _ in range(5))
    order = np.argsort(field.rows)
    for part in solved:
        places = order[np.searchsorted(field.rows, part.field.rows, sorter=order)]
        state.gain[part.field.at], state.price[places] = part.gains, part.prices
        who.append(part.field.at[part.pairs.newcomers])
        whom.append(places[part.pairs.sponsors])
        scores.append(part.pairs.worths)
        served.append(part.field.at[part.served])
        by.append(places[part.by])
    newcomer, sponsor = np.concatenate(who), np.concatenate(whom)
    worth = np.concatenate(scores) + extra[newcomer]
    graph = Graph.of(newcomer.astype(np.int32), sponsor.astype(np.int32), worth, field.seats, count)
    seated = np.concatenate(served)
    keys = graph.newcomer.astype(np.int64) * sponsors + graph.sponsor
    reseat(graph, state, seated, np.searchsorted(keys, seated * sponsors + np.concatenate(by)))
    return Book(field.scene, field.pool.points, field.at, field.rows, extra, graph, state)


def _look_ahead(field: Field, book: Book) -> None:
    """Find how far prices may fall before a pair left out could be good enough; the nearest become candidates."""
    extra, graph, sponsors = book.extra, book.graph, len(field.rows)
    asked = book.state.gain[: len(extra)] - extra
    noted = np.maximum(book.state.price[:sponsors] - PLAY, 0)
    found = field.best(noted, -asked, -AHEAD, FEW_AHEAD)
    values = found.worths - noted[found.sponsors] - asked[found.newcomers]
    keys = graph.newcomer.astype(np.int64) * sponsors + graph.sponsor
    left_out = np.isin(found.newcomers.astype(np.int64) * sponsors + found.sponsors, keys, invert=True)
    near, most = left_out & (values > 0), np.full(len(extra), -AHEAD)
    left_out &= ~near
    np.maximum.at(most, found.newcomers[left_out], values[left_out])
    least = np.full(len(extra), FAR)
    np.minimum.at(least, found.newcomers, values)
    full = np.bincount(found.newcomers, minlength=len(extra)) == FEW_AHEAD
    most[full] = np.maximum(most, least)[full]
    book.bounds.most[: len(asked)], book.bounds.noted[:sponsors] = most + asked, noted
    book.add(found.newcomers[near], found.sponsors[near], found.worths[near])


def _row(pool: Pool, member: UUID) -> int:
    found = np.flatnonzero(merging.find(pool.people.rows, [member]))
    return int(found[0]) if len(found) else NOWHERE
