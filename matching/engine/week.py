"""Weeks of free hours, laid from each person's own clock onto one clock for everybody.

A week arrives as 168 local hours. Pairs are compared on a grid of 672 quarter hours of UTC, since zones lie 30 or 45
minutes apart as well as whole hours. The grid is a circle: a local hour that falls before Monday 00:00 or after Sunday
24:00 UTC wraps around, as if the week before and after were alike.

Weeks in which clocks change are exact: a local quarter hour that the clock skips contributes nothing, and one that it
shows twice contributes its first occurrence (fold=0 of PEP 495). All offsets in use are multiples of 15 minutes; an
offset of history that is not is rounded down to a quarter hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from matching.engine.people import WEEK_HOURS

IN_HOUR = 4
QUARTERS = WEEK_HOURS * IN_HOUR
WORDS = 11
"""uint64 words of one week on the grid: 672 bits and 32 that stay empty."""

Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
_BYTES = WEEK_HOURS // 8
_QUARTER = timedelta(minutes=15)
_CHUNK = 8192


class UnknownZoneError(ValueError):
    """A zone name that the IANA database does not have."""


@dataclass(frozen=True, slots=True)
class ZoneWeek:
    """Where one zone's local week lies on the grid.

    Attributes:
        place: (672,) for each local quarter hour its quarter of UTC, or -1 where the clock skips it.
        first: (672,) for each quarter of UTC the local hour it belongs to, or 168 for none.
        second: The same for a second local hour on the same quarter. When clocks go back the local week is longer than
            the circle, so that its end meets its beginning. None when there is no such quarter.
    """

    place: Whole
    first: Whole
    second: Whole | None


@lru_cache(maxsize=2048)
def zone_week(zone: str, monday: date) -> ZoneWeek:
    """Lay the local week that begins on this Monday onto the grid.

    Raises:
        UnknownZoneError: No such zone.
        ValueError: The day is not a Monday.
    """
    if monday.weekday() != 0:
        raise ValueError("a week begins on a Monday")
    place = np.array(_places(zone_of(zone), monday), dtype=np.int64)
    first = np.full(QUARTERS, WEEK_HOURS, dtype=np.int64)
    second = first.copy()
    for local, quarter in enumerate(place.tolist()):
        if quarter >= 0:
            (first if first[quarter] == WEEK_HOURS else second)[quarter] = local // IN_HOUR
    return ZoneWeek(place, first, second if (second < WEEK_HOURS).any() else None)


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


def on_grid(weeks: Sequence[int], zones: Sequence[str], monday: date) -> Words:
    """Convert local weeks to the grid, one gather for all the people of a zone.

    Args:
        weeks: 168-bit weeks, bit 0 = Monday 00:00 local.
        zones: Their zones, alike in length.
        monday: The coming week, in everybody's local calendar.

    Returns:
        (11, people) uint64; bit q % 64 of word q // 64 is quarter q after Monday 00:00 UTC.

    Raises:
        UnknownZoneError: One of the zones does not exist.
    """
    grid = np.zeros((len(weeks), WORDS * 8), dtype=np.uint8)
    packed = np.frombuffer(b"".join(week.to_bytes(_BYTES, "little") for week in weeks), dtype=np.uint8)
    packed = packed.reshape(len(weeks), _BYTES)
    members: dict[str, list[int]] = {}
    for row, zone in enumerate(zones):
        members.setdefault(zone, []).append(row)
    for zone, rows in members.items():
        table = zone_week(zone, monday)
        for at in range(0, len(rows), _CHUNK):
            some = rows[at : at + _CHUNK]
            grid[some, : QUARTERS // 8] = _lay(packed[some], table)
    return np.ascontiguousarray(grid.view(np.uint64).T)


def _lay(packed: npt.NDArray[np.uint8], table: ZoneWeek) -> npt.NDArray[np.uint8]:
    hours = np.zeros((len(packed), WEEK_HOURS + 1), dtype=np.uint8)
    hours[:, :WEEK_HOURS] = np.unpackbits(packed, axis=1, bitorder="little")
    quarters = hours[:, table.first]
    if table.second is not None:
        quarters |= hours[:, table.second]
    return np.packbits(quarters, axis=1, bitorder="little")


def shared_quarters(one: Words, many: Words) -> Whole:
    """Count the quarter hours that one week, (11,), shares with each of many, (11, people)."""
    shared = np.zeros(many.shape[1], dtype=np.int64)
    for word in range(WORDS):
        shared += np.bitwise_count(one[word] & many[word])
    return shared


def in_local_hours(grid: Words, zone: str, monday: date) -> int:
    """Show a week of the grid, (11,), as 168 local hours of a zone.

    An hour is shown when at least half of it, two quarters, is on the grid; so what is shown may differ by up to half
    an hour at either end from what is counted.

    Raises:
        UnknownZoneError: No such zone.
    """
    quarters = np.unpackbits(np.ascontiguousarray(grid).view(np.uint8), bitorder="little")[:QUARTERS]
    place = zone_week(zone, monday).place
    local = np.where(place >= 0, quarters[place], 0).reshape(WEEK_HOURS, IN_HOUR)
    shown = np.packbits(local.sum(axis=1) * 2 >= IN_HOUR, bitorder="little")
    return int.from_bytes(shown.tobytes(), "little")
