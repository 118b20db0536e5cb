"""The hard rules: what no weight, no policy and no coordinator can outvote.

Each rule has one implementation, used for one pair, for a whole pool and for a round alike. They are asked in the order
of `Rule`, and a sponsor is out at the first one that is broken, which is what "why nobody?" counts.

Rules come in three families by what they look at: a sponsor alone; the kinds of two people, the same for all people of
these kinds; the two people themselves. So loops over many pairs can ask each family as seldom as it needs to be asked.
"""

from enum import StrEnum

import numpy as np

from matching.engine.columns import NO_DAY
from matching.engine.compiled import inlined
from matching.engine.people import IN_PERSON, MODES
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.scene import Scene, among
from matching.engine.week import IN_HOUR, Words, shared

LEAST_SHARED_QUARTERS = IN_HOUR
"""At least one shared hour a week, in real time."""

IN_PERSON_ONLY = 1 << MODES.index(IN_PERSON)
DAY = 86_400_000_000
"""Microseconds."""


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


@inlined
def may_take_somebody(scene: Scene, j: int) -> bool:
    """Ask all the rules that look at a sponsor alone."""
    kind = scene.many.rows[j].kind
    if not (offers(scene, kind) and approved(scene, kind) and has_sponsor(scene, kind)):
        return False
    if not (seats(scene, j) and steps(scene, j) and paused(scene, j)):
        return False
    return confirmed(scene, j) and minimum_time(scene, j)


@inlined
def kinds_fit(scene: Scene, a: int, b: int) -> bool:
    """Ask all the rules that look at no more than the kind of a newcomer and the kind of a sponsor."""
    return families_fit(scene, a, b) and way_to_meet(scene, a, b)


@inlined
def families_fit(scene: Scene, a: int, b: int) -> bool:
    """Ask those of them that look neither at ways to meet nor at the approach."""
    if not (fellowship(scene, a, b) and active(scene, a, b) and gender(scene, a, b)):
        return False
    return language(scene, a, b) and needs(scene, a, b)


@inlined
def two_fit(scene: Scene, i: int, j: int) -> bool:
    """Ask all the rules that look at the two people themselves."""
    if not (hours(scene, i, j) and distance(scene, i, j)):
        return False
    return barred(scene, i, j) and chain(scene, i, j)


@inlined
def fellowship(scene: Scene, a: int, b: int) -> bool:
    return scene.one.kinds[a].fellowship == scene.many.kinds[b].fellowship


@inlined
def active(scene: Scene, a: int, b: int) -> bool:
    return scene.one.kinds[a].active and scene.many.kinds[b].active


@inlined
def offers(scene: Scene, b: int) -> bool:
    return scene.many.kinds[b].is_sponsor


@inlined
def approved(scene: Scene, b: int) -> bool:
    return scene.many.kinds[b].approved


@inlined
def confirmed(scene: Scene, j: int) -> bool:
    """A moment that lies ahead counts as this one."""
    at = scene.many.rows[j].confirmed_at
    return at >= scene.terms.now - (scene.terms.confirm_within_days + 1) * DAY + 1


@inlined
def paused(scene: Scene, j: int) -> bool:
    sponsor = scene.many.rows[j]
    return sponsor.paused_until <= scene.terms.today[sponsor.zone]


@inlined
def barred(scene: Scene, i: int, j: int) -> bool:
    return not among(scene.barred, i, scene.many.rows[j])


@inlined
def gender(scene: Scene, a: int, b: int) -> bool:
    one, other = scene.one.kinds[a], scene.many.kinds[b]
    return (one.comfortable & other.gender) != 0 and (other.comfortable & one.gender) != 0


@inlined
def language(scene: Scene, a: int, b: int) -> bool:
    ours, theirs = scene.one.languages, scene.many.languages
    common = np.uint64(0)
    for word in range(min(ours.shape[1], theirs.shape[1])):
        common |= ours[a, word] & theirs[b, word]
    return common != 0


@inlined
def needs(scene: Scene, a: int, b: int) -> bool:
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
def seats(scene: Scene, j: int) -> bool:
    sponsor = scene.many.rows[j]
    return sponsor.seats_taken < sponsor.seats


@inlined
def minimum_time(scene: Scene, j: int) -> bool:
    """Asked by each sponsor's own fellowship, so that the answer does not lean on the fellowship rule."""
    sponsor = scene.many.rows[j]
    asked = scene.terms.minimum_days[sponsor.kind]
    if asked == 0:
        return True
    return sponsor.recovery_since != NO_DAY and scene.terms.today[sponsor.zone] - sponsor.recovery_since >= asked


@inlined
def has_sponsor(scene: Scene, b: int) -> bool:
    return scene.many.kinds[b].has_sponsor


@inlined
def steps(scene: Scene, j: int) -> bool:
    return scene.many.rows[j].steps_worked >= scene.terms.steps_needed


@inlined
def common_modes(scene: Scene, a: int, b: int) -> int:
    """Ways to meet that people of both kinds would take, as bits in the order of MODES."""
    return scene.one.kinds[a].modes & scene.many.kinds[b].modes


@inlined
def way_to_meet(scene: Scene, a: int, b: int) -> bool:
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
def distance(scene: Scene, i: int, j: int) -> bool:
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
def hours(scene: Scene, i: int, j: int) -> bool:
    return quarters(scene, i, j) >= LEAST_SHARED_QUARTERS


@inlined
def chain(scene: Scene, i: int, j: int) -> bool:
    """Nobody sponsors themself or anybody whose line of sponsorship they stand in: it has no cycles."""
    return not among(scene.lineage, i, scene.many.rows[j])
