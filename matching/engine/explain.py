"""Why a pair fits, as stable keys with parameters, for each of the two about the other.

The words are not here: the pages have them, in every language. Nothing is told that the design keeps private: distances
and recovery time are bands, a newcomer's recovery time is told to nobody, and Steps are told to nobody.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from matching.engine import week
from matching.engine.columns import NEVER, NO_DAY, UNSTATED
from matching.engine.people import APPROACHES, IN_PERSON, MODES, Component, Person, Policy
from matching.engine.places import UNKNOWN
from matching.engine.pool import Pool
from matching.engine.rules import DAY
from matching.engine.scoring import POINT

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


class Reason(NamedTuple):
    """One thing to say about the other person, from the viewer's side."""

    key: ReasonKey
    params: Mapping[str, Param] = MappingProxyType({})


_Weighed = tuple[Component | None, Reason]


class Pair(NamedTuple):
    """A newcomer, and of a sponsor no more than reasons are made of.

    Attributes:
        parts: The score by component.
        quarters: Shared quarter hours a week; metres: between area centres, or UNKNOWN; limit: what both accept.
        languages, needs, can_meet, experiences, modes: The sponsor's.
        area, home_group, meetings, approach: The sponsor's; None or empty is unstated.
        confirmed_days, recovery_days: Whole days since, or None.
    """

    newcomer: Person
    policy: Policy
    parts: Mapping[Component, int]
    quarters: int
    metres: int
    limit: int
    languages: frozenset[str]
    needs: frozenset[str]
    can_meet: frozenset[str]
    experiences: frozenset[str]
    modes: int
    area: int | None
    home_group: int | None
    meetings: frozenset[int]
    approach: str
    confirmed_days: int | None
    recovery_days: int | None

    @classmethod
    def of(
        cls, newcomer: Person, pool: Pool, row: int, parts: Mapping[Component, int], common: tuple[int, int, int]
    ) -> "Pair":
        """Read what is kept of the sponsor in this row of the pool; `common` is of `scoring.common`."""
        people, codes, terms = pool.people, pool.codes, pool.terms
        sponsor = people.rows[row]
        languages, needs, can_meet = codes.kinds.things[sponsor["kind"]][-3:]
        attended = people.visits[sponsor["visits"] :][: sponsor["visit_count"]].tolist()
        confirmed, recovery = int(sponsor["confirmed_at"]), int(sponsor["recovery_since"])
        return cls(
            newcomer=newcomer,
            policy=pool.facts.policy,
            parts=parts,
            quarters=common[0],
            metres=common[1],
            limit=common[2],
            languages=codes.languages.spell(languages),
            needs=codes.needs.spell(needs),
            can_meet=codes.needs.spell(can_meet),
            experiences=codes.tags.spell(_joined(people.tags[row])),
            modes=int(people.kinds[sponsor["kind"]]["modes"]),
            area=codes.places[sponsor["place"]][0],
            home_group=_meeting(sponsor["home_group"], pool),
            meetings=frozenset(codes.meetings.things[number] for number in attended),
            approach=APPROACHES[people.kinds[sponsor["kind"]]["approach"]],
            confirmed_days=None if confirmed == NEVER else (terms.now - confirmed) // DAY,
            recovery_days=None if recovery == NO_DAY else int(terms.today[sponsor["zone"]]) - recovery,
        )


def reasons(pair: Pair) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """What the newcomer is told about the sponsor, and the sponsor about the newcomer; each best first."""
    both = [*_about_both(pair)]
    return _best_first(pair, [*both, *_about_sponsor(pair)]), _best_first(pair, [*both, *_about_newcomer(pair)])


def shared_week(viewer: Person, other: Person, monday: date) -> int:
    """The hours both have free in the week from this Monday, as 168 bits in the viewer's zone, bit 0 = Monday 00:00.

    An hour is shown when at least half of it is shared.

    Raises:
        UnknownZoneError: One of the zones does not exist.
        ValueError: The day is not a Monday.
    """
    return week.shared_week((viewer.week, viewer.zone), (other.week, other.zone), monday, viewer.zone)


def recovery_band(days: int) -> str:
    """The only form in which recovery time is shown to others."""
    return next((band for end, band in RECOVERY_BANDS if days < end), LONGEST_BAND)


