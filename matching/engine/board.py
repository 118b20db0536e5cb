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
from matching.engine.sight import TAG_BITS
from matching.engine.week import Whole, Words

Ints = npt.NDArray[np.int32]
TagSets = npt.NDArray[np.uint8]


class Board(NamedTuple):
    """Whom a search looks at: the sponsors of a field in the order of their kinds, those of a kind in falling order of
    `left`. A sponsor's number in this order is their spot. Lists of lists are kept flat, `..._first` telling where each
    begins.

    Attributes:
        rows, place: (spots,) the sponsor's row in the pool, and place in the field.
        points, price: (spots,) what they bring to every pair, and the price of one seat.
        left: (spots,) what is left of the points: less the price, and with what an unstated home group gives.
        tags: (spots,) their tags, every eighth taken for one.
        first: Where each kind of sponsors begins.
        fits_first, fits: For each kind of newcomers the kinds of sponsors whom no rule of kinds excludes.
        around_first, around: For each row of `scene.metres` the places that may count as near, the nearest first.
        there_first, there: For each place the spots of its sponsors, in falling order of what is left.
        there_left, there_kind, there_tags: In the order of `there` what is left, kind and tags once more, since most
            are passed over by no more than these.
        attend_first, attend: For each meeting the spots of the sponsors who attend it.
        reach: The farthest that may count as near, in metres.
    """

    rows: Ints
    place: Ints
    points: Ints
    price: Whole
    left: Whole
    tags: TagSets
    first: Rows
    fits_first: Rows
    fits: Ints
    around_first: Rows
    around: Ints
    there_first: Rows
    there: Ints
    there_left: Whole
    there_kind: Ints
    there_tags: TagSets
    attend_first: Rows
    attend: Ints
    reach: int


NOWHERE = -1

MOST_LOOKS = 1 << 36
"""Pairs that a search can come to look at in minutes; beyond, a round is refused."""


def board_of(scene: Scene, pool: Pool, newcomers: Rows, rows: Rows) -> Board:
    """Set up the sponsors of these rows of the pool before the newcomers of these rows of the scene, at no prices."""
    people, places = pool.people, np.arange(len(rows))
    fits_first, fits = _fitting(scene, newcomers, rows)
    limits = np.concatenate([people.rows["max_metres"][rows], scene.one.rows["max_metres"][newcomers]])
    reach = int(limits[limits != ANY_METRES].max(initial=NEARBY_METRES))
    around_first, around = _around(scene, reach)
    there_first, there = _lists(people.rows["place"][rows], places, len(pool.codes.places))
    visits = people.rows["visit_count"][rows].astype(np.intp)
    at = np.arange(visits.sum()) - np.repeat(np.cumsum(visits) - visits - people.rows["visits"][rows], visits)
    attend_first, attend = _lists(people.visits[at], np.repeat(places, visits), len(pool.codes.meetings))
    board = Board(
        rows=rows.astype(np.int32),
        place=places.astype(np.int32),
        points=pool.points[rows],
        price=np.zeros(len(rows), dtype=np.int64),
        left=np.empty(0, dtype=np.int64),
        tags=_folded(people.tags[rows]),
        first=np.searchsorted(np.sort(people.rows["kind"][rows]), np.arange(len(people.kinds) + 1)),
        fits_first=fits_first,
        fits=fits,
        around_first=around_first,
        around=around,
        there_first=there_first,
        there=there,
        there_left=np.empty(0, dtype=np.int64),
        there_kind=np.empty(0, dtype=np.int32),
        there_tags=np.empty(0, dtype=np.uint8),
        attend_first=attend_first,
        attend=attend,
        reach=reach,
    )
    board = priced(board, pool, board.price)
    _require_different(scene, board, newcomers)
    return board


