"""People as columns: one array for each thing that a rule or a component looks at, one entry for each person."""

import math
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching.engine.people import ANYONE, APPROACHES, GENDERS, MODES, Person
from matching.engine.places import ANY_METRES, Places
from matching.engine.week import Whole, Words, on_grid, zone_of

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]

UNSTATED = -1
"""A count that was not stated."""

NONE = np.iinfo(np.int64).min
"""No such key, or no such moment: before all others."""

MILLION = 1_000_000
_LOW = (1 << 64) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Vocabulary:
    """Words of one kind as bits. Bit 0 stands for every word that this vocabulary does not know.

    Nobody whose words built the vocabulary has bit 0, so a newcomer encoded later never shares an unknown language, and
    a need nobody here has heard of is never met.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.bits = {word: bit for bit, word in enumerate(sorted(set(words)), start=1)}
        self.words = len(self.bits) // 64 + 1

    def bit(self, word: str) -> int:
        return self.bits.get(word, 0)

    def masks(self, many: Sequence[Collection[str]]) -> Words:
        """Encode each person's words: (uint64 words, people)."""
        masks = np.zeros((self.words, len(many)), dtype=np.uint64)
        known: dict[frozenset[str], list[int]] = {}
        for row, words in enumerate(many):
            known.setdefault(frozenset(words), []).append(row)
        for words, rows in known.items():
            for bit in {self.bit(word) for word in words}:
                masks[bit // 64, rows] |= np.uint64(1 << bit % 64)
        return masks


@dataclass(frozen=True, slots=True)
class Codes:
    """The vocabularies that two sets of people must have in common to be compared."""

    languages: Vocabulary
    needs: Vocabulary
    tags: Vocabulary

    @classmethod
    def of(cls, persons: Iterable[Person]) -> "Codes":
        known = list(persons)
        return cls(
            Vocabulary(word for person in known for word in person.languages),
            Vocabulary(word for person in known for word in person.needs | person.can_meet),
            Vocabulary(word for person in known for word in person.experiences),
        )


@dataclass(frozen=True, slots=True)
class People:
    """Columns of people; entry i of each is person i. Shape (people,) unless said otherwise.

    Attributes:
        gender, comfortable: One bit of GENDERS, and the bits acceptable to this person.
        languages, needs, can_meet, tags: (words, people) masks of the vocabularies in `codes`.
        week: (11, people) quarter hours of UTC in the week that begins on the Monday asked for.
        place: Index into `places`; max_metres: farthest to meet in person.
        home_group: Key, or NONE.
        recovery_days, confirmed_days, answered: UNSTATED where unknown; answered in millionths.
        last_offer: Microseconds since 1970, or NONE.
        id_high, id_low: The two halves of the id, which order ids as the ids themselves are ordered.
        visits: (2, visits) meeting and person, in the order of meetings; the home group is one of them.
        visited: Whether the person named any meeting or home group.
    """

    ids: tuple[UUID, ...]
    codes: Codes
    places: Places
    fellowship: Whole
    active: Flags
    gender: Bits
    comfortable: Bits
    languages: Words
    needs: Words
    can_meet: Words
    modes: Bits
    week: Words
    place: Whole
    max_metres: Whole
    home_group: Whole
    visits: Whole
    visited: Flags
    approach: Bits
    tags: Words
    recovery_days: Whole
    is_sponsor: Flags
    approved: Flags
    confirmed_days: Whole
    paused: Flags
    has_sponsor: Flags
    steps_worked: Whole
    seats: Whole
    seats_taken: Whole
    answered: Whole
    last_offer: Whole
    id_high: Words
    id_low: Words

    @classmethod
    def of(cls, persons: Sequence[Person], *, now: datetime, monday: date, codes: Codes | None = None) -> "People":
        """Lay people out as columns for the week that begins on `monday`.

        Args:
            persons: In the order the columns keep.
            now: The moment that days are counted to; aware.
            monday: First day of the week to compare, in each person's own calendar.
            codes: Vocabularies of the people to compare with; by default those of these people.

        Raises:
            UnknownZoneError: A person's zone does not exist.
            ValueError: The day is not a Monday.
        """
        codes = codes or Codes.of(persons)
        places, place = Places.of(persons)
        today = {zone: now.astimezone(zone_of(zone)).date() for zone in {p.zone for p in persons}}
        return cls(
            ids=tuple(p.id for p in persons),
            codes=codes,
            places=places,
            fellowship=_whole(p.fellowship for p in persons),
            active=_flags(p.active for p in persons),
            gender=_bits(1 << GENDERS.index(p.gender) for p in persons),
            comfortable=_bits(_acceptable(p.comfortable_with) for p in persons),
            languages=codes.languages.masks([p.languages for p in persons]),
            needs=codes.needs.masks([p.needs for p in persons]),
            can_meet=codes.needs.masks([p.can_meet for p in persons]),
            modes=_bits(sum(1 << MODES.index(mode) for mode in p.modes) for p in persons),
            week=on_grid([p.week for p in persons], [p.zone for p in persons], monday),
            place=place,
            max_metres=_whole(_metres(p.max_km) for p in persons),
            home_group=_whole(_known(p.home_group) for p in persons),
            visits=_visits(persons),
            visited=_flags(bool(p.attends) for p in persons),
            approach=_bits(APPROACHES.index(p.approach) for p in persons),
            tags=codes.tags.masks([p.experiences for p in persons]),
            recovery_days=_whole(_days_since(p.recovery_since, today[p.zone]) for p in persons),
            is_sponsor=_flags(p.is_sponsor for p in persons),
            approved=_flags(p.approved for p in persons),
            confirmed_days=_whole(_days_ago(p.confirmed_at, now) for p in persons),
            paused=_flags(p.paused_until is not None and p.paused_until > today[p.zone] for p in persons),
            has_sponsor=_flags(p.has_sponsor for p in persons),
            steps_worked=_whole(p.steps_worked for p in persons),
            seats=_whole(p.seats for p in persons),
            seats_taken=_whole(p.seats_taken for p in persons),
            answered=_whole(_millionths(p.answered_in_time) for p in persons),
            last_offer=_whole(_microseconds(p.last_offer_at) for p in persons),
            id_high=np.array([p.id.int >> 64 for p in persons], dtype=np.uint64),
            id_low=np.array([p.id.int & _LOW for p in persons], dtype=np.uint64),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def among(self, rows: Rows, ids: AbstractSet[UUID]) -> Flags:
        """Tell for each row whether the person is one of these."""
        found = np.isin(self.id_low[rows], np.array([one.int & _LOW for one in ids], dtype=np.uint64))
        for at in np.flatnonzero(found):
            found[at] = self.ids[rows[at]] in ids
        return found

    def count_visits(self, meetings: AbstractSet[int]) -> Whole:
        """Count for each person how many of these meetings they attend."""
        counts = np.zeros(len(self), dtype=np.int64)
        for meeting in meetings:
            low, high = np.searchsorted(self.visits[0], [meeting, meeting + 1])
            counts[self.visits[1, low:high]] += 1
        return counts


def _acceptable(comfortable_with: frozenset[str]) -> int:
    if ANYONE in comfortable_with:
        return (1 << len(GENDERS)) - 1
    return sum(1 << GENDERS.index(gender) for gender in comfortable_with)


def _visits(persons: Sequence[Person]) -> Whole:
    pairs = sorted((meeting, row) for row, person in enumerate(persons) for meeting in person.attends)
    return np.array(pairs, dtype=np.int64).reshape(-1, 2).T.copy()


def _known(key: int | None) -> int:
    return NONE if key is None else key


def _days_since(day: date | None, today: date) -> int:
    """A date that lies ahead is no day yet, not an unstated one."""
    return UNSTATED if day is None else max((today - day).days, 0)


def _days_ago(moment: datetime | None, now: datetime) -> int:
    return UNSTATED if moment is None else max((now - moment).days, 0)


def _metres(km: float | None) -> int:
    return ANY_METRES if km is None or math.isinf(km) else min(round(km * 1000), ANY_METRES)


def _millionths(share: float | None) -> int:
    return UNSTATED if share is None else round(share * MILLION)


def _microseconds(moment: datetime | None) -> int:
    return NONE if moment is None else (moment - _EPOCH) // _MICROSECOND


def _whole(values: Iterable[int]) -> Whole:
    return np.fromiter(values, dtype=np.int64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)


def _bits(values: Iterable[int]) -> Bits:
    return np.fromiter(values, dtype=np.uint8)
