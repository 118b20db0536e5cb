"""People laid out as rows: of the sponsors, whose words and meetings are learnt, and of newcomers, who know no more."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

import numpy as np

from matching.engine.columns import (
    ELSEWHERE,
    FIELDS,
    KIND,
    MILLION,
    NO_DAY,
    ROW,
    UNSTATED,
    Codes,
    KindKey,
    Numbered,
    People,
    Rows,
    halves,
    microseconds,
)
from matching.engine.people import ANYONE, APPROACHES, GENDERS, MODES, Person
from matching.engine.places import ANY_METRES
from matching.engine.vocabulary import WORD, Numbers
from matching.engine.week import Laid, Words, lay

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
    kinds = _numbered(persons, codes.kind_of, lambda one: codes.kinds.add(_learnt_key(one, codes)))
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
    kinds = _numbered(persons, {}, lambda one: own.add(_known_key(one, codes)))
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


def _masks(persons: Sequence[Person], encode: Callable[[tuple[str, ...]], int]) -> list[list[int]]:
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


def _numbered(
    persons: Sequence[Person], known: dict[tuple[object, ...], int], number: Callable[[Person], int]
) -> list[int]:
    """Number each person's kind, asking once of people who say the same; `known` remembers what they said."""
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
