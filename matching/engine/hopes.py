"""The most that one newcomer could score with sponsors, by what a first glance tells of these."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.columns import ELSEWHERE, MILLION
from matching.engine.compiled import Int, compiled, inlined
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.rules import families_fit
from matching.engine.scene import Scene
from matching.engine.scoring import EXPERIENCE, HALF, HOME_GROUP, NEARNESS, experience_of, nearness_within
from matching.engine.sight import TAG_BITS, TAG_SETS, Glance, sieved

REMOTE, IN_PERSON_TOO = 0, 1

Points = npt.NDArray[np.int32]


class Hopes(NamedTuple):
    """Bounds in thousandths of a point, of row 0 of the newcomers.

    Attributes:
        place: (2, 2 * places) of nearness and home group together: whether the two could meet in person, and a mark's
            place and whether meetings were named.
        tags: (sets of tags,) of experience.
        fits: (families,) whether the rules that all of a family share leave them to the newcomer.
    """

    place: Points
    tags: Points
    fits: npt.NDArray[np.bool_]


def room_for(glance: Glance) -> Hopes:
    """Hopes not yet counted."""
    return Hopes(
        place=np.empty((2, 2 * len(glance.attended)), dtype=np.int32),
        tags=np.empty(TAG_SETS, dtype=np.int32),
        fits=np.empty(len(glance.heads), dtype=np.bool_),
    )


@compiled
def count(scene: Scene, glance: Glance, hopes: Hopes) -> None:
    """Look everything up that a glance will be held against."""
    for family in range(len(hopes.fits)):
        hopes.fits[family] = families_fit(scene, scene.one.rows[0].kind, glance.heads[family])
    for tags in range(TAG_SETS):
        hopes.tags[tags] = scene.terms.points[EXPERIENCE] * _experience(scene, tags) // MILLION
    own = np.int64(scene.one.rows[0].max_metres)
    reach = glance.reach[0] if own == ANY_METRES else max(own, np.int64(1))
    for place in range(len(glance.attended)):
        nearness = scene.terms.points[NEARNESS] * _nearness(scene, place, reach) // MILLION
        remote = scene.terms.points[NEARNESS] * HALF // MILLION
        for named in range(2):
            home_group = scene.terms.points[HOME_GROUP] * _home_group(scene, glance, place, named) // MILLION
            hopes.place[REMOTE, 2 * place + named] = remote + home_group
            hopes.place[IN_PERSON_TOO, 2 * place + named] = nearness + home_group


@inlined
def _experience(scene: Scene, tags: int) -> int:
    """As if a sponsor offered all tags that are taken for one with theirs."""
    found, whole, end = 0, 0, scene.ranked_first[1]
    for at in range(end):
        whole += end - at
        found += (end - at) * (tags >> scene.ranked[at] % TAG_BITS & 1)
    return experience_of(found, whole)


@inlined
def _nearness(scene: Scene, place: int, reach: Int) -> Int:
    """As if every sponsor's limit were the farthest."""
    far = np.int64(scene.metres[scene.place[0], place])
    return HALF if far == UNKNOWN or far >= reach else nearness_within(far, reach)


@inlined
def _home_group(scene: Scene, glance: Glance, place: int, named: int) -> int:
    """As if whoever named meetings attended all that are taken for one with those of their place."""
    one = scene.one.rows[0]
    if not (named and one.visit_count):
        return HALF
    for at in range(one.visits, one.visits + one.visit_count):
        word, bit = sieved(scene.one.visits[at])
        if scene.one.visits[at] != ELSEWHERE and glance.attended[place, word] & bit:
            return MILLION
    return 0
