"""The score of a pair whom no hard rule excludes, kept in parts.

A component is a share of its weight, in millionths; its points are thousandths of a point, rounded down once. All is
integer arithmetic, so that sums, ties and comparisons are exact and the same everywhere. What is unstated scores one
half, and nobody scores more by leaving something true unsaid: where things are ticked one by one (experiences) or only
add an option (meeting in person), one half is the least.

Three components look at the sponsor alone and are added up once for each sponsor (`fixed`).
"""

import numpy as np

from matching.engine.columns import MILLION, NEVER, NO_DAY, UNSTATED, Rows
from matching.engine.compiled import Int, compiled, inlined
from matching.engine.people import APPROACHES, STEPS, Component
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.rules import DAY, IN_PERSON_ONLY, common_modes, limit, metres, quarters
from matching.engine.scene import Ask, Scene
from matching.engine.week import IN_HOUR, Whole

COMPONENTS = tuple(Component)
(AVAILABILITY, ENGAGEMENT, EXPERIENCE, NEARNESS, HOME_GROUP, APPROACH, FREE_SEATS, RECOVERY) = range(8)

POINT = 1000
"""Units of a score in one point of a weight: the default weights make at most 100,000."""

FULL_QUARTERS = 5 * IN_HOUR
FULL_DAYS = 1826
"""Five years: decades were not found to beat years."""

FULL_MEETINGS = 2
NEARBY_METRES = 50_000
"""Distances are judged against the limits of both; against this when neither has one."""

HALF = MILLION // 2
NO_APPROACH = APPROACHES.index("")


def parts(ask: Ask, rows: Rows) -> Whole:
    """Score these sponsors for the newcomer.

    Returns:
        (components, rows) in thousandths of a point, components in the order of COMPONENTS. A pair's score is the sum
        of its column. The figures mean nothing for a pair that a hard rule excludes.
    """
    scored = np.empty((len(COMPONENTS), len(rows)), dtype=np.int64)
    _score(ask.scene, rows, scored)
    return scored


@compiled
def _score(scene: Scene, rows: Rows, scored: Whole) -> None:
    for at in range(len(rows)):
        for component in range(len(scored)):
            scored[component, at] = points(scene, 0, rows[at], component)


def common(ask: Ask, rows: Rows) -> Whole:
    """What reasons tell of a pair: (3, rows) shared quarter hours, metres or UNKNOWN, and the limit of both."""
    found = np.empty((3, len(rows)), dtype=np.int64)
    _compare(ask.scene, rows, found)
    return found


@compiled
def _compare(scene: Scene, rows: Rows, found: Whole) -> None:
    for at in range(len(rows)):
        found[0, at] = quarters(scene, 0, rows[at])
        found[1, at], found[2, at] = metres(scene, 0, rows[at]), limit(scene, 0, rows[at])


@inlined
def points(scene: Scene, i: int, j: int, component: int) -> int:
    """Thousandths of a point that one component gives a pair."""
    return scene.terms.points[component] * _share(scene, i, j, component) // MILLION


@inlined
def _share(scene: Scene, i: int, j: int, component: int) -> int:
    """How well a pair does in one component: 0 to 1,000,000."""
    if component == AVAILABILITY:
        return _availability(quarters(scene, i, j))
    if component == ENGAGEMENT:
        return _engagement(scene, j)
    if component == EXPERIENCE:
        return _experience(scene, i, j)
    if component == NEARNESS:
        return _nearness(scene, i, j)
    if component == HOME_GROUP:
        return _home_group(scene, i, j)
    if component == APPROACH:
        return _approach(scene, scene.one.rows[i].kind, scene.many.rows[j].kind)
    if component == FREE_SEATS:
        return _free_seats(scene, j)
    return _recovery(scene, j)


@inlined
def fixed(scene: Scene, j: int) -> int:
    """What a sponsor brings to every pair: the points of engagement, free seats and recovery."""
    total = scene.terms.points[ENGAGEMENT] * _engagement(scene, j) // MILLION
    total += scene.terms.points[FREE_SEATS] * _free_seats(scene, j) // MILLION
    return total + scene.terms.points[RECOVERY] * _recovery(scene, j) // MILLION


@inlined
def fit(scene: Scene, i: int, j: int) -> int:
    """Points of what is told without looking at the week: experience, nearness, home group, approach."""
    total = scene.terms.points[EXPERIENCE] * _experience(scene, i, j) // MILLION
    total += scene.terms.points[NEARNESS] * _nearness(scene, i, j) // MILLION
    total += scene.terms.points[HOME_GROUP] * _home_group(scene, i, j) // MILLION
    return total + of_approach(scene, scene.one.rows[i].kind, scene.many.rows[j].kind)


@inlined
def of_experience(scene: Scene, i: int, j: int) -> int:
    """Points of experience alone."""
    return scene.terms.points[EXPERIENCE] * _experience(scene, i, j) // MILLION


@inlined
def of_approach(scene: Scene, a: int, b: int) -> int:
    """Points of approach, the same for all people of two kinds."""
    return scene.terms.points[APPROACH] * _approach(scene, a, b) // MILLION


@inlined
def of_hours(scene: Scene, shared_quarters: int) -> int:
    """Points of so many shared quarter hours a week."""
    return scene.terms.points[AVAILABILITY] * _availability(shared_quarters) // MILLION


@inlined
def most_experience(scene: Scene, i: int) -> int:
    """The most that experience could give a newcomer."""
    top = scene.terms.points[EXPERIENCE]
    return top if scene.ranked_first[i + 1] > scene.ranked_first[i] else top // 2