def _around(scene: Scene, reach: int) -> tuple[Rows, Ints]:
    near = (scene.metres != UNKNOWN) & (scene.metres < reach)
    row, place = np.nonzero(near)
    order = np.lexsort((scene.metres[row, place], row))
    return np.concatenate(([0], np.cumsum(near.sum(axis=1)))), place[order].astype(np.int32)


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
    left = board.points - price[board.place] + np.where(people["visit_count"] == 0, neutral, 0)
    order = np.lexsort((-left, people["kind"]))
    spot = np.empty(len(order), dtype=np.int32)
    spot[order] = np.arange(len(order), dtype=np.int32)
    there = board.there[np.lexsort((-left[board.there], people["place"][board.there]))]
    return board._replace(
        rows=board.rows[order],
        place=board.place[order],
        points=board.points[order],
        price=price[board.place[order]],
        left=left[order],
        tags=board.tags[order],
        there=spot[there],
        there_left=left[there],
        there_kind=people["kind"][there],
        there_tags=board.tags[there],
        attend=spot[board.attend],
    )


def only(board: Board, some: Flags) -> Board:
    """No more than some of the sponsors, by place in the field."""
    kept = some[board.place]
    spot = np.cumsum(kept, dtype=np.int32) - 1

    def first_of(begin: Rows, those: Flags) -> Rows:
        return np.concatenate(([0], np.cumsum(those)))[begin]

    first, there, attend = first_of(board.first, kept), kept[board.there], kept[board.attend]
    there_are = np.diff(first)[board.fits] > 0
    return board._replace(
        rows=board.rows[kept],
        place=board.place[kept],
        points=board.points[kept],
        price=board.price[kept],
        left=board.left[kept],
        tags=board.tags[kept],
        first=first,
        fits_first=first_of(board.fits_first, there_are),
        fits=board.fits[there_are],
        there_first=first_of(board.there_first, there),
        there=spot[board.there[there]],
        there_left=board.there_left[there],
        there_kind=board.there_kind[there],
        there_tags=board.there_tags[there],
        attend_first=first_of(board.attend_first, attend),
        attend=spot[board.attend[attend]],
    )


def before(scene: Scene, board: Board) -> Scene:
    """The scene with the sponsors of a board alone, by spot, so that who is looked at one after another lies so."""
    many = scene.many
    return scene._replace(many=many._replace(rows=many.rows[board.rows], tags=many.tags[board.rows]))


def _folded(tags: Words) -> TagSets:
    """Lay all eights of bits over one another."""
    sets = np.bitwise_or.reduce(tags, axis=1)
    for shift in (32, 16, TAG_BITS):
        sets |= sets >> np.uint64(shift)
    return sets.astype(np.uint8)


def _lists(keys: npt.NDArray[np.int32], rows: Rows, count: int) -> tuple[Rows, Ints]:
    order = np.argsort(keys, kind="stable")
    return np.searchsorted(keys[order], np.arange(count + 1)), rows[order].astype(np.int32)


def _fitting(scene: Scene, newcomers: Rows, rows: Rows) -> tuple[Rows, Ints]:
    """Ask the rules of kinds of each two kinds that there are."""
    mine = np.unique(scene.one.rows["kind"][newcomers])
    theirs = np.unique(scene.many.rows["kind"][rows])
    fellowship = scene.many.kinds["fellowship"][theirs]
    order = np.argsort(fellowship, kind="stable")
    asked = scene.one.kinds["fellowship"][mine]
    begin, end = (np.searchsorted(fellowship[order], asked, side=side) for side in ("left", "right"))
    found = np.empty(int((end - begin).sum()), dtype=np.int32)
    counts = np.zeros(len(scene.one.kinds) + 1, dtype=np.intp)
    size = _ask_kinds(scene, mine, theirs[order], begin, end, found, counts)
    return np.cumsum(counts), found[:size].copy()


@compiled
def _ask_kinds(scene: Scene, mine: Ints, theirs: Ints, begin: Rows, end: Rows, found: Ints, counts: Rows) -> int:
    """Ask of the kinds of one fellowship only, which are so many fewer."""
    size = 0
    for a in range(len(mine)):
        for at in range(begin[a], end[a]):
            if kinds_fit(scene, mine[a], theirs[at]):
                found[size] = theirs[at]
                counts[mine[a] + 1] += 1
                size += 1
    return size
