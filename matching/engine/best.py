"""The exact best few of a pool for one newcomer: one look over the kinds that fit, most sponsors left at a glance.

A sponsor's own points are known beforehand, and what the pair could add to them is bounded; whoever could not come in
even so is passed over without a look at the week or the place.
"""

from typing import Any

import numpy as np

from matching.engine.columns import Rows
from matching.engine.compiled import compiled
from matching.engine.pool import Points
from matching.engine.rules import IN_PERSON_ONLY, LEAST_SHARED_QUARTERS, common_modes, kinds_fit, quarters, two_fit
from matching.engine.scene import Scene
from matching.engine.scoring import (
    AVAILABILITY,
    NEARNESS,
    best_fit,
    fit,
    is_near,
    most_experience,
    of_experience,
    of_hours,
)
from matching.engine.week import Whole


def best_few(scene: Scene, points: Points, k: int) -> Rows:
    """Find the k best sponsors of row 0 of the newcomers; fewer when fewer are eligible.

    Equal scores go to the fewest sponsees, then to the longest since the last offer (never comes first), then by id.

    Args:
        scene: The newcomer beside the pool.
        points: (people,) what each sponsor brings to every pair, or less than nothing for who may take nobody.
        k: At least 1.

    Returns:
        Rows, best first.
    """
    rows, scores = np.empty(k, dtype=np.intp), np.empty(k, dtype=np.int64)
    return rows[: _look(scene, points, rows, scores)]


@compiled
def _look(scene: Scene, points: Points, rows: Rows, scores: Whole) -> int:
    """Keep the best in a heap, the last of them on top, and put them in order; gives how many there are."""
    k, found, least = len(rows), 0, np.int64(0)
    a = scene.one.rows[0].kind
    hours = scene.terms.points[AVAILABILITY]
    nearness = scene.terms.points[NEARNESS] - scene.terms.points[NEARNESS] // 2
    for b in range(len(scene.many.kinds)):
        if scene.many.first[b] == scene.many.first[b + 1] or not kinds_fit(scene, a, b):
            continue
        most = best_fit(scene, 0, b)
        rest = most - most_experience(scene, 0)
        lost = nearness if common_modes(scene, a, b) & IN_PERSON_ONLY else 0
        for j in range(scene.many.first[b], scene.many.first[b + 1]):
            if points[j] < 0 or points[j] + most < least:
                continue
            known = points[j] + rest + of_experience(scene, 0, j)
            if known < least or (known - lost < least and not is_near(scene, 0, j)):
                continue
            score = points[j] + fit(scene, 0, j)
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