@inlined
def best_fit(scene: Scene, i: int, b: int) -> int:
    """The most that `fit` and `of_hours` could give a newcomer with a sponsor of a kind."""
    tops, newcomer = scene.terms.points, scene.one.rows[i]
    total = tops[AVAILABILITY] + most_experience(scene, i) + of_approach(scene, newcomer.kind, b)
    total += tops[NEARNESS] if common_modes(scene, newcomer.kind, b) & IN_PERSON_ONLY else tops[NEARNESS] // 2
    return total + (tops[HOME_GROUP] if newcomer.visit_count else tops[HOME_GROUP] // 2)


@inlined
def _availability(shared_quarters: int) -> int:
    """Shared hours a week, full at five."""
    return _portion(shared_quarters, FULL_QUARTERS)


@inlined
def _engagement(scene: Scene, j: int) -> Int:
    """Two fifths how lately they confirmed, one fifth a home group, two fifths offers answered in time."""
    sponsor = scene.many.rows[j]
    span = scene.terms.confirm_within_days + 1
    fresh = HALF
    if sponsor.confirmed_at != NEVER:
        days = max(scene.terms.now - sponsor.confirmed_at, 0) // DAY
        fresh = _portion(max(span - days, 0), span)
    grouped = HALF if sponsor.home_group == UNSTATED else MILLION
    answered = HALF if sponsor.answered == UNSTATED else np.int64(sponsor.answered)
    return (2 * fresh + grouped + 2 * answered) // 5


@inlined
def _experience(scene: Scene, i: int, j: int) -> int:
    """Tags the newcomer ranked and the sponsor offers: of n tags the first weighs n, the last 1."""
    begin, end = scene.ranked_first[i], scene.ranked_first[i + 1]
    found, whole = 0, 0
    for at in range(begin, end):
        bit = scene.ranked[at]
        whole += end - at
        if bit // 64 < scene.many.tags.shape[1]:
            found += (end - at) * np.int64(scene.many.tags[j, bit // 64] >> np.uint64(bit % 64) & np.uint64(1))
    return HALF + _portion(found, max(whole, 1)) // 2


@inlined
def is_near(scene: Scene, i: int, j: int) -> bool:
    """Tell whether two live so near that nearness gives more than one half, if they could meet in person."""
    far = metres(scene, i, j)
    return far != UNKNOWN and far < _reach(scene, i, j)


@inlined
def _reach(scene: Scene, i: int, j: int) -> int:
    """Metres at which nearness has fallen to one half; one at least, so that one's own area is always near."""
    farthest = limit(scene, i, j)
    return max(NEARBY_METRES if farthest == ANY_METRES else farthest, 1)


@inlined
def _nearness(scene: Scene, i: int, j: int) -> int:
    """One half when they would meet remotely; more, up to full, the nearer those live who could meet in person."""
    if not common_modes(scene, scene.one.rows[i].kind, scene.many.rows[j].kind) & IN_PERSON_ONLY:
        return HALF
    if not is_near(scene, i, j):
        return HALF
    return nearness_within(metres(scene, i, j), _reach(scene, i, j))


@inlined
def nearness_within(far: Int, reach: Int) -> Int:
    """The share of nearness at so many metres, fewer than the reach; it grows with the reach."""
    return HALF + _portion(reach - far, reach) // 2


@inlined
def _home_group(scene: Scene, i: int, j: int) -> int:
    """Full in one home group or two shared meetings, three quarters at one, nothing when the places are known apart."""
    one, other = scene.one.rows[i], scene.many.rows[j]
    if one.home_group != UNSTATED and one.home_group == other.home_group:
        return MILLION
    meetings = shared_meetings(scene, i, j)
    if meetings:
        return HALF + _portion(meetings, FULL_MEETINGS) // 2
    return 0 if one.visit_count and other.visit_count else HALF


@inlined
def shared_meetings(scene: Scene, i: int, j: int) -> int:
    """How many meetings both attend, home groups included."""
    one, other = scene.one.rows[i], scene.many.rows[j]
    at, end = one.visits, one.visits + one.visit_count
    there, last = other.visits, other.visits + other.visit_count
    found = 0
    while at < end and there < last:
        ours, theirs = scene.one.visits[at], scene.many.visits[there]
        found += ours == theirs
        at += ours <= theirs
        there += theirs <= ours
    return found


@inlined
def _approach(scene: Scene, a: int, b: int) -> int:
    one, other = scene.one.kinds[a].approach, scene.many.kinds[b].approach
    if one == NO_APPROACH or other == NO_APPROACH:
        return HALF
    return MILLION if one == other else 0


@inlined
def _free_seats(scene: Scene, j: int) -> int:
    """The share of a sponsor's seats that is free."""
    sponsor = scene.many.rows[j]
    seats, taken = np.int64(sponsor.seats), np.int64(sponsor.seats_taken)
    return _portion(max(seats - taken, 0), max(seats, 1))


@inlined
def _recovery(scene: Scene, j: int) -> int:
    """Three fifths time, full at five years, and two fifths Steps worked. A date that lies ahead is no day yet."""
    sponsor = scene.many.rows[j]
    time = HALF
    if sponsor.recovery_since != NO_DAY:
        days = max(scene.terms.today[sponsor.zone] - sponsor.recovery_since, 0)
        time = _portion(np.int64(days), FULL_DAYS)
    return (time * 3 + _portion(np.int64(sponsor.steps_worked), STEPS) * 2) // 5


@inlined
def _portion(amount: Int, full: Int) -> Int:
    """The share that an amount is of what counts as full, in millionths."""
    return min(np.int64(amount), np.int64(full)) * MILLION // np.int64(full)
