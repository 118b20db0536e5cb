"""Which hard rules a newcomer and sponsors break: each rule by its number, in the order in which they are asked."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matching.engine.columns import Flags, Rows
from matching.engine.compiled import compiled, inlined
from matching.engine.rules import (
    RULES,
    Rule,
    active,
    approved,
    barred,
    chain,
    confirmed,
    distance,
    fellowship,
    gender,
    has_sponsor,
    hours,
    language,
    minimum_time,
    needs,
    offers,
    paused,
    seats,
    steps,
    way_to_meet,
)
from matching.engine.scene import Ask, Scene
from matching.engine.week import Whole

Broken = npt.NDArray[np.int8]
KEPT = -1
"""No rule is broken."""

(FELLOWSHIP, ACTIVE, OFFERS, APPROVED, CONFIRMED, PAUSED, BARRED, GENDER, LANGUAGE) = range(9)
(NEEDS, SEATS, MINIMUM_TIME, HAS_SPONSOR, STEPS, WAY_TO_MEET, DISTANCE, HOURS, CHAIN) = range(9, 18)


def met(rule: Rule, ask: Ask, rows: Rows) -> Flags:
    """Tell for each of these sponsors whether the rule holds between them and the newcomer."""
    return first_broken(ask, rows, [rule]) == KEPT


def first_broken(ask: Ask, rows: Rows, rules: Sequence[Rule] = RULES) -> Broken:
    """Find for each of these sponsors the first rule that excludes them.

    Args:
        ask: The newcomer beside the pool.
        rows: The sponsors to look at.
        rules: The rules to ask, in this order.

    Returns:
        Alike in length with `rows`: an index into RULES, or KEPT.
    """
    broken = np.empty(len(rows), dtype=np.int8)
    _first_broken(ask.scene, rows, np.array([RULES.index(rule) for rule in rules], dtype=np.int64), broken)
    return broken


@compiled
def _first_broken(scene: Scene, rows: Rows, codes: Whole, broken: Broken) -> None:
    for at in range(len(rows)):
        broken[at] = first_of(scene, 0, rows[at], codes)


@compiled
def first_of(scene: Scene, i: int, j: int, codes: Whole) -> int:
    """Find the first of these rules, by their places in RULES, that a pair breaks; KEPT if none."""
    for code in codes:
        if not holds(scene, i, j, code):
            return code
    return KEPT


@inlined
def holds(scene: Scene, i: int, j: int, code: int) -> bool:
    """Ask one rule of one pair."""
    a, b = scene.one.rows[i].kind, scene.many.rows[j].kind
    if code == FELLOWSHIP:
        return fellowship(scene, a, b)
    if code == ACTIVE:
        return active(scene, a, b)
    if code == OFFERS:
        return offers(scene, b)
    if code == APPROVED:
        return approved(scene, b)
    if code == CONFIRMED:
        return confirmed(scene, j)
    if code == PAUSED:
        return paused(scene, j)
    if code == BARRED:
        return barred(scene, i, j)
    if code == GENDER:
        return gender(scene, a, b)
    if code == LANGUAGE:
        return language(scene, a, b)
    if code == NEEDS:
        return needs(scene, a, b)
    if code == SEATS:
        return seats(scene, j)
    if code == MINIMUM_TIME:
        return minimum_time(scene, j)
    if code == HAS_SPONSOR:
        return has_sponsor(scene, b)
    if code == STEPS:
        return steps(scene, j)
    if code == WAY_TO_MEET:
        return way_to_meet(scene, a, b)
    if code == DISTANCE:
        return distance(scene, i, j)
    if code == HOURS:
        return hours(scene, i, j)
    return chain(scene, i, j)
