"""Weeks on the quarter-hour grid, against a plain count that goes from UTC to local time."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Person, UnknownZoneError, shared_week
from matching.engine.week import QUARTERS, in_local_hours, on_grid, shared_quarters
from tests.engine import naive
from tests.engine.strategies import ALL_HOURS, MODERATE, MONDAYS, ORDINARY, ZONES, mondays, perfect_pair, weeks, zones


def member(week: int, zone: str) -> Person:
    return replace(perfect_pair().newcomer, week=week, zone=zone)


def placed(week: int, zone: str, monday: date) -> set[int]:
    bits = np.unpackbits(on_grid([week], [zone], monday)[:, 0].copy().view(np.uint8), bitorder="little")
    return set(np.flatnonzero(bits).tolist())


@pytest.mark.parametrize("monday", MONDAYS)
@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_every_zone_lies_where_the_clock_says(zone: str, monday: date) -> None:
    for hour, expected in naive.clock(zone, monday).items():
        assert placed(1 << hour, zone, monday) == expected


@MODERATE
@given(st.lists(st.tuples(weeks, zones), max_size=4), mondays)
def test_a_crowd_is_converted_as_each_alone(crowd: list[tuple[int, str]], monday: date) -> None:
    grid = on_grid([week for week, _ in crowd], [zone for _, zone in crowd], monday)
    for at, (week, zone) in enumerate(crowd):
        assert np.array_equal(grid[:, at], on_grid([week], [zone], monday)[:, 0])
        assert placed(week, zone, monday) == naive.quarters(member(week, zone), monday)


@MODERATE
@given(weeks, zones, weeks, zones, mondays)
def test_shared_hours_are_counted_to_the_quarter(one: int, here: str, other: int, there: str, monday: date) -> None:
    grid = on_grid([one, other], [here, there], monday)
    expected = naive.shared(member(one, here), member(other, there), monday)
    assert shared_quarters(grid[:, 0], grid[:, 1:]).tolist() == [expected]


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
    grid = on_grid([1 << 18, 1 << 12, 1 << 13], ["Asia/Kolkata", "UTC", "UTC"], ORDINARY)
    assert shared_quarters(grid[:, 0], grid[:, 1:]).tolist() == [2, 2]


def test_an_hour_before_monday_in_utc_wraps_to_the_end_of_the_week() -> None:
    assert placed(1, "Pacific/Kiritimati", ORDINARY) == set(range(QUARTERS - 56, QUARTERS - 52))


@MODERATE
@given(weeks, zones)
def test_a_week_shown_in_its_own_zone_is_itself(week: int, zone: str) -> None:
    assert in_local_hours(on_grid([week], [zone], ORDINARY)[:, 0], zone, ORDINARY) == week


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
        on_grid([0], [zone], ORDINARY)


def test_a_week_begins_on_a_monday() -> None:
    with pytest.raises(ValueError, match="Monday"):
        on_grid([0], ["UTC"], date(2026, 6, 2))
