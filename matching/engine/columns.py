"""People as arrays: a row for each person, in the order of their kind, and what the rows share kept once.

People who are alike in all that most hard rules look at (and in their approach) are of one kind, so that such a rule is
asked once of a kind and not once of each person. A row takes 96 bytes; tags and meetings come beside it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching.engine.people import ANYONE, APPROACHES, GENDERS, MODES, Person
from matching.engine.places import ANY_METRES, Places
from matching.engine.vocabulary import WORD, Numbers, Vocabulary
from matching.engine.week import Laid, Words, lay

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Numbered = npt.NDArray[np.int32]

UNSTATED = -1
"""A count or a meeting that was not stated."""

ELSEWHERE = np.iinfo(np.int32).max
"""A meeting where nobody of those to be compared with is."""

NEVER = np.iinfo(np.int64).min
"""A moment before all others."""

NO_DAY = 0
"""Stands for a day that was not stated: day 1 of the calendar is 1 January of the year 1."""

MILLION = 1_000_000
_STATE: Callable[[Person], tuple[object, ...]] = attrgetter(
    "fellowship",
    "active",
    "is_sponsor",
    "approved",
    "has_sponsor",
    "languages",
    "comfortable_with",
    "modes",
    "needs",
    "can_meet",
    "gender",
    "approach",
)
_LOW = (1 << WORD) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

ROW = np.dtype(
    [
        ("id_high", np.uint64),  # the two halves of the id order ids as the ids themselves are ordered
        ("id_low", np.uint64),
        ("hours0", np.uint64),  # the week, see `week.Laid`
        ("hours1", np.uint64),
        ("hours2", np.uint64),
        ("confirmed_at", np.int64),  # microseconds since 1970, or NEVER
        ("last_offer_at", np.int64),
        ("kind", np.int32),
        ("place", np.int32),  # index into `Places`; void of newcomers, see `Scene.place`
        ("max_metres", np.int32),  # farthest to meet in person, or ANY_METRES
        ("home_group", np.int32),  # number of the meeting, or UNSTATED
        ("visits", np.int32),  # where this person's meetings begin in `People.visits`; the home group is one of them
        ("recovery_since", np.int32),  # day of the calendar, or NO_DAY
        ("paused_until", np.int32),
        ("answered", np.int32),  # millionths, or UNSTATED
        ("zone", np.int16),
        ("visit_count", np.uint8),
        ("start", np.uint8),
        ("steps_worked", np.uint8),
        ("seats", np.uint8),
        ("seats_taken", np.uint8),
    ],
    align=True,
)

KIND = np.dtype(
    [
        ("fellowship", np.int64),
        ("gender", np.uint8),  # one bit of GENDERS
        ("comfortable", np.uint8),  # the bits that are acceptable
        ("modes", np.uint8),
        ("approach", np.uint8),  # index into APPROACHES
        ("active", np.bool_),
        ("is_sponsor", np.bool_),
        ("approved", np.bool_),
        ("has_sponsor", np.bool_),
    ],
    align=True,
)

FIELDS = KIND.names or ()
KindKey = tuple[int, int, int, int, int, bool, bool, bool, bool, int, int, int]
"""The fields of KIND in their order, then languages, needs and what can be met, as masks."""


class People(NamedTuple):
    """People as compiled code sees them.

    Attributes:
        rows: (people,) of ROW; kinds: (kinds,) of KIND.
        first: (kinds + 1,) where the rows of each kind begin, if the rows are in the order of kinds.
        languages, needs, can_meet: (kinds, words) masks.
        tags: (people, words) masks of experiences.
        visits: Numbers of meetings, each person's own in rising order.
        wide: (uneven weeks, 11), see `week.Laid`.
    """

    rows: Any
    kinds: Any
    first: Rows
    languages: Words
    needs: Words
    can_meet: Words
    tags: Words
    visits: npt.NDArray[np.int32]
    wide: Words


@dataclass
class Codes:
    """The numbers and bits that two sets of people must have in common to be compared. They only ever grow."""

    languages: Vocabulary = field(default_factory=Vocabulary)
    needs: Vocabulary = field(default_factory=Vocabulary)
    tags: Vocabulary = field(default_factory=Vocabulary)
    meetings: Numbers[int] = field(default_factory=Numbers)
    zones: Numbers[str] = field(default_factory=Numbers)
    kinds: Numbers[KindKey] = field(default_factory=Numbers)
    places: Places = field(default_factory=Places)


def learn(persons: Sequence[Person], codes: Codes, monday: date) -> People:
    """Lay people out, in the order given, adding to the codes whatever is new.

    Args:
        persons: In any order. The answer has no kinds yet: `merging` lays out those that are new.
        codes: What earlier people had; all is kept.
        monday: First day of the week to compare, in each person's own calendar.

    Raises:
        UnknownZoneError: A person's zone does not exist.
        ValueError: The day is not a Monday.
    """
    masks = _masks(persons, codes.tags.add)
    visits = _visits(persons, codes.meetings.add)
    for one in persons:
        codes.zones.add(one.zone)
    kinds = _numbered(persons, lambda one: codes.kinds.add(_learnt_key(one, codes)))
    people = _people(persons, codes, monday, kinds, (), masks, visits)
    people.rows["place"] = codes.places.add(persons)
    return people


def look_up(persons: Sequence[Person], codes: Codes, monday: date) -> People:
    """Lay newcomers out by the codes of those they are to be compared with; the codes stay as they are.

    The rows are in the order given. Kinds are the newcomers' own; what the codes do not know is shared with nobody.

    Raises:
        UnknownZoneError: A person's zone does not exist.
        ValueError: The day is not a Monday.
    """
    masks = _masks(persons, codes.tags.find)
    visits = _visits(persons, lambda meeting: _found(meeting, codes))
    own: Numbers[KindKey] = Numbers()
    kinds = _numbered(persons, lambda one: own.add(_known_key(one, codes)))
    return _people(persons, codes, monday, kinds, own.things, masks, visits)


def _people(
    persons: Sequence[Person],
    codes: Codes,
    monday: date,
    kinds: Sequence[int],
    keys: Sequence[KindKey],
    masks: Sequence[list[int]],
    visits: tuple[Numbered, Numbered],
) -> People:
    laid = lay([one.week for one in persons], [one.zone for one in persons], monday)
    rows = np.zeros(len(persons), dtype=ROW)
    _fill(rows, persons, laid, codes)
    rows["kind"] = kinds
    counts, flat = visits
    rows["visit_count"] = counts
    rows["visits"] = np.cumsum(counts) - counts
    return People(rows, *laid_kinds(keys, codes), _words(masks, codes.tags.words), flat, laid.quarters)


def _masks(persons: Sequence[Person], encode: Callable[[Iterable[str]], int]) -> list[list[int]]:
    """Each person's mask of experiences in words, people who say the same sharing one."""
    known = {said: _mask(encode(said)) for said in dict.fromkeys(one.experiences for one in persons)}
    return [known[one.experiences] for one in persons]


