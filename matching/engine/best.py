"""The exact best few of a pool for one newcomer: one glance over the kinds that fit, hardly anybody looked at closely.

What a pair can score is bounded at a glance, see `sight` and `hopes`; whoever could not come in even so is passed over.
"""

from typing import Any

import numpy as np

from matching.engine.columns import Rows
from matching.engine.compiled import compiled
from matching.engine.hopes import IN_PERSON_TOO, REMOTE, Hopes, count, room_for
from matching.engine.rules import (
    IN_PERSON_ONLY,
    LEAST_SHARED_QUARTERS,
    common_modes,
    may_take_somebody,
    quarters,
    two_fit,
)
from matching.engine.scene import Scene
from matching.engine.scoring import AVAILABILITY, fit, fixed, of_approach, of_hours
from matching.engine.sight import SHUT, TAG_SETS, Glance
from matching.engine.week import Whole


def best_few(scene: Scene, glance: Glance, k: int) -> Rows:
    """Find the k best sponsors of row 0 of the newcomers; fewer when fewer are eligible.

    Equal scores go to the fewest sponsees, then to the longest since the last offer (never comes first), then by id.

    Args:
        scene: The newcomer beside the pool.
        glance: At the same pool, on the day and under the policy of the scene.
        k: At least 1.

    Returns:
        Rows, best first.
    """
    rows, scores = np.empty(k, dtype=np.intp), np.empty(k, dtype=np.int64)
    return rows[: _look(scene, glance, room_for(glance), rows, scores)]


@compiled
def _look(scene: Scene, glance: Glance, hopes: Hopes, rows: Rows, scores: Whole) -> int:
    """Keep the best in a heap, the last of them on top, and put them in order; gives how many there are."""
    count(scene, glance, hopes)
    k, found, least = len(rows), 0, np.int64(0)
    a = scene.one.rows[0].kind
    hours = scene.terms.points[AVAILABILITY]
    for b in range(len(scene.many.kinds)):
        modes = common_modes(scene, a, b)
        if modes == 0 or not hopes.fits[glance.family[b]]:
            continue
        places = hopes.place[IN_PERSON_TOO if modes & IN_PERSON_ONLY else REMOTE]
        most = hours + of_approach(scene, a, b) - glance.step
        for j in range(scene.many.first[b], scene.many.first[b + 1]):
            mark, ceiling = np.int64(glance.marks[j]), np.int64(glance.ceilings[j])
            hope = most + ceiling * glance.step + places[mark // TAG_SETS] + hopes.tags[mark % TAG_SETS]
            if hope < least or ceiling == SHUT or not may_take_somebody(scene, j):
                continue
            score = fixed(scene, j) + fit(scene, 0, j)
            if score + hours < least:
                continue
            shared = quarters(scene, 0, j)
            score += of_hours(scene, shared)
            if shared < LEAST_SHARED_QUARTERS or score < least or not two_fit(scene, 0, j):
                continue
            if found < k:
                _rise(scene.many.rows, rows, scores, found, j, score)
                found += 1
            elif _behind(scene.many.rows, rows[0], scores[0], j, score):
                _sink(scene.many.rows, rows, scores, found, j, score)
            if found == k:
                least = scores[0]
    for at in range(found - 1, 0, -1):
        row, score = rows[at], scores[at]
        rows[at], scores[at] = rows[0], scores[0]
        _sink(scene.many.rows, rows, scores, at, row, score)
    return found


@compiled
def _behind(people: Any, row: int, score: int, other: int, other_score: int) -> bool:
    """Tell whether a sponsor stands behind another."""
    if score != other_score:
        return score < other_score
    one, two = people[row], people[other]
    if one.seats_taken != two.seats_taken:
        return one.seats_taken > two.seats_taken
    if one.last_offer_at != two.last_offer_at:
        return one.last_offer_at > two.last_offer_at
    if one.id_high != two.id_high:
        return one.id_high > two.id_high
    return one.id_low > two.id_low


@compiled
def _rise(people: Any, rows: Rows, scores: Whole, size: int, row: int, score: int) -> None:
    """Add a sponsor to a heap whose top is the last of the best."""
    at = size
    while at > 0:
        above = (at - 1) // 2
        if not _behind(people, row, score, rows[above], scores[above]):
            break
        rows[at], scores[at] = rows[above], scores[above]
        at = above
    rows[at], scores[at] = row, score


@compiled
def _sink(people: Any, rows: Rows, scores: Whole, size: int, row: int, score: int) -> None:
    """Put a sponsor in the place of the heap's top."""
    at = 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and _behind(people, rows[below + 1], scores[below + 1], rows[below], scores[below]):
            below += 1
        if _behind(people, row, score, rows[below], scores[below]):
            break
        rows[at], scores[at] = rows[below], scores[below]
        at = below
    rows[at], scores[at] = row, score
