"""A closer look at the few who are suggested: their parts, and all that reasons are made of, in one pass."""

import numpy as np

from matching.engine.columns import NEVER, NO_DAY, UNSTATED, Rows
from matching.engine.compiled import compiled, inlined
from matching.engine.people import Component
from matching.engine.rules import DAY, limit, metres, quarters
from matching.engine.scene import Ask, Scene
from matching.engine.scoring import (
    APPROACH,
    AVAILABILITY,
    ENGAGEMENT,
    EXPERIENCE,
    HOME_GROUP,
    NEARNESS,
    RECOVERY,
    points,
    shared_meetings,
)
from matching.engine.week import Whole

PARTS = len(Component)
MATTERS = (AVAILABILITY, EXPERIENCE, NEARNESS, HOME_GROUP, APPROACH, -1, ENGAGEMENT, RECOVERY, -1)
"""What reasons are about, in the order in which equals are told: a component, or none. The last is the two's needs."""

UNTOLD = np.iinfo(np.int64).max
"""Days where there is no date to count them from."""

QUARTERS = PARTS
(METRES, LIMIT, KIND, PLACE, CONFIRMED_DAYS, RECOVERY_DAYS, SAME_GROUP, MEETINGS, ORDER) = range(PARTS + 1, PARTS + 10)
TAGS = ORDER + len(MATTERS)


def closely(ask: Ask, rows: Rows) -> Whole:
    """Look at these sponsors beside the newcomer.

    Returns:
        (rows, columns), the columns by the names above: the parts in thousandths of a point, in the order of Component;
        shared quarter hours a week; metres or UNKNOWN, and the limit of both; kind and place; days since they confirmed
        and since their recovery began, or UNTOLD; whether one home group is both's, and how many meetings; the places
        in MATTERS, that with most points above neutral first; and for each tag that the newcomer ranked whether the
        sponsor offers it. The figures mean nothing for a pair that a hard rule excludes.
    """
    seen = np.empty((len(rows), TAGS + len(ask.scene.ranked)), dtype=np.int64)
    _see(ask.scene, rows, seen)
    return seen


@compiled
def _see(scene: Scene, rows: Rows, seen: Whole) -> None:
    for at in range(len(rows)):
        j, found = rows[at], seen[at]
        one, other = scene.one.rows[0], scene.many.rows[j]
        for component in range(PARTS):
            found[component] = points(scene, 0, j, component)
        found[QUARTERS] = quarters(scene, 0, j)
        found[METRES], found[LIMIT] = metres(scene, 0, j), limit(scene, 0, j)
        found[KIND], found[PLACE] = other.kind, other.place
        found[CONFIRMED_DAYS] = found[RECOVERY_DAYS] = UNTOLD
        if other.confirmed_at != NEVER:
            found[CONFIRMED_DAYS] = (scene.terms.now - other.confirmed_at) // DAY
        if other.recovery_since != NO_DAY:
            found[RECOVERY_DAYS] = scene.terms.today[other.zone] - other.recovery_since
        found[SAME_GROUP] = one.home_group != UNSTATED and one.home_group == other.home_group
        found[MEETINGS] = shared_meetings(scene, 0, j)
        _order(scene, found)
        for place in range(len(scene.ranked)):
            word, bit = scene.ranked[place] // 64, np.uint64(scene.ranked[place] % 64)
            known = word < scene.many.tags.shape[1]
            found[TAGS + place] = known and (scene.many.tags[j, word] >> bit & np.uint64(1)) != 0


@inlined
def _order(scene: Scene, found: Whole) -> None:
    """Sort what there is to tell by the points above neutral; what only meets a rule stands at neutral."""
    for matter in range(len(MATTERS)):
        at = matter
        while at > 0 and _gain(scene, found, found[ORDER + at - 1]) < _gain(scene, found, matter):
            found[ORDER + at] = found[ORDER + at - 1]
            at -= 1
        found[ORDER + at] = matter


@inlined
def _gain(scene: Scene, found: Whole, matter: int) -> int:
    component = MATTERS[matter]
    return 0 if component < 0 else 2 * found[component] - scene.terms.points[component]
