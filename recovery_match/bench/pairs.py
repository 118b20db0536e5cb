"""All pairs scored in numpy, block by block: what a careful numpy programmer would write without our engine.

Eligibility is a conjunction of bit masks over bytes; the score a sum of look-ups: shared hours by popcount, tastes and
nearness from a small table of each newcomer, and shared meetings from an index of who visits what.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from matching.engine import Person
from recovery_match.bench import tables
from recovery_match.bench.columns import IN_PERSON, NOTHING, Bits, Columns, Flags, Rows, Whole
from recovery_match.bench.crowd import LIMITS, NOW
from recovery_match.bench.points import MOST_BONUS, POINT, POLICY

DAY = timedelta(days=1)
FORBIDDEN = -1
BLOCK_CELLS = 1 << 18
"""Pairs looked at together: their columns stay in the processor's cache."""


class Edges(NamedTuple):
    """Eligible pairs: rows of newcomers, rows of sponsors, scores."""

    newcomers: Whole
    sponsors: Whole
    scores: Whole


class Block(NamedTuple):
    """Newcomers from one row on, beside all sponsors: scores, or FORBIDDEN."""

    first: int
    scores: Whole


class Index:
    """Who has which key, for keys that are few among many."""

    def __init__(self, keys: Whole, rows: Rows) -> None:
        order = np.argsort(keys, kind="stable")
        order = order[np.searchsorted(keys[order], NOTHING, side="right") :]
        self._keys, self._rows = keys[order], rows[order]

    def pairs(self, keys: Whole) -> tuple[Rows, Rows]:
        """Positions in `keys`, and the rows that have the same."""
        low = np.searchsorted(self._keys, keys, side="left")
        count = np.where(keys == NOTHING, 0, np.searchsorted(self._keys, keys, side="right") - low)
        position = np.repeat(np.arange(len(keys)), count)
        within = np.arange(len(position)) - np.repeat(np.cumsum(count) - count, count)
        return position, self._rows[low[position] + within]


@dataclass(frozen=True)
class Offers:
    """Sponsors made ready, as the product keeps them ready. Build it with `Offers.of`."""

    columns: Columns
    areas: tables.Areas
    visits: Index
    homes: Index
    place: Rows

    @classmethod
    def of(cls, columns: Columns, areas: tables.Areas) -> "Offers":
        """Index sponsors by meetings, and by area and limit."""
        rows = np.arange(len(columns))
        place = columns.area.astype(np.intp) * len(LIMITS) + columns.limit
        visits = Index(columns.visits.ravel(), np.tile(rows, len(columns.visits)))
        return cls(columns, areas, visits, Index(columns.home, rows), place)


class Pairs:
    """Newcomers beside sponsors."""

    def __init__(self, newcomers: Sequence[Person], offers: Offers, own: Columns | None = None) -> None:
        self.own = own or Columns.of(newcomers)
        self.offers = offers
        self._tastes = tables.tastes_of(newcomers)

    def blocks(self) -> Iterator[Block]:
        """Score every pair, some newcomers at a time."""
        step = max(BLOCK_CELLS // max(len(self.offers.columns), 1), 1)
        for first in range(0, len(self.own), step):
            yield Block(first, self._block(slice(first, first + step)))

    def edges(self) -> Iterator[Edges]:
        """Find the eligible pairs, by rising newcomer and sponsor."""
        for first, scores in self.blocks():
            newcomers, sponsors = np.nonzero(scores >= 0)
            found = scores[newcomers, sponsors]
            yield Edges((newcomers + first).astype(np.int32), sponsors.astype(np.int32), found)

    def all_edges(self) -> Edges:
        """All of them at once."""
        return joined_edges(self.edges())

    def _block(self, some: slice) -> Whole:
        many, common = self.offers.columns, self.own.modes[some, None] & self.offers.columns.modes
        hours, near = self._hours(some), self._near(some)
        eligible = self._welcome(some) & (common != 0) & (hours != 0) & ((common != IN_PERSON) | (near < tables.FAR))
        scores = tables.HOURS[hours]
        scores += many.alone
        scores += self._tastes[some].take(many.taste, axis=1)
        scores += np.where(common & IN_PERSON, near & (tables.FAR - 1), tables.APART)
        scores += self._meetings(some)
        scores[~eligible] = FORBIDDEN
        return scores

    def _welcome(self, some: slice) -> Flags:
        one, many = self.own, self.offers.columns
        both: Flags = one.fellowship[some, None] == many.fellowship
        both &= (one.gender[some, None] & many.comfortable) != 0
        both &= (one.comfortable[some, None] & many.gender) != 0
        both &= (one.languages[some, None] & many.languages) != 0
        return both

    def _hours(self, some: slice) -> Bits:
        weeks = zip(self.own.week[:, some, None], self.offers.columns.week, strict=True)
        first, *more = (np.bitwise_count(own & theirs) for own, theirs in weeks)
        hours: Bits = first
        for one in more:
            hours += one
        return hours

    def _near(self, some: slice) -> Whole:
        metres = self.offers.areas.metres_from(self.own.area[some])
        return tables.nearness(metres, self.own.limit[some]).take(self.offers.place, axis=1)

    def _meetings(self, some: slice) -> Whole:
        """Points of the home group: from the index, as few pairs have anything in common."""
        visits, homes, many = self.own.visits[:, some], self.own.home[some], self.offers.columns
        newcomers, sponsors = homes.size, len(many)
        stated = (visits != NOTHING).any(axis=0)[:, None] & (many.visits != NOTHING).any(axis=0)
        found = np.where(stated, tables.MEETINGS[0], tables.UNSTATED)
        position, row = self.offers.visits.pairs(visits.ravel())
        shared, count = np.unique(position % newcomers * sponsors + row, return_counts=True)
        found.ravel()[shared] = tables.MEETINGS[count]
        found[self.offers.homes.pairs(homes)] = tables.SAME_HOME
        return found


def joined_edges(many: Iterable[Edges]) -> Edges:
    """Put edges one after the other."""
    none = Edges(*np.empty((3, 0), dtype=np.int32))
    return Edges(*(np.concatenate(column) for column in zip(none, *many, strict=True)))


def bonuses(newcomers: Sequence[Person]) -> Whole:
    """What each newcomer's match gains for the whole days they waited."""
    days = [0 if one.waiting_since is None else (NOW - one.waiting_since) // DAY for one in newcomers]
    return np.array([min(POLICY.waiting_bonus * each, MOST_BONUS) for each in days], dtype=np.int32)


def service(newcomers: int) -> int:
    """What serving anybody is worth: more than all scores and bonuses of a round together."""
    return 1 + (sum(POLICY.weights.values()) * POINT + MOST_BONUS) * newcomers
