"""Weeks of hours, put from each person's own clock onto one clock for everybody.

A week arrives as 168 local hours. Pairs are compared in quarter hours of UTC, 672 on a circle, since zones lie 30 or 45
minutes apart as well as whole hours: a local hour that falls before Monday 00:00 or after Sunday 24:00 UTC wraps
around, as if the week before and after were alike.

An hour of a zone covers four quarters, and in nearly every week all hours of a zone begin equally long after the full
hour of UTC. So a week is kept as 168 hours of UTC and that `start`, 0 to 3 quarters. A week whose hours begin unequally
(Lord Howe Island when its clocks change by half an hour) is kept as 672 quarters in a table of its own, and its start
is UNEVEN.

Weeks in which clocks change are exact: a local quarter hour that the clock skips contributes nothing, and one that it
shows twice contributes its first occurrence (fold=0 of PEP 495). All offsets in use are multiples of 15 minutes; an
offset of history that is not is rounded down to a quarter hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from matching.engine.compiled import Int, compiled, count_bits, inlined
from matching.engine.people import WEEK_HOURS

IN_HOUR = 4
QUARTERS = WEEK_HOURS * IN_HOUR
HOUR_WORDS = 3
"""uint64 words of one week of hours: 168 bits and 24 that stay empty."""

WORDS = 11
"""uint64 words of one week of quarters: 672 bits and 32 that stay empty."""

UNEVEN = IN_HOUR
"""Stands for the start of a week whose hours begin unequally."""

Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
_BYTES = WEEK_HOURS // 8
_QUARTER = timedelta(minutes=15)
_CHUNK = 8192
_LAST_HOURS = WEEK_HOURS - 2 * 64


class UnknownZoneError(ValueError):
    """A zone name that the IANA database does not have."""


@dataclass(frozen=True, slots=True)
class ZoneWeek:
    """Where one zone's local week lies on the clock of UTC.

    Attributes:
        place: (672,) for each local quarter hour its quarter of UTC, or -1 where the clock skips it.
        start: Quarters after the full hour of UTC at which every hour begins, or UNEVEN.
        hour: (168,) for each local hour its hour of UTC, or 168 where the clock skips it. Void when UNEVEN.
    """

    place: Whole
    start: int
    hour: Whole


class Laid(NamedTuple):
    """Weeks on the clock of UTC.

    Attributes:
        hours: (people, 3); of an UNEVEN week, the row of `quarters` in the first word.
        start: (people,) 0 to 3, or UNEVEN.
        quarters: (uneven weeks, 11); bit q % 64 of word q // 64 is quarter q after Monday 00:00 UTC.
    """

    hours: Words
    start: npt.NDArray[np.uint8]
    quarters: Words


@lru_cache(maxsize=2048)
def zone_week(zone: str, monday: date) -> ZoneWeek:
    """Lay the local week that begins on this Monday onto the clock of UTC.

    Raises:
        UnknownZoneError: No such zone.
        ValueError: The day is not a Monday.
    """
    if monday.weekday() != 0:
        raise ValueError("a week begins on a Monday")
    place = np.array(_places(zone_of(zone), monday), dtype=np.int64)
    by_hour = place.reshape(WEEK_HOURS, IN_HOUR)
    first = by_hour[:, 0]
    kept = first >= 0
    follows = (first[:, None] + np.arange(IN_HOUR)) % QUARTERS
    whole = (by_hour == np.where(kept[:, None], follows, -1)).all()
    starts = np.unique(first[kept] % IN_HOUR)
    start = int(starts[0]) if whole and len(starts) == 1 else UNEVEN
    return ZoneWeek(place, start, np.where(kept, first // IN_HOUR, WEEK_HOURS))


def _places(zone: ZoneInfo, monday: date) -> list[int]:
    start = datetime.combine(monday, time())
    start_utc = start.replace(tzinfo=UTC)
    places = []
    for step in range(QUARTERS):
        local = (start + step * _QUARTER).replace(tzinfo=zone)
        moment = local.astimezone(UTC)
        skipped = moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None)
        places.append(-1 if skipped else (moment - start_utc) // _QUARTER % QUARTERS)
    return places


def zone_of(name: str) -> ZoneInfo:
    """Find a zone by its IANA name.

    Raises:
        UnknownZoneError: No such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError("no such time zone") from error


def lay(weeks: Sequence[int], zones: Sequence[str], monday: date) -> Laid:
    """Put local weeks onto the clock of UTC, all the people of a zone at once.

    Args:
        weeks: 168-bit weeks, bit 0 = Monday 00:00 local.
        zones: Their zones, alike in length.
        monday: The coming week, in everybody's local calendar.

    Raises:
        UnknownZoneError: One of the zones does not exist.
        ValueError: The day is not a Monday.
    """
    hours = np.zeros((len(weeks), HOUR_WORDS), dtype=np.uint64)
    start = np.zeros(len(weeks), dtype=np.uint8)
    uneven: list[Words] = [np.empty((0, WORDS), dtype=np.uint64)]
    found = 0
    packed = np.frombuffer(b"".join(week.to_bytes(_BYTES, "little") for week in weeks), dtype=np.uint8)
    packed = packed.reshape(len(weeks), _BYTES)
    members: dict[str, list[int]] = {}
    for row, zone in enumerate(zones):
        members.setdefault(zone, []).append(row)
    for zone, rows in members.items():
        table = zone_week(zone, monday)
        start[rows] = table.start
        for at in range(0, len(rows), _CHUNK):
            some = rows[at : at + _CHUNK]
            bits = np.unpackbits(packed[some], axis=1, bitorder="little")
            if table.start == UNEVEN:
                uneven.append(_as_words(_moved(np.repeat(bits, IN_HOUR, axis=1), table.place, QUARTERS), WORDS))
                hours[some, 0] = np.arange(found, found + len(some))
                found += len(some)
            else:
                hours[some] = _as_words(_moved(bits, table.hour, WEEK_HOURS), HOUR_WORDS)
    return Laid(hours, start, np.concatenate(uneven))


