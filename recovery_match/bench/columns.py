"""The crowd as columns for the other ways: only what the rules and scores of this crowd look at.

Nothing here is the engine's: the other ways score by code of their own, and the tests hold it against the engine.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from matching.engine import Component, Person
from recovery_match.bench.crowd import APPROACHES, GENDERS, LANGUAGES, LIMITS, MODES, MONDAY, NOW, TAGS
from recovery_match.bench.points import HALF, MILLION, POLICY, points, portion

Whole = npt.NDArray[np.int32]
Long = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.intp]
Keys = npt.NDArray[np.integer]
Flags = npt.NDArray[np.bool_]

NOTHING = -1
"""No meeting, no home group."""

MOST_VISITS = 3
IN_PERSON = 1 << MODES.index("in_person")
TASTES = len(APPROACHES) << len(TAGS)
"""How many pairs of tags and approach there are."""

_HOURS = 168
_WEEK = (1 << _HOURS) - 1
_FULL_DAYS = 1826
_STEPS = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry for each person, in their order.

    Attributes:
        fellowship: Its key; gender, comfortable, languages, modes: bits in the order of the crowd's words.
        week: (3, people) the 168 hours of UTC.
        area: Key of the area; limit: index into LIMITS.
        visits: (3, people) meetings, the home group among them, or NOTHING; home: the home group or NOTHING.
        taste: Tags as bits, times the approaches, plus the approach.
        alone: Points of the components that look at the sponsor alone: 0 for newcomers.
        free: Free seats; taken: seats taken; last_offer: microseconds since 1970, before all others if never.
    """

    ids: tuple[UUID, ...]
    fellowship: Bits
    gender: Bits
    comfortable: Bits
    languages: Bits
    modes: Bits
    week: Words
    area: Whole
    limit: Bits
    visits: Whole
    home: Whole
    taste: Bits
    alone: Whole
    free: Whole
    taken: Whole
    last_offer: Long

    @classmethod
    def of(cls, persons: Sequence[Person]) -> "Columns":
        """Lay people of the crowd out as columns."""
        return cls(
            ids=tuple(p.id for p in persons),
            fellowship=_bits(p.fellowship for p in persons),
            gender=_bits(1 << GENDERS.index(p.gender) for p in persons),
            comfortable=_masks((p.comfortable_with for p in persons), _genders),
            languages=_masks((p.languages for p in persons), lambda some: _mask(some, LANGUAGES)),
            modes=_masks((p.modes for p in persons), lambda some: _mask(some, MODES)),
            week=_weeks(persons),
            area=_whole(p.area or 0 for p in persons),
            limit=_bits(LIMITS.index(p.max_km) for p in persons),
            visits=_visits(persons),
            home=_whole(NOTHING if p.home_group is None else p.home_group for p in persons),
            taste=_bits(_mask(p.experiences, TAGS) * len(APPROACHES) + APPROACHES.index(p.approach) for p in persons),
            alone=_whole(_alone(p) if p.is_sponsor else 0 for p in persons),
            free=_whole(p.seats - p.seats_taken for p in persons),
            taken=_whole(p.seats_taken for p in persons),
            last_offer=np.fromiter((_moment(p.last_offer_at) for p in persons), dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def some(self, rows: Rows) -> "Columns":
        """Only these people, in this order."""
        cut = {one.name: getattr(self, one.name)[..., rows] for one in fields(self) if one.name != "ids"}
        return replace(self, ids=tuple(self.ids[row] for row in rows.tolist()), **cut)

    def by_fellowship(self) -> dict[int, Rows]:
        """The rows of each fellowship that anybody belongs to."""
        return {int(key): np.flatnonzero(self.fellowship == key) for key in np.unique(self.fellowship)}


def _alone(sponsor: Person) -> int:
    return (
        points(Component.ENGAGEMENT, _engagement(sponsor))
        + points(Component.FREE_SEATS, portion(sponsor.seats - sponsor.seats_taken, sponsor.seats))
        + points(Component.RECOVERY, _recovery(sponsor))
    )


def _engagement(sponsor: Person) -> int:
    span = POLICY.confirm_within_days + 1
    days = span if sponsor.confirmed_at is None else (NOW - sponsor.confirmed_at).days
    grouped = HALF if sponsor.home_group is None else MILLION
    answered = HALF if sponsor.answered_in_time is None else round(sponsor.answered_in_time * MILLION)
    return (2 * portion(max(span - days, 0), span) + grouped + 2 * answered) // 5


def _recovery(sponsor: Person) -> int:
    today = NOW.astimezone(ZoneInfo(sponsor.zone)).date()
    time = HALF if sponsor.recovery_since is None else portion((today - sponsor.recovery_since).days, _FULL_DAYS)
    return (3 * time + 2 * portion(sponsor.steps_worked, _STEPS)) // 5


def _weeks(persons: Sequence[Person]) -> Words:
    """Turn each week from its zone to UTC. The crowd's zones lie whole hours apart, and no clock changes."""
    ahead = {zone: _hours_behind(zone) for zone in {p.zone for p in persons}}
    packed = b"".join(_turned(p.week, ahead[p.zone]).to_bytes(24, "little") for p in persons)
    return np.ascontiguousarray(np.frombuffer(packed, dtype="<u8").reshape(-1, 3).T)


def _turned(week: int, hours: int) -> int:
    return (week << hours | week >> (_HOURS - hours)) & _WEEK


def _hours_behind(zone: str) -> int:
    offset = datetime.combine(MONDAY, datetime.min.time(), ZoneInfo(zone)).utcoffset() or timedelta()
    return -(offset // timedelta(hours=1)) % _HOURS


def _visits(persons: Sequence[Person]) -> Whole:
    visits = np.full((MOST_VISITS, len(persons)), NOTHING, dtype=np.int32)
    for row, person in enumerate(persons):
        for at, meeting in enumerate(person.attends):
            visits[at, row] = meeting
    return visits


def _genders(comfortable_with: Iterable[str]) -> int:
    return (1 << len(GENDERS)) - 1 if "anyone" in comfortable_with else _mask(comfortable_with, GENDERS)


def _mask(some: Iterable[str], words: Sequence[str]) -> int:
    return sum(1 << words.index(one) for one in some)


def _masks(many: Iterable[frozenset[str]], mask: Callable[[frozenset[str]], int]) -> Bits:
    known: dict[frozenset[str], int] = {}
    return _bits(known[some] if some in known else known.setdefault(some, mask(some)) for some in many)


def _moment(moment: datetime | None) -> int:
    return np.iinfo(np.int64).min if moment is None else round(moment.timestamp()) * 1_000_000


def _whole(values: Iterable[int]) -> Whole:
    return np.fromiter(values, dtype=np.int32)


def _bits(values: Iterable[int]) -> Bits:
    return np.fromiter(values, dtype=np.uint8)
