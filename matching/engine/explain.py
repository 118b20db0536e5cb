"""Why a pair fits, as stable keys with parameters, for each of the two about the other.

The words are not here: the pages have them, in every language. Nothing is told that the design keeps private: distances
and recovery time are bands, a newcomer's recovery time is told to nobody, and Steps are told to nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np

from matching.engine.people import IN_PERSON, MODES, Component, Person
from matching.engine.places import UNKNOWN
from matching.engine.pool import Ask
from matching.engine.scoring import POINT
from matching.engine.week import IN_HOUR, in_local_hours, on_grid

Param = int | str | datetime | tuple[str, ...] | tuple[int, ...]

DISTANCE_BANDS = ((5_000, "within_5_km"), (10_000, "within_10_km"), (25_000, "within_25_km"), (50_000, "within_50_km"))
"""Metres, and the band that ends there; what is farther is not a reason."""

RECOVERY_BANDS = ((365, "under_1_year"), (730, "1_to_2_years"), (1826, "2_to_5_years"), (3652, "5_to_10_years"))
"""Days, and the band that ends before them."""

LONGEST_BAND = "over_10_years"
LATELY_DAYS = 7


class ReasonKey(StrEnum):
    """Every reason there is, with its parameters."""

    SHARED_HOURS = "shared_hours"  # hours: whole hours a week, at least 1
    CONFIRMED_LATELY = "confirmed_lately"  # none
    EXPERIENCE = "experience"  # tag
    SAME_AREA = "same_area"  # area
    NEAR = "near"  # band: of DISTANCE_BANDS
    SAME_HOME_GROUP = "same_home_group"  # group
    SHARED_MEETINGS = "shared_meetings"  # meetings: keys, rising
    SAME_APPROACH = "same_approach"  # approach
    RECOVERY_BAND = "recovery_band"  # band: of RECOVERY_BANDS, or LONGEST_BAND
    LANGUAGE = "language"  # codes: rising
    WAY_TO_MEET = "way_to_meet"  # modes: in the order of MODES
    NEEDS_MET = "needs_met"  # needs of the viewer that the other can meet: rising
    NEEDS_TO_MEET = "needs_to_meet"  # needs of the other that the viewer can meet: rising
    WAITING = "waiting"  # since: aware moment


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to say about the other person, from the viewer's side."""

    key: ReasonKey
    params: Mapping[str, Param] = field(default_factory=dict)


_Weighed = tuple[Component | None, Reason]


def for_newcomer(ask: Ask, row: int, parts: Mapping[Component, int]) -> tuple[Reason, ...]:
    """What the newcomer is told about the sponsor of this row, whose score has these parts; best first."""
    return _best_first(ask, parts, [*_about_both(ask, row), *_about_sponsor(ask, row)])


def for_sponsor(ask: Ask, row: int, parts: Mapping[Component, int]) -> tuple[Reason, ...]:
    """What the sponsor of this row is told about the newcomer; best first."""
    return _best_first(ask, parts, [*_about_both(ask, row), *_about_newcomer(ask, row)])


def shared_week(viewer: Person, other: Person, monday: date) -> int:
    """The hours both have free in the week from this Monday, as 168 bits in the viewer's zone, bit 0 = Monday 00:00.

    An hour is shown when at least half of it is shared.

    Raises:
        UnknownZoneError: One of the zones does not exist.
        ValueError: The day is not a Monday.
    """
    grid = on_grid([viewer.week, other.week], [viewer.zone, other.zone], monday)
    return in_local_hours(grid[:, 0] & grid[:, 1], viewer.zone, monday)


def recovery_band(days: int) -> str:
    """The only form in which recovery time is shown to others."""
    return next((band for end, band in RECOVERY_BANDS if days < end), LONGEST_BAND)


def _best_first(ask: Ask, parts: Mapping[Component, int], weighed: list[_Weighed]) -> tuple[Reason, ...]:
    """Order by the points above neutral that the reason's component gave; what only meets a rule stands at neutral."""

    def twice_gained(one: _Weighed) -> int:
        component = one[0]
        return 0 if component is None else 2 * parts[component] - POINT * ask.facts.policy.weight(component)

    return tuple(reason for _, reason in sorted(weighed, key=twice_gained, reverse=True))


