"""Weeks on the clock of UTC, against a plain count that goes from UTC to local time."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Facts, Person, Pool, UnknownZoneError, shared_week
from matching.engine.closer import QUARTERS as SHARED_QUARTERS
from matching.engine.closer import closely
from matching.engine.week import QUARTERS, UNEVEN, Laid, Words, lay
from tests.engine import naive
from tests.engine.moments import NOW
from tests.engine.strategies import ALL_HOURS, MODERATE, MONDAYS, ORDINARY, ZONES, mondays, perfect_pair, weeks, zones


def member(week: int, zone: str) -> Person:
    return replace(perfect_pair().newcomer, week=week, zone=zone)


def ones(words: Words) -> set[int]:
    return set(np.flatnonzero(np.unpackbits(words.copy().view(np.uint8), bitorder="little")).tolist())


def quarters_of(laid: Laid, at: int) -> set[int]:
    """The quarters that a laid week stands for."""
    if laid.start[at] == UNEVEN:
        return ones(laid.quarters[int(laid.hours[at, 0])])
    return {(4 * hour + int(laid.start[at]) + more) % QUARTERS for hour in ones(laid.hours[at]) for more in range(4)}


def placed(week: int, zone: str, monday: date) -> set[int]:
    return quarters_of(lay([week], [zone], monday), 0)


def shared_quarters(one: Person, other: Person, monday: date) -> int:
    pool = Pool.of([other], Facts(now=NOW, monday=monday))
    return int(closely(pool.ask(one), pool.rows)[0, SHARED_QUARTERS])


@pytest.mark.parametrize("monday", MONDAYS)
@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_every_zone_lies_where_the_clock_says(zone: str, monday: date) -> None:
    for hour, expected in naive.clock(zone, monday).items():
        assert placed(1 << hour, zone, monday) == expected


@MODERATE
@given(st.lists(st.tuples(weeks, zones), max_size=4), mondays)
def test_a_crowd_is_converted_as_each_alone(crowd: list[tuple[int, str]], monday: date) -> None:
    laid = lay([week for week, _ in crowd], [zone for _, zone in crowd], monday)
    for at, (week, zone) in enumerate(crowd):
        assert quarters_of(laid, at) == naive.quarters(member(week, zone), monday)


@MODERATE
@given(weeks, zones, weeks, zones, mondays)
def test_shared_hours_are_counted_to_the_quarter(one: int, here: str, other: int, there: str, monday: date) -> None:
    first, second = member(one, here), member(other, there)
    assert shared_quarters(first, second, monday) == naive.shared(first, second, monday)


@pytest.mark.parametrize(
    ("zone", "monday", "quarters"),
    [
        ("UTC", ORDINARY, QUARTERS),
        ("America/New_York", date(2026, 3, 2), QUARTERS - 4),
        ("Australia/Lord_Howe", date(2026, 9, 28), QUARTERS - 2),
        ("Pacific/Apia", date(2011, 12, 26), QUARTERS - 96),
    ],
)
def test_hours_that_the_clock_skips_are_not_free(zone: str, monday: date, quarters: int) -> None:
    assert len(placed(ALL_HOURS, zone, monday)) == quarters


@pytest.mark.parametrize(("zone", "monday"), [("Europe/Paris", date(2026, 10, 19)), ("UTC", ORDINARY)])
def test_an_hour_shown_twice_counts_once(zone: str, monday: date) -> None:
    assert all(len(placed(1 << hour, zone, monday)) == 4 for hour in range(168))


def test_a_half_hour_apart_shares_half_hours() -> None:
    """18:00 in Kolkata is 12:30 in UTC."""
    there = member(1 << 18, "Asia/Kolkata")
    assert [shared_quarters(there, member(1 << hour, "UTC"), ORDINARY) for hour in (12, 13)] == [2, 2]


def test_an_hour_before_monday_in_utc_wraps_to_the_end_of_the_week() -> None:
    assert placed(1, "Pacific/Kiritimati", ORDINARY) == set(range(QUARTERS - 56, QUARTERS - 52))


@MODERATE
@given(weeks, zones)
def test_a_week_shown_in_its_own_zone_is_itself(week: int, zone: str) -> None:
    assert shared_week(member(week, zone), member(ALL_HOURS, "UTC"), ORDINARY) == week


@MODERATE
@given(weeks, zones, weeks, zones, mondays)
def test_the_picture_shows_hours_of_which_half_is_shared(
    one: int, here: str, other: int, there: str, monday: date
) -> None:
    viewer, friend = member(one, here), member(other, there)
    common = naive.quarters(viewer, monday) & naive.quarters(friend, monday)
    table = naive.clock(here, monday)
    expected = sum(1 << hour for hour in range(168) if len(table[hour] & common) >= 2)
    assert shared_week(viewer, friend, monday) == expected


@pytest.mark.parametrize("zone", ["", "America", "Mars/Olympus", "../etc/passwd", "a\0b", "x" * 10_000])
def test_an_unknown_zone_is_said_to_be_unknown(zone: str) -> None:
    with pytest.raises(UnknownZoneError):
        lay([0], [zone], ORDINARY)


def test_a_week_begins_on_a_monday() -> None:
    with pytest.raises(ValueError, match="Monday"):
        lay([0], ["UTC"], date(2026, 6, 2))
