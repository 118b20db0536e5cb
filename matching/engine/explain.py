"""Why a pair fits, as stable keys with parameters, for each of the two about the other.

The words are not here: the pages have them, in every language. Nothing is told that the design keeps private: distances
and recovery time are bands, a newcomer's recovery time is told to nobody, and Steps are told to nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import chain, compress
from types import MappingProxyType
from typing import NamedTuple

from matching.engine import closer, week
from matching.engine.columns import FIELDS
from matching.engine.people import APPROACHES, MODES, Person
from matching.engine.places import UNKNOWN
from matching.engine.pool import Pool
from matching.engine.rules import IN_PERSON_ONLY
from matching.engine.scene import Ask
from matching.engine.vocabulary import WORD
from matching.engine.week import Words

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


Reasons = tuple[Reason, ...]

NO_REASON: Reasons = ()
_MODES, _APPROACH = FIELDS.index("modes"), FIELDS.index("approach")
_LANGUAGES, _NEEDS, _CAN_MEET = range(len(FIELDS), len(FIELDS) + 3)


@lru_cache(maxsize=8192)
def _said(key: ReasonKey, name: str, value: Param) -> Reason:
    """The reason with one parameter: made once, since crowds share most of them."""
    return Reason(key, MappingProxyType({name: value}))


_LATELY: Reasons = (Reason(ReasonKey.CONFIRMED_LATELY),)
_WAYS = tuple(
    _said(ReasonKey.WAY_TO_MEET, "modes", tuple(mode for at, mode in enumerate(MODES) if bits >> at & 1))
    for bits in range(1 << len(MODES))
)


class Teller:
    """Says why sponsors fit one newcomer."""

    def __init__(self, ask: Ask, pool: Pool) -> None:
        self._newcomer: Person = ask.newcomer
        self._people, self._codes = pool.people, pool.codes
        one = ask.scene.one
        kind = one.kinds[0]
        self._modes, self._approach = int(kind["modes"]), int(kind["approach"])
        self._languages, self._needs, self._can_meet = (_mask(one.languages), _mask(one.needs), _mask(one.can_meet))
        self._tags = [_said(ReasonKey.EXPERIENCE, "tag", tag) for tag in dict.fromkeys(ask.newcomer.experiences)]
        since = ask.newcomer.waiting_since
        self._waiting = NO_REASON if since is None else (Reason(ReasonKey.WAITING, {"since": since}),)

    def reasons(self, row: int, seen: Sequence[int]) -> tuple[Reasons, Reasons]:
        """What the newcomer is told about a sponsor, and the sponsor about the newcomer; each best first.

        Args:
            row: The sponsor's; seen: of `closer.closely`.
        """
        kind = self._codes.kinds.things[seen[closer.KIND]]
        met, to_meet = self._needs & kind[_CAN_MEET], kind[_NEEDS] & self._can_meet
        modes = self._modes & kind[_MODES]
        told = [
            (_said(ReasonKey.SHARED_HOURS, "hours", seen[closer.QUARTERS] // week.IN_HOUR),),
            compress(self._tags, seen[closer.TAGS :]),
            self._nearness(seen) if modes & IN_PERSON_ONLY else NO_REASON,
            self._meetings(row, seen),
            self._same_approach(kind[_APPROACH]),
            (self._language(self._languages & kind[_LANGUAGES]), _WAYS[modes]),
            _LATELY if seen[closer.CONFIRMED_DAYS] <= LATELY_DAYS else NO_REASON,
            _recovery(seen[closer.RECOVERY_DAYS]),
            self._met(met, to_meet),
        ]
        told[1] = tuple(told[1])
        order = seen[closer.ORDER : closer.TAGS]
        for_newcomer = tuple(chain.from_iterable(map(told.__getitem__, order)))
        told[6:] = NO_REASON, NO_REASON, self._met(to_meet, met) + self._waiting
        return for_newcomer, tuple(chain.from_iterable(map(told.__getitem__, order)))

    def _nearness(self, seen: Sequence[int]) -> Reasons:
        area, _, _ = self._codes.places[seen[closer.PLACE]]
        if area is not None and area == self._newcomer.area:
            return (_said(ReasonKey.SAME_AREA, "area", area),)
        metres = seen[closer.METRES]
        band = next((band for end, band in DISTANCE_BANDS if metres <= end), None)
        if band is None or metres == UNKNOWN or metres > seen[closer.LIMIT]:
            return NO_REASON
        return (_said(ReasonKey.NEAR, "band", band),)

    def _meetings(self, row: int, seen: Sequence[int]) -> Reasons:
        home_group = self._newcomer.home_group
        if home_group is not None and seen[closer.SAME_GROUP]:
            return (_said(ReasonKey.SAME_HOME_GROUP, "group", home_group),)
        if not seen[closer.MEETINGS]:
            return NO_REASON
        sponsor = self._people.rows[row]
        attended = self._people.visits[sponsor["visits"] :][: sponsor["visit_count"]].tolist()
        shared = self._newcomer.attends.intersection(self._codes.meetings.things[number] for number in attended)
        return (_said(ReasonKey.SHARED_MEETINGS, "meetings", tuple(sorted(shared))),)

    def _same_approach(self, approach: int) -> Reasons:
        if not APPROACHES[approach] or approach != self._approach:
            return NO_REASON
        return (_said(ReasonKey.SAME_APPROACH, "approach", APPROACHES[approach]),)

    def _language(self, common: int) -> Reason:
        return _said(ReasonKey.LANGUAGE, "codes", self._codes.languages.listed(common))

    def _met(self, met: int, to_meet: int) -> Reasons:
        """The viewer's needs that the other meets, and the other's that the viewer meets."""
        needs = ((ReasonKey.NEEDS_MET, met), (ReasonKey.NEEDS_TO_MEET, to_meet)) if met or to_meet else ()
        return tuple(_said(key, "needs", self._codes.needs.listed(some)) for key, some in needs if some)


def _recovery(days: int) -> Reasons:
    return NO_REASON if days == closer.UNTOLD else (_said(ReasonKey.RECOVERY_BAND, "band", recovery_band(days)),)


def _mask(words: Words) -> int:
    """The first of some masks, of its 64-bit words."""
    return sum(word << WORD * at for at, word in enumerate(words[0].tolist()))


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
