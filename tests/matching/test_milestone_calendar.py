"""The days worth remembering: calendar dates that only go forward, whatever the date, the year and the zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.cadence import QUIET, Quiet
from matching.milestones import (
    Kept,
    Milestone,
    Rhythm,
    begins,
    calendar,
    first_from,
    kept_on,
    late_after,
    telling_at,
    until,
)

ZONES = sorted(available_timezones() - {"localtime"})
NA = (18,)
SIXTY_YEARS = 60
MOST = 7 + SIXTY_YEARS
FEWEST = date(1930, 1, 1)
DATES = st.dates(FEWEST, date(2100, 12, 31))
RHYTHMS = st.builds(Rhythm, hour=st.integers(0, 23), chosen=st.booleans(), quiet=st.builds(Quiet, st.integers(0, 23)))


def first(began: date, count: int = MOST, *, zone: str = "UTC", extra: tuple[int, ...] = ()) -> list[Kept]:
    return list(islice(calendar(began, zone, extra=extra), count))


def by_code(began: date, *, extra: tuple[int, ...] = ()) -> dict[str, date]:
    return {kept.milestone.code: kept.on for kept in first(began, extra=extra)}


def test_the_milestones_are_those_of_the_fellowships_in_their_order() -> None:
    codes = [kept.milestone.code for kept in first(date(2026, 1, 15), 9)]
    assert codes == ["d1", "d30", "d60", "d90", "m6", "m9", "m12", "m24", "m36"]
    assert [kept.milestone.code for kept in first(date(2026, 1, 15), 9, extra=NA)][6:] == ["m12", "m18", "m24"]


@pytest.mark.parametrize(
    ("began", "code", "on"),
    [
        (date(2026, 11, 26), "d1", date(2026, 11, 27)),
        (date(2026, 12, 31), "d1", date(2027, 1, 1)),
        (date(2024, 2, 1), "d30", date(2024, 3, 2)),
        (date(2023, 2, 1), "d30", date(2023, 3, 3)),
        (date(2025, 8, 31), "m6", date(2026, 2, 28)),
        (date(2023, 8, 29), "m6", date(2024, 2, 29)),
        (date(2023, 8, 31), "m6", date(2024, 2, 29)),
        (date(2026, 3, 31), "m6", date(2026, 9, 30)),
        (date(2026, 8, 31), "m9", date(2027, 5, 31)),
        (date(2024, 2, 29), "m12", date(2025, 2, 28)),
        (date(2024, 2, 29), "m48", date(2028, 2, 29)),
        (date(1960, 2, 29), "m480", date(2000, 2, 29)),
        (date(2060, 2, 29), "m480", date(2100, 2, 28)),
        (date(2024, 8, 31), "m18", date(2026, 2, 28)),
        (date(1986, 5, 4), "m480", date(2026, 5, 4)),
    ],
)
def test_examples_of_the_rules(began: date, code: str, on: date) -> None:
    assert by_code(began, extra=NA)[code] == on


def test_every_day_of_a_leap_cycle_keeps_month_and_day_but_for_months_that_are_too_short() -> None:
    for number in range(4 * 365 + 1):
        began = date(2023, 1, 1) + timedelta(days=number)
        for kept in first(began, 12, extra=NA):
            months = kept.milestone.months
            if not months:
                assert (kept.on - began).days == kept.milestone.days
                continue
            years, month = divmod(began.month - 1 + months, 12)
            assert (kept.on.year, kept.on.month) == (began.year + years, month + 1)
            assert kept.on.day == began.day or (
                kept.on.day < began.day and (kept.on + timedelta(days=1)).month != kept.on.month
            )


@settings(max_examples=300)
@given(began=DATES, zone=st.sampled_from(ZONES), extra=st.sets(st.integers(1, 60), max_size=4))
@example(began=date(2011, 12, 29), zone="Pacific/Apia", extra=set())
@example(began=date(1994, 12, 30), zone="Pacific/Kiritimati", extra={1})
@example(began=date(2024, 2, 29), zone="UTC", extra={18})
def test_sixty_years_go_forward_without_a_day_twice(began: date, zone: str, extra: set[int]) -> None:
    kept = first(began, MOST, zone=zone, extra=tuple(extra))
    assert all(one.on < next_one.on for one, next_one in pairwise(kept))
    assert len({one.milestone for one in kept}) == len(kept) == MOST
    assert all(kept_on(one.on, zone) == one.on for one in kept), "each is a day that the zone has"
    if zone != "Pacific/Kiritimati":
        assert {f"m{12 * year}" for year in range(1, SIXTY_YEARS - 5)} <= {one.milestone.code for one in kept}


@settings(max_examples=300)
@given(
    began=DATES, days=st.integers(-40, 365 * SIXTY_YEARS), zone=st.sampled_from(ZONES), extra=st.sampled_from([(), NA])
)
@example(began=date(2011, 11, 30), days=30, zone="Pacific/Apia", extra=())
@example(began=date(2025, 8, 31), days=181, zone="UTC", extra=())
def test_looking_from_a_day_finds_what_counting_through_finds(
    began: date, days: int, zone: str, extra: tuple[int, ...]
) -> None:
    since = began + timedelta(days=days)
    counted = next(one for one in calendar(began, zone, extra=extra) if one.on >= since)
    assert first_from(since, began, zone, extra) == counted
    behind = until(since, began, zone, extra)
    assert [one.on <= since for one in behind] == [True] * len(behind)
    assert [*behind, counted][-2:][0].on <= counted.on


def test_a_day_that_a_zone_leaves_out_is_kept_on_the_day_that_came_instead() -> None:
    assert kept_on(date(2011, 12, 30), "Pacific/Apia") == date(2011, 12, 31)
    assert first(date(2011, 12, 29), 1, zone="Pacific/Apia")[0] == Kept(Milestone(days=1), date(2011, 12, 31))
    assert first_from(date(2011, 12, 31), date(2011, 12, 29), "Pacific/Apia") is not None
    assert kept_on(date(2011, 12, 30), "Pacific/Pago_Pago") == date(2011, 12, 30)


@given(began=st.dates(date(9990, 1, 1), date.max), zone=st.sampled_from(["UTC", "Pacific/Kiritimati", "Pacific/Niue"]))
def test_the_end_of_the_calendar_ends_it(began: date, zone: str) -> None:
    assert len(list(calendar(began, zone, extra=NA))) <= 17


@settings(max_examples=400)
@given(day=st.dates(FEWEST, date(2090, 1, 1)), zone=st.sampled_from(ZONES), rhythm=RHYTHMS)
@example(day=date(2026, 3, 8), zone="America/Havana", rhythm=Rhythm(hour=0, chosen=True))
@example(day=date(2011, 12, 30), zone="Pacific/Apia", rhythm=Rhythm())
def test_it_is_told_on_its_own_day_and_never_in_quiet_hours_that_nobody_chose(
    day: date, zone: str, rhythm: Rhythm
) -> None:
    on = kept_on(day, zone)
    due = telling_at(on, zone, rhythm)
    local, latest = due.astimezone(ZoneInfo(zone)), late_after(due, zone, rhythm.quiet)
    assert local.date() == on
    assert begins(on, zone) <= due < latest
    if not rhythm.chosen and rhythm.hour == local.hour:
        assert not rhythm.quiet.covers(local.hour) or rhythm.quiet.ends == local.hour
    if not rhythm.quiet.covers(local.hour):
        last = (latest - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        assert last.date() == on
        assert not rhythm.quiet.covers(last.hour)


def test_the_usual_hour_and_how_late_it_may_come() -> None:
    due = telling_at(date(2026, 12, 1), "America/New_York", Rhythm())
    assert due == datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert late_after(due, "America/New_York", QUIET) == datetime(2026, 12, 2, 2, tzinfo=UTC)
    at_night = telling_at(date(2026, 12, 1), "UTC", Rhythm(hour=23, chosen=True))
    assert late_after(at_night, "UTC", QUIET) - at_night == timedelta(hours=1)
    assert telling_at(date(2026, 12, 1), "UTC", Rhythm(hour=23)).hour == QUIET.ends
    assert late_after(at_night, "UTC", Quiet(3, 3)) == datetime(2026, 12, 2, tzinfo=UTC)