def _visits(persons: Sequence[Person], number: Callable[[int], int]) -> tuple[Numbered, Numbered]:
    """How many meetings each person attends, and their numbers, each person's own in rising order."""
    counts: list[int] = []
    keys: list[int] = []
    for one in persons:
        attends = one.attends
        counts.append(len(attends))
        keys.extend(attends)
    many = np.array(counts, dtype=np.int32)
    numbers = np.array([number(key) for key in keys], dtype=np.int32)
    return many, numbers[np.lexsort((numbers, np.repeat(np.arange(len(many)), many)))]


def _fill(rows: Any, persons: Sequence[Person], laid: Laid, codes: Codes) -> None:
    rows["id_high"], rows["id_low"] = halves(one.id for one in persons)
    for at in range(laid.hours.shape[1]):
        rows[f"hours{at}"] = laid.hours[:, at]
    rows["start"] = laid.start
    rows["confirmed_at"] = [microseconds(one.confirmed_at) for one in persons]
    rows["last_offer_at"] = [microseconds(one.last_offer_at) for one in persons]
    rows["max_metres"] = [_metres(one.max_km) for one in persons]
    rows["home_group"] = [UNSTATED if one.home_group is None else _found(one.home_group, codes) for one in persons]
    rows["recovery_since"] = [_day(one.recovery_since) for one in persons]
    rows["paused_until"] = [_day(one.paused_until) for one in persons]
    rows["answered"] = [_millionths(one.answered_in_time) for one in persons]
    rows["zone"] = [codes.zones.find(one.zone) for one in persons]
    rows["steps_worked"] = [one.steps_worked for one in persons]
    rows["seats"] = [one.seats for one in persons]
    rows["seats_taken"] = [one.seats_taken for one in persons]


