"""The hard rules: what no weight, no policy and no coordinator can outvote.

Each rule has one implementation, used for one pair, for a whole pool and for a round alike. They are asked in the order
of `Rule`, and a sponsor is out at the first one that is broken, which is what "why nobody?" counts.

Rules come in three families by what they look at: a sponsor alone; the kinds of two people, the same for all people of
these kinds; the two people themselves. So loops over many pairs can ask each family as seldom as it needs to be asked.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from matching.engine.columns import NO_DAY, Flags, Rows
from matching.engine.compiled import compiled, inlined
from matching.engine.people import IN_PERSON, MODES
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.scene import Ask, Scene, among
from matching.engine.week import IN_HOUR, Whole, Words, shared

LEAST_SHARED_QUARTERS = IN_HOUR
"""At least one shared hour a week, in real time."""

IN_PERSON_ONLY = 1 << MODES.index(IN_PERSON)
DAY = 86_400_000_000
"""Microseconds."""

Broken = npt.NDArray[np.int8]
KEPT = -1
"""No rule is broken."""


class Rule(StrEnum):
    """The hard rules in the order in which they are asked."""

    FELLOWSHIP = "fellowship"
    ACTIVE = "active"
    OFFERS = "offers"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    PAUSED = "paused"
    BARRED = "barred"
    GENDER = "gender"
    LANGUAGE = "language"
    NEEDS = "needs"
    SEATS = "seats"
    MINIMUM_TIME = "minimum_time"
    HAS_SPONSOR = "has_sponsor"
    STEPS = "steps"
    WAY_TO_MEET = "way_to_meet"
    DISTANCE = "distance"
    HOURS = "hours"
    CHAIN = "chain"


RULES = tuple(Rule)

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
        return _fellowship(scene, a, b)
    if code == ACTIVE:
        return _active(scene, a, b)
    if code == OFFERS:
        return _offers(scene, b)
    if code == APPROVED:
        return _approved(scene, b)
    if code == CONFIRMED:
        return _confirmed(scene, j)
    if code == PAUSED:
        return _paused(scene, j)
    if code == BARRED:
        return _barred(scene, i, j)
    if code == GENDER:
        return _gender(scene, a, b)
    if code == LANGUAGE:
        return _language(scene, a, b)
    if code == NEEDS:
        return _needs(scene, a, b)
    if code == SEATS:
        return _seats(scene, j)
    if code == MINIMUM_TIME:
        return _minimum_time(scene, j)
    if code == HAS_SPONSOR:
        return _has_sponsor(scene, b)
    if code == STEPS:
        return _steps(scene, j)
    if code == WAY_TO_MEET:
        return _way_to_meet(scene, a, b)
    if code == DISTANCE:
        return _distance(scene, i, j)
    if code == HOURS:
        return _hours(scene, i, j)
    return _chain(scene, i, j)


@inlined
def may_take_somebody(scene: Scene, j: int) -> bool:
    """Ask all the rules that look at a sponsor alone."""
    kind = scene.many.rows[j].kind
    if not (_offers(scene, kind) and _approved(scene, kind) and _has_sponsor(scene, kind)):
        return False
    if not (_seats(scene, j) and _steps(scene, j) and _paused(scene, j)):
        return False
    return _confirmed(scene, j) and _minimum_time(scene, j)


@inlined
def kinds_fit(scene: Scene, a: int, b: int) -> bool:
    """Ask all the rules that look at no more than the kind of a newcomer and the kind of a sponsor."""
    return families_fit(scene, a, b) and _way_to_meet(scene, a, b)


@inlined
def families_fit(scene: Scene, a: int, b: int) -> bool:
    """Ask those of them that look neither at ways to meet nor at the approach."""
    if not (_fellowship(scene, a, b) and _active(scene, a, b) and _gender(scene, a, b)):
        return False
    return _language(scene, a, b) and _needs(scene, a, b)


@inlined
def two_fit(scene: Scene, i: int, j: int) -> bool:
    """Ask all the rules that look at the two people themselves."""
    if not (_hours(scene, i, j) and _distance(scene, i, j)):
        return False
    return _barred(scene, i, j) and _chain(scene, i, j)


@inlined
def _fellowship(scene: Scene, a: int, b: int) -> bool:
    return scene.one.kinds[a].fellowship == scene.many.kinds[b].fellowship


@inlined
def _active(scene: Scene, a: int, b: int) -> bool:
    return scene.one.kinds[a].active and scene.many.kinds[b].active


@inlined
def _offers(scene: Scene, b: int) -> bool:
    return scene.many.kinds[b].is_sponsor


@inlined
def _approved(scene: Scene, b: int) -> bool:
    return scene.many.kinds[b].approved


@inlined
def _confirmed(scene: Scene, j: int) -> bool:
    """A moment that lies ahead counts as this one."""
    at = scene.many.rows[j].confirmed_at
    return at >= scene.terms.now - (scene.terms.confirm_within_days + 1) * DAY + 1


@inlined
def _paused(scene: Scene, j: int) -> bool:
    sponsor = scene.many.rows[j]
    return sponsor.paused_until <= scene.terms.today[sponsor.zone]


@inlined
def _barred(scene: Scene, i: int, j: int) -> bool:
    return not among(scene.barred, i, scene.many.rows[j])


@inlined
def _gender(scene: Scene, a: int, b: int) -> bool:
    one, other = scene.one.kinds[a], scene.many.kinds[b]
    return (one.comfortable & other.gender) != 0 and (other.comfortable & one.gender) != 0


@inlined
def _language(scene: Scene, a: int, b: int) -> bool:
    ours, theirs = scene.one.languages, scene.many.languages
    common = np.uint64(0)
    for word in range(min(ours.shape[1], theirs.shape[1])):
        common |= ours[a, word] & theirs[b, word]
    return common != 0


@inlined
def _needs(scene: Scene, a: int, b: int) -> bool:
    """Both ways: a sponsor's needs count as much as a newcomer's."""
    if not _covered(scene.one.needs, a, scene.many.can_meet, b):
        return False
    return _covered(scene.many.needs, b, scene.one.can_meet, a)


@inlined
def _covered(needs: Words, a: int, offers: Words, b: int) -> bool:
    for word in range(needs.shape[1]):
        offered = offers[b, word] if word < offers.shape[1] else np.uint64(0)
        if (needs[a, word] & ~offered) != 0:
            return False
    return True


@inlined
def _seats(scene: Scene, j: int) -> bool:
    sponsor = scene.many.rows[j]
    return sponsor.seats_taken < sponsor.seats


@inlined
def _minimum_time(scene: Scene, j: int) -> bool:
    """Asked by each sponsor's own fellowship, so that the answer does not lean on the fellowship rule."""
    sponsor = scene.many.rows[j]
    asked = scene.terms.minimum_days[sponsor.kind]
    if asked == 0:
        return True
    return sponsor.recovery_since != NO_DAY and scene.terms.today[sponsor.zone] - sponsor.recovery_since >= asked


