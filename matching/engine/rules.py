"""The hard rules: what no weight, no policy and no coordinator can outvote.

Each rule has one implementation, used for one pair and for a whole pool alike. They are asked in the order of `Rule`,
and a sponsor is out at the first one that is broken, which is what "why nobody?" counts.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from matching.engine.columns import Flags, Rows
from matching.engine.people import IN_PERSON, MODES
from matching.engine.places import ANY_METRES, UNKNOWN
from matching.engine.pool import Ask
from matching.engine.week import IN_HOUR, Words

LEAST_SHARED_QUARTERS = IN_HOUR
"""At least one shared hour a week, in real time."""

IN_PERSON_ONLY = 1 << MODES.index(IN_PERSON)

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


def met(rule: Rule, ask: Ask, rows: Rows) -> Flags:
    """Tell for each of these sponsors whether the rule holds between them and the newcomer."""
    return _CHECKS[rule](ask, rows)


def first_broken(ask: Ask, rows: Rows, rules: Sequence[Rule] = RULES) -> Broken:
    """Find for each of these sponsors the first rule that excludes them.

    Args:
        ask: The newcomer beside the pool.
        rows: The sponsors to look at.
        rules: The rules to ask, in this order.

    Returns:
        Alike in length with `rows`: an index into RULES, or KEPT.
    """
    broken = np.full(len(rows), KEPT, dtype=np.int8)
    left = np.arange(len(rows), dtype=np.intp)
    for rule in rules:
        holds = met(rule, ask, rows[left])
        broken[left[~holds]] = RULES.index(rule)
        left = left[holds]
    return broken


def eligible(ask: Ask) -> Rows:
    """Rows of all the sponsors whom no rule excludes, in rising order."""
    return np.flatnonzero(first_broken(ask, ask.pool.rows) == KEPT)


def _fellowship(ask: Ask, rows: Rows) -> Flags:
    return _flags(ask.sponsors.fellowship[rows] == ask.own.fellowship[0])


def _active(ask: Ask, rows: Rows) -> Flags:
    return _flags(ask.sponsors.active[rows] & ask.own.active[0])


def _offers(ask: Ask, rows: Rows) -> Flags:
    return ask.sponsors.is_sponsor[rows]


def _approved(ask: Ask, rows: Rows) -> Flags:
    return ask.sponsors.approved[rows]


def _confirmed(ask: Ask, rows: Rows) -> Flags:
    days = ask.sponsors.confirmed_days[rows]
    return _flags((days >= 0) & (days <= ask.facts.policy.confirm_within_days))


def _paused(ask: Ask, rows: Rows) -> Flags:
    return ~ask.sponsors.paused[rows]


def _barred(ask: Ask, rows: Rows) -> Flags:
    return ~ask.sponsors.among(rows, ask.facts.barred_from(ask.newcomer.id))


def _gender(ask: Ask, rows: Rows) -> Flags:
    one, many = ask.own, ask.sponsors
    welcomes = one.comfortable[0] & many.gender[rows]
    is_welcome = many.comfortable[rows] & one.gender[0]
    return _flags((welcomes != 0) & (is_welcome != 0))


def _language(ask: Ask, rows: Rows) -> Flags:
    common = np.zeros(len(rows), dtype=np.bool_)
    for own, theirs in zip(ask.own.languages, ask.sponsors.languages, strict=True):
        common |= (own[0] & theirs[rows]) != 0
    return common


def _needs(ask: Ask, rows: Rows) -> Flags:
    """Both ways: a sponsor's needs count as much as a newcomer's."""
    one, many = ask.own, ask.sponsors
    return _covered(one.needs, many.can_meet[:, rows]) & _covered(many.needs[:, rows], one.can_meet)


def _covered(needs: Words, offers: Words) -> Flags:
    return _flags(((needs & ~offers) == 0).all(axis=0))


def _seats(ask: Ask, rows: Rows) -> Flags:
    return _flags(ask.sponsors.seats_taken[rows] < ask.sponsors.seats[rows])


def _minimum_time(ask: Ask, rows: Rows) -> Flags:
    """Asked by each sponsor's own fellowship, so that the answer does not lean on the fellowship rule."""
    asked, place = np.unique(ask.sponsors.fellowship[rows], return_inverse=True)
    days = np.array([ask.facts.policy.days_asked(int(key)) for key in asked], dtype=np.int64)[place]
    return _flags((days == 0) | (ask.sponsors.recovery_days[rows] >= days))


def _has_sponsor(ask: Ask, rows: Rows) -> Flags:
    return ask.sponsors.has_sponsor[rows]


def _steps(ask: Ask, rows: Rows) -> Flags:
    return _flags(ask.sponsors.steps_worked[rows] >= ask.facts.policy.steps_needed)


def _way_to_meet(ask: Ask, rows: Rows) -> Flags:
    return _flags(ask.modes(rows) != 0)


def _distance(ask: Ask, rows: Rows) -> Flags:
    """Asked only of pairs who can meet in person and in no other way.

    Whoever set a limit is not sent to an unknown place: an unknown distance is within no limit but "any".
    """
    metres, limits = ask.metres(rows), ask.limits(rows)
    within = (limits == ANY_METRES) | ((metres != UNKNOWN) & (metres <= limits))
    return _flags((ask.modes(rows) != IN_PERSON_ONLY) | within)


def _hours(ask: Ask, rows: Rows) -> Flags:
    return _flags(ask.quarters(rows) >= LEAST_SHARED_QUARTERS)


def _chain(ask: Ask, rows: Rows) -> Flags:
    """Nobody sponsors themself or anybody whose line of sponsorship they stand in: it has no cycles."""
    return ~ask.sponsors.among(rows, ask.facts.lineage(ask.newcomer.id))


def _flags(values: Flags) -> Flags:
    """Give comparisons their type back: in numpy's stubs they are Any."""
    return values


_CHECKS: Mapping[Rule, Callable[[Ask, Rows], Flags]] = {
    Rule.FELLOWSHIP: _fellowship,
    Rule.ACTIVE: _active,
    Rule.OFFERS: _offers,
    Rule.APPROVED: _approved,
    Rule.CONFIRMED: _confirmed,
    Rule.PAUSED: _paused,
    Rule.BARRED: _barred,
    Rule.GENDER: _gender,
    Rule.LANGUAGE: _language,
    Rule.NEEDS: _needs,
    Rule.SEATS: _seats,
    Rule.MINIMUM_TIME: _minimum_time,
    Rule.HAS_SPONSOR: _has_sponsor,
    Rule.STEPS: _steps,
    Rule.WAY_TO_MEET: _way_to_meet,
    Rule.DISTANCE: _distance,
    Rule.HOURS: _hours,
    Rule.CHAIN: _chain,
}