def _best_first(pair: Pair, weighed: list[_Weighed]) -> tuple[Reason, ...]:
    """Order by the points above neutral that the reason's component gave; what only meets a rule stands at neutral."""

    parts, weights = pair.parts, pair.policy.weights

    def twice_gained(one: _Weighed) -> int:
        component = one[0]
        return 0 if component is None else 2 * parts[component] - POINT * weights.get(component, 0)

    return tuple([reason for _, reason in sorted(weighed, key=twice_gained, reverse=True)])


def _about_both(pair: Pair) -> Iterator[_Weighed]:
    newcomer = pair.newcomer
    yield Component.AVAILABILITY, Reason(ReasonKey.SHARED_HOURS, {"hours": pair.quarters // week.IN_HOUR})
    for tag in dict.fromkeys(newcomer.experiences):
        if tag in pair.experiences:
            yield Component.EXPERIENCE, Reason(ReasonKey.EXPERIENCE, {"tag": tag})
    modes = tuple(mode for at, mode in enumerate(MODES) if mode in newcomer.modes and pair.modes >> at & 1)
    yield from _nearness(pair, modes)
    yield from _meetings(pair)
    if newcomer.approach and newcomer.approach == pair.approach:
        yield Component.APPROACH, Reason(ReasonKey.SAME_APPROACH, {"approach": pair.approach})
    yield None, Reason(ReasonKey.LANGUAGE, {"codes": tuple(sorted(newcomer.languages & pair.languages))})
    yield None, Reason(ReasonKey.WAY_TO_MEET, {"modes": modes})


def _nearness(pair: Pair, modes: tuple[str, ...]) -> Iterator[_Weighed]:
    if IN_PERSON not in modes:
        return
    if pair.newcomer.area is not None and pair.newcomer.area == pair.area:
        yield Component.NEARNESS, Reason(ReasonKey.SAME_AREA, {"area": pair.area})
        return
    band = next((band for end, band in DISTANCE_BANDS if pair.metres <= end), None)
    if pair.metres != UNKNOWN and pair.metres <= pair.limit and band:
        yield Component.NEARNESS, Reason(ReasonKey.NEAR, {"band": band})


def _meetings(pair: Pair) -> Iterator[_Weighed]:
    newcomer = pair.newcomer
    if newcomer.home_group is not None and newcomer.home_group == pair.home_group:
        yield Component.HOME_GROUP, Reason(ReasonKey.SAME_HOME_GROUP, {"group": newcomer.home_group})
    elif shared := newcomer.attends & pair.meetings:
        yield Component.HOME_GROUP, Reason(ReasonKey.SHARED_MEETINGS, {"meetings": tuple(sorted(shared))})


def _about_sponsor(pair: Pair) -> Iterator[_Weighed]:
    if pair.confirmed_days is not None and pair.confirmed_days <= LATELY_DAYS:
        yield Component.ENGAGEMENT, Reason(ReasonKey.CONFIRMED_LATELY)
    if pair.recovery_days is not None:
        band = recovery_band(pair.recovery_days)
        yield Component.RECOVERY, Reason(ReasonKey.RECOVERY_BAND, {"band": band})
    yield from _needs(pair.newcomer.needs & pair.can_meet, pair.needs & pair.newcomer.can_meet)


def _about_newcomer(pair: Pair) -> Iterator[_Weighed]:
    yield from _needs(pair.needs & pair.newcomer.can_meet, pair.newcomer.needs & pair.can_meet)
    if pair.newcomer.waiting_since is not None:
        yield None, Reason(ReasonKey.WAITING, {"since": pair.newcomer.waiting_since})


def _needs(met: frozenset[str], to_meet: frozenset[str]) -> Iterator[_Weighed]:
    """The viewer's needs that the other meets, and the other's that the viewer meets."""
    if met:
        yield None, Reason(ReasonKey.NEEDS_MET, {"needs": tuple(sorted(met))})
    if to_meet:
        yield None, Reason(ReasonKey.NEEDS_TO_MEET, {"needs": tuple(sorted(to_meet))})


def _joined(words: Any) -> int:
    """One mask of its 64-bit words."""
    return sum(int(word) << 64 * at for at, word in enumerate(words))


def _meeting(number: int, pool: Pool) -> int | None:
    return None if number == UNSTATED else pool.codes.meetings.things[number]