def _about_both(ask: Ask, row: int) -> Iterator[_Weighed]:
    newcomer, sponsor = ask.newcomer, ask.pool.members[row]
    hours = int(ask.quarters(np.array([row]))[0]) // IN_HOUR
    yield Component.AVAILABILITY, Reason(ReasonKey.SHARED_HOURS, {"hours": hours})
    for tag in dict.fromkeys(newcomer.experiences):
        if tag in sponsor.experiences:
            yield Component.EXPERIENCE, Reason(ReasonKey.EXPERIENCE, {"tag": tag})
    yield from _nearness(ask, row)
    yield from _meetings(newcomer, sponsor)
    if newcomer.approach and newcomer.approach == sponsor.approach:
        yield Component.APPROACH, Reason(ReasonKey.SAME_APPROACH, {"approach": sponsor.approach})
    yield None, Reason(ReasonKey.LANGUAGE, {"codes": tuple(sorted(newcomer.languages & sponsor.languages))})
    modes = tuple(mode for mode in MODES if mode in newcomer.modes & sponsor.modes)
    yield None, Reason(ReasonKey.WAY_TO_MEET, {"modes": modes})


def _nearness(ask: Ask, row: int) -> Iterator[_Weighed]:
    newcomer, sponsor = ask.newcomer, ask.pool.members[row]
    if IN_PERSON not in newcomer.modes & sponsor.modes:
        return
    if newcomer.area is not None and newcomer.area == sponsor.area:
        yield Component.NEARNESS, Reason(ReasonKey.SAME_AREA, {"area": newcomer.area})
        return
    rows = np.array([row])
    metres, limit = int(ask.metres(rows)[0]), int(ask.limits(rows)[0])
    band = next((band for end, band in DISTANCE_BANDS if metres <= end), None)
    if metres != UNKNOWN and metres <= limit and band:
        yield Component.NEARNESS, Reason(ReasonKey.NEAR, {"band": band})


def _meetings(newcomer: Person, sponsor: Person) -> Iterator[_Weighed]:
    if newcomer.home_group is not None and newcomer.home_group == sponsor.home_group:
        yield Component.HOME_GROUP, Reason(ReasonKey.SAME_HOME_GROUP, {"group": newcomer.home_group})
    elif shared := newcomer.attends & sponsor.attends:
        yield Component.HOME_GROUP, Reason(ReasonKey.SHARED_MEETINGS, {"meetings": tuple(sorted(shared))})


def _about_sponsor(ask: Ask, row: int) -> Iterator[_Weighed]:
    newcomer, sponsor = ask.newcomer, ask.pool.members[row]
    if sponsor.confirmed_at is not None and (ask.facts.now - sponsor.confirmed_at).days <= LATELY_DAYS:
        yield Component.ENGAGEMENT, Reason(ReasonKey.CONFIRMED_LATELY)
    if sponsor.recovery_since is not None:
        band = recovery_band((ask.facts.today(sponsor.zone) - sponsor.recovery_since).days)
        yield Component.RECOVERY, Reason(ReasonKey.RECOVERY_BAND, {"band": band})
    yield from _needs(newcomer, sponsor)


def _about_newcomer(ask: Ask, row: int) -> Iterator[_Weighed]:
    newcomer, sponsor = ask.newcomer, ask.pool.members[row]
    yield from _needs(sponsor, newcomer)
    if newcomer.waiting_since is not None:
        yield None, Reason(ReasonKey.WAITING, {"since": newcomer.waiting_since})


def _needs(viewer: Person, other: Person) -> Iterator[_Weighed]:
    if met := viewer.needs & other.can_meet:
        yield None, Reason(ReasonKey.NEEDS_MET, {"needs": tuple(sorted(met))})
    if to_meet := other.needs & viewer.can_meet:
        yield None, Reason(ReasonKey.NEEDS_TO_MEET, {"needs": tuple(sorted(to_meet))})
