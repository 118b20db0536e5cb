"""The search for the best pairs of many newcomers, compiled.

Who attends one of a newcomer's meetings is looked at one by one. Of all others it is known that the home group gives no
more than what is unstated; of those who live in one place, how much nearness can give; and of those who live far away,
that it gives one half. So their lists, which are in falling order of what each brings, are left at the first who could
not be good enough.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.board import Board, Ints
from matching.engine.columns import ELSEWHERE, MILLION, Flags, Rows
from matching.engine.compiled import compiled, inlined
from matching.engine.few import Few, keep
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.rules import LEAST_SHARED_QUARTERS, metres, quarters, two_fit
from matching.engine.scene import Scene
from matching.engine.scoring import (
    APPROACH,
    AVAILABILITY,
    EXPERIENCE,
    HOME_GROUP,
    NEARNESS,
    experience_of,
    fit,
    most_experience,
    nearness_within,
    of_approach,
    of_hours,
    shared_meetings,
)
from matching.engine.sight import TAG_BITS, TAG_SETS
from matching.engine.week import Whole

ANYTHING = np.iinfo(np.int64).min // 4
"""Less than any value."""


class Desk(NamedTuple):
    """Room for one thread to search in.

    Attributes:
        fitting: (kinds of sponsors,) which fit.
        spots: (sponsors,) to weigh.
        experience: (sets of tags,) the most that experience can give the newcomer.
        given: What it gives for so much found of all that they ranked.
    """

    fitting: Flags
    spots: Ints
    experience: Whole
    given: Whole

    @classmethod
    def of(cls, kinds: int, sponsors: int) -> "Desk":
        """Room for so many."""
        experience, given = (np.empty(TAG_SETS, dtype=np.int64) for _ in range(2))
        return cls(np.zeros(kinds, dtype=np.bool_), np.empty(sponsors, dtype=np.int32), experience, given)


@compiled
def search(scene: Scene, board: Board, at: Rows, some: Rows, base: Whole, few: Few, desk: Desk) -> None:
    """Find the best few of some newcomers.

    Args:
        scene: The newcomers, and the sponsors by spot.
        board: The sponsors.
        at: (newcomers,) their rows in the scene.
        some: Places of the newcomers to search for; it is quicker when those of a kind follow one another.
        base: (newcomers,) what is added to all of a newcomer's values.
        few: Takes the answer.
        desk: Room.
    """
    begin, end, last = 0, 0, -1
    for i in some:
        row = at[i]
        a = scene.one.rows[row].kind
        if a != last:
            for entry in range(begin, end):
                desk.fitting[board.fits[entry]] = False
            begin, end, last = board.fits_first[a], board.fits_first[a + 1], a
            for entry in range(begin, end):
                desk.fitting[board.fits[entry]] = True
        _hope(scene, row, desk)
        nearest = board.around_first[scene.place[row]]
        places = board.around_first[scene.place[row] + 1] - nearest
        for part in range(-1, places + end - begin):
            if part >= places:
                size = _far(scene, board, row, board.fits[begin + part - places], base[i], few.least[i], desk)
            elif part >= 0:
                size = _near(scene, board, row, board.around[nearest + part], base[i], few.least[i], desk)
            else:
                size = _attending(scene, board, row, desk)
            for at_desk in range(size):
                j = desk.spots[at_desk]
                value = board.points[j] - board.price[j] + base[i] + fit(scene, row, j)
                if value + scene.terms.points[AVAILABILITY] < few.least[i]:
                    continue
                shared = quarters(scene, row, j)
                value += of_hours(scene, shared)
                if shared >= LEAST_SHARED_QUARTERS and value >= few.least[i] and two_fit(scene, row, j):
                    keep(few, i, board.place[j], value)
    for entry in range(begin, end):
        desk.fitting[board.fits[entry]] = False


@inlined
def _hope(scene: Scene, row: int, desk: Desk) -> None:
    """Bound what experience can give with every set of tags, as if a sponsor offered all that are taken for one."""
    begin, end = scene.ranked_first[row], scene.ranked_first[row + 1]
    whole, sets = (end - begin) * (end - begin + 1) // 2, desk.experience
    sets[0] = 0
    for bit in range(TAG_BITS):
        more = np.int64(0)
        for at in range(begin, end):
            if scene.ranked[at] % TAG_BITS == bit:
                more += end - at
        for tags in range(1 << bit):
            sets[tags + (1 << bit)] = sets[tags] + more
    last = min(whole, np.int64(TAG_SETS - 1))
    for found in range(last):
        desk.given[found] = scene.terms.points[EXPERIENCE] * experience_of(found, whole) // MILLION
    desk.given[last] = most_experience(scene, row)
    for tags in range(TAG_SETS):
        sets[tags] = desk.given[min(sets[tags], last)]


@inlined
def _attending(scene: Scene, board: Board, row: int, desk: Desk) -> int:
    """Note all who attend the same meetings, each once."""
    size, newcomer = 0, scene.one.rows[row]
    for visit in range(newcomer.visits, newcomer.visits + newcomer.visit_count):
        meeting = scene.one.visits[visit]
        if meeting < len(board.attend_first) - 1:
            for at in range(board.attend_first[meeting], board.attend_first[meeting + 1]):
                j = board.attend[at]
                if desk.fitting[scene.many.rows[j].kind] and _first_shared(scene, row, j) == meeting:
                    desk.spots[size] = j
                    size += 1
    return size


@inlined
def _reach(scene: Scene, board: Board, row: int) -> int:
    """Metres below which nearness may give more than one half."""
    limit = scene.one.rows[row].max_metres
    return board.reach if limit == ANY_METRES else max(limit, 1)


@inlined
def _near(scene: Scene, board: Board, row: int, there: int, base: int, least: int, desk: Desk) -> int:
    """Note those of the others in a place near by who could be good enough."""
    tops, newcomer = scene.terms.points, scene.one.rows[row]
    far, reach = scene.metres[scene.place[row], there], _reach(scene, board, row)
    if far >= reach:
        return 0
    rest = base + tops[AVAILABILITY] + tops[APPROACH] + tops[NEARNESS] * nearness_within(far, reach) // MILLION
    rest += 0 if newcomer.visit_count else tops[HOME_GROUP] // 2
    size, experience = 0, most_experience(scene, row)
    for at in range(board.there_first[there], board.there_first[there + 1]):
        if board.there_left[at] + rest + experience < least:
            break
        if not desk.fitting[board.there_kind[at]]:
            continue
        good = board.there_left[at] + rest + desk.experience[board.there_tags[at]] >= least
        if good and shared_meetings(scene, row, board.there[at]) == 0:
            desk.spots[size] = board.there[at]
            size += 1
    return size


@inlined
def _first_shared(scene: Scene, row: int, j: int) -> int:
    """The first meeting that both attend; there is one."""
    one, other = scene.one.rows[row], scene.many.rows[j]
    for visit in range(one.visits, one.visits + one.visit_count):
        for theirs in range(other.visits, other.visits + other.visit_count):
            if scene.one.visits[visit] == scene.many.visits[theirs]:
                return scene.one.visits[visit]
    return ELSEWHERE


@inlined
def _far(scene: Scene, board: Board, row: int, b: int, base: int, least: int, desk: Desk) -> int:
    """Note those of the others of a kind who could be good enough."""
    tops, newcomer = scene.terms.points, scene.one.rows[row]
    hours, experience = tops[AVAILABILITY], most_experience(scene, row)
    rest = base + tops[NEARNESS] // 2 + hours
    rest += 0 if newcomer.visit_count else tops[HOME_GROUP] // 2
    size, begin = 0, board.first[b]
    # Of most kinds nobody is good enough: that is told without what is slow to find out.
    if begin == board.first[b + 1] or board.left[begin] + rest + tops[APPROACH] + experience < least:
        return 0
    rest += of_approach(scene, newcomer.kind, b)
    reach = _reach(scene, board, row)
    for j in range(begin, board.first[b + 1]):
        if board.left[j] + rest + experience < least:
            break
        known = board.left[j] + rest + desk.experience[board.tags[j]]
        if known < least or known - hours + of_hours(scene, quarters(scene, row, j)) < least:
            continue
        far = metres(scene, row, j)
        if (far == UNKNOWN or far >= reach) and shared_meetings(scene, row, j) == 0:
            desk.spots[size] = j
            size += 1
    return size


@compiled
def count_eligible(scene: Scene, board: Board, at: Rows, some: Rows, counts: Whole) -> None:
    """Count the eligible sponsors, by spot in the scene, of some newcomers."""
    for i in some:
        a = scene.one.rows[at[i]].kind
        for entry in range(board.fits_first[a], board.fits_first[a + 1]):
            b = board.fits[entry]
            for j in range(board.first[b], board.first[b + 1]):
                counts[i] += two_fit(scene, at[i], j)


@compiled
def all_eligible(scene: Scene, board: Board, row: int, sponsors: Ints, scores: Whole) -> int:
    """Find and score every eligible sponsor of a newcomer, by place; gives how many there are."""
    size = 0
    a = scene.one.rows[row].kind
    for entry in range(board.fits_first[a], board.fits_first[a + 1]):
        b = board.fits[entry]
        for j in range(board.first[b], board.first[b + 1]):
            if two_fit(scene, row, j):
                sponsors[size] = board.place[j]
                scores[size] = board.points[j] + fit(scene, row, j) + of_hours(scene, quarters(scene, row, j))
                size += 1
    return size