@inlined
def _has_sponsor(scene: Scene, b: int) -> bool:
    return scene.many.kinds[b].has_sponsor


@inlined
def _steps(scene: Scene, j: int) -> bool:
    return scene.many.rows[j].steps_worked >= scene.terms.steps_needed


@inlined
def common_modes(scene: Scene, a: int, b: int) -> int:
    """Ways to meet that people of both kinds would take, as bits in the order of MODES."""
    return scene.one.kinds[a].modes & scene.many.kinds[b].modes


@inlined
def _way_to_meet(scene: Scene, a: int, b: int) -> bool:
    return common_modes(scene, a, b) != 0


@inlined
def metres(scene: Scene, i: int, j: int) -> int:
    """Metres between area centres, or UNKNOWN."""
    return scene.metres[scene.place[i], scene.many.rows[j].place]


@inlined
def limit(scene: Scene, i: int, j: int) -> int:
    """Farthest metres that both accept for meeting in person, or ANY_METRES."""
    return min(scene.one.rows[i].max_metres, scene.many.rows[j].max_metres)


@inlined
def _distance(scene: Scene, i: int, j: int) -> bool:
    """Asked only of pairs who can meet in person and in no other way.

    Whoever set a limit is not sent to an unknown place: an unknown distance is within no limit but "any".
    """
    if common_modes(scene, scene.one.rows[i].kind, scene.many.rows[j].kind) != IN_PERSON_ONLY:
        return True
    farthest, far = limit(scene, i, j), metres(scene, i, j)
    return farthest == ANY_METRES or (far != UNKNOWN and far <= farthest)


@inlined
def quarters(scene: Scene, i: int, j: int) -> int:
    """Quarter hours a week that both have free."""
    return shared(scene.one.rows[i], scene.one.wide, scene.many.rows[j], scene.many.wide)


@inlined
def _hours(scene: Scene, i: int, j: int) -> bool:
    return quarters(scene, i, j) >= LEAST_SHARED_QUARTERS


@inlined
def _chain(scene: Scene, i: int, j: int) -> bool:
    """Nobody sponsors themself or anybody whose line of sponsorship they stand in: it has no cycles."""
    return not among(scene.lineage, i, scene.many.rows[j])