def _moved(bits: npt.NDArray[np.uint8], place: Whole, size: int) -> npt.NDArray[np.uint8]:
    """Move each bit to its place; several may meet, and those without one (-1 or `size`) go."""
    moved = np.zeros((len(bits), size), dtype=np.uint8)
    order = np.argsort(place, kind="stable")
    order = order[(place[order] >= 0) & (place[order] < size)]
    places, first = np.unique(place[order], return_index=True)
    if len(places) == len(order):
        moved[:, places] = bits[:, order]
    elif len(places):
        moved[:, places] = np.maximum.reduceat(bits[:, order], first, axis=1)
    return moved


def _as_words(bits: npt.NDArray[np.uint8], words: int) -> Words:
    packed = np.zeros((len(bits), words * 8), dtype=np.uint8)
    packed[:, : (bits.shape[1] + 7) // 8] = np.packbits(bits, axis=1, bitorder="little")
    return packed.view(np.uint64)


@inlined
def shared(one: Any, one_wide: Words, other: Any, other_wide: Words) -> Int:
    """Count the quarter hours that two rows of people share: the one piece of arithmetic for hours there is.

    With equal starts each shared hour is four quarters. Otherwise, the other beginning d quarters later, an hour of one
    shares 4 - d quarters with the other's hour of the same number and d with the one before.
    """
    if one.start == UNEVEN or other.start == UNEVEN:
        total = 0
        for word in range(WORDS):
            total += count_bits(_quarters(one, one_wide, word) & _quarters(other, other_wide, word))
        return total
    same = count_bits(one.hours0 & other.hours0) + count_bits(one.hours1 & other.hours1)
    same += count_bits(one.hours2 & other.hours2)
    if one.start == other.start:
        return IN_HOUR * same
    if one.start < other.start:
        later = np.int64(other.start) - np.int64(one.start)
        return (IN_HOUR - later) * same + later * _shared_with_next(other, one)
    later = np.int64(one.start) - np.int64(other.start)
    return (IN_HOUR - later) * same + later * _shared_with_next(one, other)


@inlined
def _shared_with_next(late: Any, early: Any) -> int:
    """Count the hours h of `late` for which `early` has hour h + 1, on the circle."""
    one = np.uint64(1)
    first = late.hours0 << one | late.hours2 >> np.uint64(_LAST_HOURS - 1)
    second = late.hours1 << one | late.hours0 >> np.uint64(63)
    third = late.hours2 << one | late.hours1 >> np.uint64(63)
    return count_bits(first & early.hours0) + count_bits(second & early.hours1) + count_bits(third & early.hours2)


@compiled
def _quarters(person: Any, wide: Words, word: int) -> Any:
    """Give 64 quarters of a week."""
    if person.start == UNEVEN:
        return wide[np.int64(person.hours0), word]
    quarters = np.uint64(0)
    for bit in range(64):
        quarter = 64 * word + bit
        if quarter < QUARTERS:
            hour = (quarter - np.int64(person.start)) % QUARTERS // IN_HOUR
            half = person.hours0 if hour < 64 else (person.hours1 if hour < 128 else person.hours2)
            quarters |= (half >> np.uint64(hour % 64) & np.uint64(1)) << np.uint64(bit)
    return quarters


def shared_week(one: tuple[int, str], other: tuple[int, str], monday: date, zone: str) -> int:
    """The hours two weeks share, each given with its zone, as 168 local hours of a third zone.

    An hour is shown when at least half of it, two quarters, is shared; so what is shown may differ by up to half an
    hour at either end from what is counted.

    Raises:
        UnknownZoneError: One of the zones does not exist.
        ValueError: The day is not a Monday.
    """
    both = _on_quarters(*one, monday) & _on_quarters(*other, monday)
    place = zone_week(zone, monday).place
    local = np.where(place >= 0, both[place], 0).reshape(WEEK_HOURS, IN_HOUR)
    shown = np.packbits(local.sum(axis=1) * 2 >= IN_HOUR, bitorder="little")
    return int.from_bytes(shown.tobytes(), "little")


def _on_quarters(week: int, zone: str, monday: date) -> npt.NDArray[np.uint8]:
    packed = np.frombuffer(week.to_bytes(_BYTES, "little"), dtype=np.uint8)[None, :]
    bits = np.repeat(np.unpackbits(packed, axis=1, bitorder="little"), IN_HOUR, axis=1)
    return _moved(bits, zone_week(zone, monday).place, QUARTERS)[0]