def laid_kinds(keys: Sequence[KindKey], codes: Codes) -> tuple[Any, Rows, Words, Words, Words]:
    """Lay kinds out: KIND, a void `first`, then the masks of languages, needs and what can be met."""
    kinds = np.array([key[: len(FIELDS)] for key in keys], dtype=KIND)
    languages, needs, can_meet = (
        _words([_mask(key[len(FIELDS) + at]) for key in keys], vocabulary.words)
        for at, vocabulary in enumerate((codes.languages, codes.needs, codes.needs))
    )
    return kinds, np.zeros(len(keys) + 1, dtype=np.intp), languages, needs, can_meet


def halves(ids: Iterable[UUID]) -> tuple[Words, Words]:
    """Cut ids in two halves, the high and the low one."""
    both = np.frombuffer(b"".join([one.bytes for one in ids]), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return both[:, 0], both[:, 1]


def id_of(row: Any) -> UUID:
    """Name the person of a row."""
    return UUID(int=int(row["id_high"]) << WORD | int(row["id_low"]))


def ids_of(rows: Any, some: Rows) -> list[UUID]:
    """Name the persons of some rows."""
    both = zip(rows["id_high"][some].tolist(), rows["id_low"][some].tolist(), strict=True)
    return [UUID(int=high << WORD | low) for high, low in both]


def microseconds(moment: datetime | None) -> int:
    """Count a moment from 1970; NEVER where there is none."""
    return NEVER if moment is None else (moment - _EPOCH) // _MICROSECOND


def _numbered(persons: Sequence[Person], number: Callable[[Person], int]) -> list[int]:
    """Number each person's kind, asking once of people who say the same."""
    known: dict[tuple[object, ...], int] = {}
    numbers = []
    for state, one in zip(map(_STATE, persons), persons, strict=True):
        found = known.get(state)
        if found is None:
            found = known[state] = number(one)
        numbers.append(found)
    return numbers


def _learnt_key(one: Person, codes: Codes) -> KindKey:
    languages, needs = codes.languages.add(one.languages), codes.needs.add(one.needs)
    return (*_plain_key(one), languages, needs, codes.needs.add(one.can_meet))


def _known_key(one: Person, codes: Codes) -> KindKey:
    languages, needs = codes.languages.find(one.languages), codes.needs.find(one.needs)
    return (*_plain_key(one), languages, needs, codes.needs.find(one.can_meet))


def _plain_key(one: Person) -> tuple[int, int, int, int, int, bool, bool, bool, bool]:
    acceptable = GENDERS if ANYONE in one.comfortable_with else one.comfortable_with
    return (
        one.fellowship,
        1 << GENDERS.index(one.gender),
        sum(1 << GENDERS.index(gender) for gender in acceptable),
        sum(1 << MODES.index(mode) for mode in one.modes),
        APPROACHES.index(one.approach),
        one.active,
        one.is_sponsor,
        one.approved,
        one.has_sponsor,
    )


def _mask(mask: int) -> list[int]:
    """Cut a mask into 64-bit words, the lowest first."""
    return [mask >> at & _LOW for at in range(0, max(mask.bit_length(), 1), WORD)]


def _words(masks: Sequence[list[int]], words: int) -> Words:
    table = np.zeros((len(masks), words), dtype=np.uint64)
    for word in range(words):
        table[:, word] = [mask[word] if word < len(mask) else 0 for mask in masks]
    return table


def _found(meeting: int, codes: Codes) -> int:
    number = codes.meetings.find(meeting)
    return ELSEWHERE if number == codes.meetings.UNSEEN else number


def _day(day: date | None) -> int:
    return NO_DAY if day is None else day.toordinal()


def _metres(km: float | None) -> int:
    return ANY_METRES if km is None or math.isinf(km) else min(round(km * 1000), ANY_METRES)


def _millionths(share: float | None) -> int:
    return UNSTATED if share is None else round(share * MILLION)
