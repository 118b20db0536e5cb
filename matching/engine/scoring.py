"""The score of a pair whom no hard rule excludes, kept in parts.

A component is a share of its weight, in millionths; its points are thousandths of a point, rounded down once. All is
integer arithmetic, so that sums, ties and comparisons are exact and the same everywhere. What is unstated scores one
half, and nobody scores more by leaving something true unsaid: where things are ticked one by one (experiences) or only
add an option (meeting in person), one half is the least.
"""

from collections.abc import Callable, Mapping

import numpy as np

from matching.engine.columns import MILLION, NONE, UNSTATED, Rows
from matching.engine.people import APPROACHES, STEPS, Component
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.pool import Ask
from matching.engine.rules import IN_PERSON_ONLY
from matching.engine.week import IN_HOUR, Whole

COMPONENTS = tuple(Component)
POINT = 1000
"""Units of a score in one point of a weight: the default weights make at most 100,000."""

FULL_QUARTERS = 5 * IN_HOUR
FULL_DAYS = 1826
"""Five years: decades were not found to beat years."""

FULL_MEETINGS = 2
NEARBY_METRES = 50_000
"""Distances are judged against the limits of both; against this when neither has one."""

HALF = MILLION // 2


def parts(ask: Ask, rows: Rows) -> Whole:
    """Score these sponsors for the newcomer.

    Returns:
        (components, rows) in thousandths of a point, components in the order of COMPONENTS. A pair's score is the sum
        of its column. The figures mean nothing for a pair that a hard rule excludes.
    """
    policy = ask.facts.policy
    scored = np.empty((len(COMPONENTS), len(rows)), dtype=np.int64)
    for at, component in enumerate(COMPONENTS):
        scored[at] = policy.weight(component) * POINT * share(component, ask, rows) // MILLION
    return scored


def share(component: Component, ask: Ask, rows: Rows) -> Whole:
    """How well each of these sponsors does in one component: 0 to 1,000,000."""
    return _SHARES[component](ask, rows)


def _availability(ask: Ask, rows: Rows) -> Whole:
    """Shared hours a week, full at five."""
    return _portion(ask.quarters(rows), FULL_QUARTERS)


def _engagement(ask: Ask, rows: Rows) -> Whole:
    """Two fifths how lately they confirmed, one fifth a home group, two fifths offers answered in time."""
    many, span = ask.sponsors, ask.facts.policy.confirm_within_days + 1
    days = many.confirmed_days[rows]
    fresh: Whole = np.where(days == UNSTATED, HALF, _portion(np.maximum(span - days, 0), span))
    grouped: Whole = np.where(many.home_group[rows] == NONE, HALF, MILLION)
    answered: Whole = np.where(many.answered[rows] == UNSTATED, HALF, many.answered[rows])
    return _whole((2 * fresh + grouped + 2 * answered) // 5)


def _experience(ask: Ask, rows: Rows) -> Whole:
    """Tags the newcomer ranked and the sponsor offers: of n tags the first weighs n, the last 1."""
    ranked = tuple(dict.fromkeys(ask.newcomer.experiences))
    found = np.zeros(len(rows), dtype=np.int64)
    for weight, tag in zip(range(len(ranked), 0, -1), ranked, strict=True):
        bit = ask.sponsors.codes.tags.bit(tag)
        mask = np.uint64(1 << bit % 64)
        found += np.where(ask.sponsors.tags[bit // 64, rows] & mask, weight, 0)
    return HALF + _portion(found, max(len(ranked) * (len(ranked) + 1) // 2, 1)) // 2


def _nearness(ask: Ask, rows: Rows) -> Whole:
    """One half when they would meet remotely; more, up to full, the nearer those live who could meet in person."""
    metres, limits = ask.metres(rows), ask.limits(rows)
    reach = np.maximum(np.where(limits == ANY_METRES, NEARBY_METRES, limits), 1)
    could_meet = ((ask.modes(rows) & IN_PERSON_ONLY) != 0) & (metres != UNKNOWN)
    return HALF + np.where(could_meet, _portion(np.maximum(reach - metres, 0), reach), 0) // 2


def _home_group(ask: Ask, rows: Rows) -> Whole:
    """Full in one home group or two shared meetings, three quarters at one, nothing when the places are known apart."""
    meetings = ask.shared_meetings(rows)
    own = ask.own.home_group[0]
    same_group = (own != NONE) & (ask.sponsors.home_group[rows] == own)
    stated = ask.sponsors.visited[rows] & bool(ask.newcomer.attends)
    ladder = np.where(meetings > 0, HALF + _portion(meetings, FULL_MEETINGS) // 2, np.where(stated, 0, HALF))
    return np.where(same_group, MILLION, ladder)


def _approach(ask: Ask, rows: Rows) -> Whole:
    unstated = APPROACHES.index("")
    own, theirs = ask.own.approach[0], ask.sponsors.approach[rows]
    stated = (own != unstated) & (theirs != unstated)
    return np.where(stated, np.where(theirs == own, MILLION, 0), HALF)


def _free_seats(ask: Ask, rows: Rows) -> Whole:
    """The share of a sponsor's seats that is free."""
    seats, taken = ask.sponsors.seats[rows], ask.sponsors.seats_taken[rows]
    return _portion(np.maximum(seats - taken, 0), np.maximum(seats, 1))


def _recovery(ask: Ask, rows: Rows) -> Whole:
    """Three fifths time, full at five years, and two fifths Steps worked."""
    days = ask.sponsors.recovery_days[rows]
    time = np.where(days == UNSTATED, HALF, _portion(days, FULL_DAYS))
    return _whole((time * 3 + _portion(ask.sponsors.steps_worked[rows], STEPS) * 2) // 5)


def _portion(amount: Whole, full: Whole | int) -> Whole:
    """The share that an amount is of what counts as full, in millionths."""
    reached: Whole = np.minimum(amount, full)
    return _whole(reached * MILLION // full)


def _whole(values: Whole) -> Whole:
    """Give arithmetic its type back: in numpy's stubs some of it is Any."""
    return values


_SHARES: Mapping[Component, Callable[[Ask, Rows], Whole]] = {
    Component.AVAILABILITY: _availability,
    Component.ENGAGEMENT: _engagement,
    Component.EXPERIENCE: _experience,
    Component.NEARNESS: _nearness,
    Component.HOME_GROUP: _home_group,
    Component.APPROACH: _approach,
    Component.FREE_SEATS: _free_seats,
    Component.RECOVERY: _recovery,
}
