"""What the ways have in common that answer one newcomer: the question, and the answer to compare."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matching.engine import Person
from recovery_match.bench import tables
from recovery_match.bench.columns import NOTHING, Columns, Flags, Rows, Whole

BEST = 10

Answer = list[tuple[int, UUID]]
"""Scores and sponsors, best first."""


@dataclass(frozen=True)
class Way:
    """How to ask.

    Attributes:
        ask: Takes a newcomer's row. This is timed.
        read: Turns what was got into an answer. This is not.
    """

    name: str
    ask: Callable[[int], object]
    read: Callable[[object], Answer]


@dataclass(frozen=True)
class Questions:
    """Newcomers as columns, and what each can score.

    Attributes:
        tastes: (newcomers, tastes); near: (newcomers, areas * limits), with FAR. See `tables`.
    """

    columns: Columns
    tastes: Whole
    near: Whole

    @classmethod
    def of(cls, newcomers: Sequence[Person], areas: tables.Areas) -> "Questions":
        """Lay out the tables of all of them."""
        columns = Columns.of(newcomers)
        near = tables.nearness(areas.metres_from(columns.area), columns.limit)
        return cls(columns, tables.tastes_of(newcomers), near)


def stated(columns: Columns) -> Flags:
    """Whether each named any meeting."""
    named: Flags = columns.visits[0] != NOTHING
    return named


def ranks(sponsors: Columns) -> Rows:
    """The order among equal scores: fewest sponsees, longest since the last offer, id."""
    high = np.array([one.int >> 64 for one in sponsors.ids], dtype=np.uint64)
    low = np.array([one.int & (1 << 64) - 1 for one in sponsors.ids], dtype=np.uint64)
    place = np.empty(len(sponsors), dtype=np.intp)
    place[np.lexsort((low, high, sponsors.last_offer, sponsors.taken))] = np.arange(len(sponsors))
    return place
