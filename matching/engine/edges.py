"""Who may meet whom, with what score: every eligible pair of a round, newcomer by newcomer.

The rules and components are those of a single question. Rules are asked in three stages, so that what many newcomers
have in common is asked once: of the sponsors alone, of all newcomers alike in what the rules see, and of each one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching.engine.columns import People, Rows
from matching.engine.people import Person
from matching.engine.pool import Ask, Pool
from matching.engine.rules import KEPT, Rule, first_broken
from matching.engine.scoring import parts
from matching.engine.week import Whole

OF_SPONSORS = (
    Rule.OFFERS,
    Rule.APPROVED,
    Rule.CONFIRMED,
    Rule.PAUSED,
    Rule.SEATS,
    Rule.MINIMUM_TIME,
    Rule.HAS_SPONSOR,
    Rule.STEPS,
)
"""Rules that look at no newcomer."""

OF_KINDS = (Rule.FELLOWSHIP, Rule.ACTIVE, Rule.GENDER, Rule.LANGUAGE, Rule.NEEDS, Rule.WAY_TO_MEET)
"""Rules that look at no more of a newcomer than `_kind` does."""

OF_PAIRS = (Rule.BARRED, Rule.HOURS, Rule.DISTANCE, Rule.CHAIN)

BLOCK_EDGES = 1 << 20
KEPT_EDGES = 1 << 24
"""Edges of a field that are kept between passes (16 bytes each); with more, each pass scores them again."""

_Kind = tuple[object, ...]
_Places = npt.NDArray[np.intp] | npt.NDArray[np.int32]


class Edges(NamedTuple):
    """Eligible pairs, alike in length: places in a field of newcomers (rising) and of sponsors, and the scores."""

    newcomers: _Places
    sponsors: _Places
    scores: Whole


@dataclass(frozen=True)
class Field:
    """Newcomers and the sponsors who may take somebody, each in the order of their ids. Build it with `Field.of`.

    Attributes:
        newcomers: The newcomers; place i is newcomer i.
        rows: For each sponsor's place the row in the pool.
        seats: For each sponsor's place the free seats, at least 1.
    """

    newcomers: tuple[Person, ...]
    pool: Pool
    rows: Rows
    seats: Whole
    _columns: People
    _at: Rows
    _kinds: dict[_Kind, Rows]

    @classmethod
    def of(cls, newcomers: Sequence[Person], pool: Pool) -> "Field":
        """Set newcomers before a pool.

        Raises:
            UnknownZoneError: A newcomer's zone does not exist.
            ValueError: Somebody is there twice on one side.
        """
        _require_once([one.id for one in newcomers])
        _require_once(pool.sponsors.ids)
        ordered = tuple(sorted(newcomers, key=lambda one: one.id))
        columns = People.of(ordered, now=pool.facts.now, monday=pool.facts.monday, codes=pool.sponsors.codes)
        many = pool.sponsors
        rows = np.lexsort((many.id_low, many.id_high))[: len(many) if ordered else 0]
        if ordered:
            rows = rows[first_broken(_one(ordered[0], columns, 0, pool), rows, OF_SPONSORS) == KEPT]
        free = many.seats[rows] - many.seats_taken[rows]
        return cls(ordered, pool, rows, free, columns, np.arange(len(ordered)), {})

    def sponsor_id(self, place: int) -> UUID:
        """Name the sponsor in this place."""
        return self.pool.members[int(self.rows[place])].id

    def edges(self, newcomer: int) -> Edges:
        """Find and score the eligible sponsors, by rising place, of the newcomer in this place."""
        ask, alike = self._ask(newcomer), self._alike(newcomer)
        places = alike[first_broken(ask, self.rows[alike], OF_PAIRS) == KEPT]
        return Edges(np.full(len(places), newcomer), places, parts(ask, self.rows[places]).sum(axis=0))

    def blocks(self) -> Iterator[Edges]:
        """Find all edges, in blocks of whole newcomers."""
        waiting: list[Edges] = []
        size = 0
        for newcomer in range(len(self.newcomers)):
            waiting.append(self.edges(newcomer))
            size += len(waiting[-1].scores)
            if size >= BLOCK_EDGES:
                yield joined(waiting)
                waiting, size = [], 0
        if waiting:
            yield joined(waiting)

    def islands(self) -> "list[Field]":
        """Part the field where no rule of OF_KINDS lets anybody across, so that each part can be solved apart.

        Newcomers for whom these rules leave nobody are on no island.
        """
        members: dict[int, list[int]] = {}
        reach = [self._alike(at) for at in range(len(self.newcomers))]
        label = np.arange(len(self.rows), dtype=np.intp)
        for alike in self._kinds.values():
            found = np.unique(label[alike])
            if len(found) > 1:
                label[np.isin(label, found)] = found[0]
        for newcomer, alike in enumerate(reach):
            if len(alike):
                members.setdefault(int(label[alike[0]]), []).append(newcomer)
        return [self._part(np.array(some), np.flatnonzero(label == one)) for one, some in sorted(members.items())]

    def _part(self, newcomers: Rows, sponsors: Rows) -> "Field":
        some = tuple(self.newcomers[at] for at in newcomers)
        at = self._at[newcomers]
        return Field(some, self.pool, self.rows[sponsors], self.seats[sponsors], self._columns, at, {})

    def _ask(self, newcomer: int) -> Ask:
        return _one(self.newcomers[newcomer], self._columns, int(self._at[newcomer]), self.pool)

    def _alike(self, newcomer: int) -> Rows:
        kind = _kind(self.newcomers[newcomer])
        if kind not in self._kinds:
            self._kinds[kind] = np.flatnonzero(first_broken(self._ask(newcomer), self.rows, OF_KINDS) == KEPT)
        return self._kinds[kind]


class Book:
    """The edges of a field, read once for each pass; kept in memory as long as they are not too many."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._kept: list[Edges] | None = []
        self._is_full = False

    def blocks(self) -> Iterator[Edges]:
        """Give all edges, in blocks of whole newcomers."""
        if self._is_full and self._kept is not None:
            yield from self._kept
            return
        size = 0
        for block in self._field.blocks():
            size += len(block.scores)
            if size > KEPT_EDGES:
                self._kept = None
            if self._kept is not None and not self._is_full:
                self._kept.append(block)
            yield block
        self._is_full = True


def joined(many: Sequence[Edges]) -> Edges:
    """Put edges one after the other."""
    newcomers, sponsors, scores = (np.concatenate(column) for column in zip(*many, strict=True))
    return Edges(newcomers.astype(np.int32), sponsors.astype(np.int32), scores)


def _kind(one: Person) -> _Kind:
    words = (frozenset(each) for each in (one.comfortable_with, one.languages, one.needs, one.can_meet, one.modes))
    return (one.fellowship, one.active, one.gender, *words)


def _one(newcomer: Person, columns: People, at: int, pool: Pool) -> Ask:
    """Ask for one of many, without laying out their columns again."""
    cut = {field.name: getattr(columns, field.name) for field in fields(People)}
    for name, column in cut.items():
        if isinstance(column, np.ndarray) and name != "visits":
            cut[name] = column[..., at : at + 1]
    cut["ids"] = columns.ids[at : at + 1]
    return Ask(newcomer, People(**cut), pool)


def _require_once(ids: Sequence[UUID]) -> None:
    ordered = sorted(ids)
    if any(one == other for one, other in pairwise(ordered)):
        raise ValueError("somebody is there twice on one side")
