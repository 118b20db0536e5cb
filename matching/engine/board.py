"""The sponsors of a field set up to be searched: by kind, by place and by meeting."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.columns import Flags, Rows
from matching.engine.compiled import compiled
from matching.engine.people import Component
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.pool import Pool
from matching.engine.rules import kinds_fit
from matching.engine.scene import Scene
from matching.engine.scoring import NEARBY_METRES, POINT
from matching.engine.week import Whole

Ints = npt.NDArray[np.int32]


class Board(NamedTuple):
    """Whom a search looks at. Lists of lists are kept flat, `..._first` telling where each begins.

    Attributes:
        place: (people of the pool,) each row's place in the field, or NOWHERE.
        fits_first, fits: For each kind of newcomers the kinds of sponsors whom no rule of kinds excludes.
        first, rows: For each kind of sponsors their rows, in falling order of `left`.
        left: What is left of the points of these: less the price, and with what an unstated home group gives.
        price: (places in the field,) of one seat.
        around_first, around: For each row of `scene.metres` the places that may count as near.
        there_first, there: For each place the rows of its sponsors.
        attend_first, attend: For each meeting the rows of the sponsors who attend it.
        reach: The farthest that may count as near, in metres.
    """

    place: Ints
    fits_first: Rows
    fits: Ints
    first: Rows
    rows: Ints
    left: Whole
    price: Whole
    around_first: Rows
    around: Ints
    there_first: Rows
    there: Ints
    attend_first: Rows
    attend: Ints
    reach: int


NOWHERE = -1

MOST_LOOKS = 1 << 36
"""Pairs that a search can come to look at in minutes; beyond, a round is refused."""


def board_of(scene: Scene, pool: Pool, newcomers: Rows, rows: Rows) -> Board:
    """Set up the sponsors of these rows of the pool before the newcomers of these rows of the scene, at no prices."""
    people = pool.people
    place = np.full(len(people.rows), NOWHERE, dtype=np.int32)
    place[rows] = np.arange(len(rows))
    fits_first, fits = _fitting(scene, newcomers, rows)
    there_first, there = _lists(people.rows["place"][rows], rows, len(pool.codes.places))
    limits = np.concatenate([people.rows["max_metres"][rows], scene.one.rows["max_metres"][newcomers]])
    reach = int(limits[limits != ANY_METRES].max(initial=NEARBY_METRES))
    near = (scene.metres != UNKNOWN) & (scene.metres < reach)
    visits = people.rows["visit_count"][rows].astype(np.intp)
    of_row = np.repeat(rows, visits)
    at = np.arange(len(of_row)) - np.repeat(np.cumsum(visits) - visits, visits) + people.rows["visits"][of_row]
    attend_first, attend = _lists(people.visits[at], of_row, len(pool.codes.meetings))
    board = Board(
        place=place,
        fits_first=fits_first,
        fits=fits,
        first=np.searchsorted(np.sort(people.rows["kind"][rows]), np.arange(len(people.kinds) + 1)),
        rows=rows.astype(np.int32),
        left=np.empty(0, dtype=np.int64),
        price=np.zeros(len(rows), dtype=np.int64),
        around_first=np.concatenate(([0], np.cumsum(near.sum(axis=1)))),
        around=np.nonzero(near)[1].astype(np.int32),
        there_first=there_first,
        there=there,
        attend_first=attend_first,
        attend=attend,
        reach=reach,
    )
    board = priced(board, pool, board.price)
    _require_different(scene, board, newcomers)
    return board


def _require_different(scene: Scene, board: Board, newcomers: Rows) -> None:
    """Refuse a crowd in which nobody can be passed over: so many in one place, or so many who bring the same.

    Raises:
        OverflowError: The search would take hours.
    """
    near = np.zeros(len(scene.metres), dtype=np.int64)
    np.add.at(
        near, np.repeat(np.arange(len(near)), np.diff(board.around_first)), np.diff(board.there_first)[board.around]
    )
    looks = int(near[scene.place[newcomers]].sum())
    kind = scene.many.rows["kind"][board.rows]
    change = np.flatnonzero(np.diff(board.left) | np.diff(kind))
    alike = int(np.diff(np.concatenate(([-1], change, [len(kind) - 1]))).max())
    if max(looks, alike * len(newcomers)) > MOST_LOOKS:
        raise OverflowError("so many people are alike that a round would take hours: make it for fewer at a time")


def priced(board: Board, pool: Pool, price: Whole) -> Board:
    """The same sponsors at these prices, by place in the field."""
    people = pool.people.rows[board.rows]
    neutral = pool.facts.policy.weight(Component.HOME_GROUP) * POINT // 2
    left = pool.points[board.rows] - price[board.place[board.rows]] + np.where(people["visit_count"] == 0, neutral, 0)
    order = np.lexsort((-left, people["kind"]))
    return board._replace(rows=board.rows[order], left=left[order], price=price)


def _lists(keys: npt.NDArray[np.int32], rows: Rows, count: int) -> tuple[Rows, Ints]:
    order = np.argsort(keys, kind="stable")
    return np.searchsorted(keys[order], np.arange(count + 1)), rows[order].astype(np.int32)


def _fitting(scene: Scene, newcomers: Rows, rows: Rows) -> tuple[Rows, Ints]:
    """Ask the rules of kinds of each two kinds that there are."""
    mine = np.unique(scene.one.rows["kind"][newcomers])
    theirs = np.unique(scene.many.rows["kind"][rows])
    fitting = np.zeros((len(mine), len(theirs)), dtype=np.bool_)
    _ask_kinds(scene, mine, theirs, fitting)
    counts = np.zeros(len(scene.one.kinds) + 1, dtype=np.intp)
    counts[mine + 1] = fitting.sum(axis=1)
    return np.cumsum(counts), theirs[np.nonzero(fitting)[1]]


@compiled
def _ask_kinds(scene: Scene, mine: Ints, theirs: Ints, fitting: Flags) -> None:
    for a in range(len(mine)):
        for b in range(len(theirs)):
            fitting[a, b] = kinds_fit(scene, mine[a], theirs[b])
