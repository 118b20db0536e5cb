"""R6: in every zone of the tz database, one question for each local day that exists, and none in the quiet hours."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.cadence import QUIET, USUAL_HOUR, Quiet, asking_at, next_due

ZONES = sorted(available_timezones() - {"localtime"})
BEGAN = date(2026, 1, 5)
TWO_YEARS = 731
Next = Callable[[str, date, date | None, int, datetime], datetime]


def ours(zone: str, began: date, last_on: date | None, hour: int, after: datetime) -> datetime:
    due = next_due(cadence="daily", began_on=began, last_on=last_on, hour=hour, zone=zone, after=after)
    assert due is not None
    return due


def naive(zone: str, began: date, last_on: date | None, hour: int, after: datetime) -> datetime:
    """What many a program does: the next day is 24 hours on."""
    return after + timedelta(hours=24) if last_on else ours(zone, began, last_on, hour, after)


def asked(step: Next, zone: str, began: date, days: int, hour: int = USUAL_HOUR) -> list[datetime]:
    """The local moments asked at, until a number of days after the beginning."""
    there, end = ZoneInfo(zone), began + timedelta(days=days)
    now = datetime(began.year, began.month, began.day, 12, tzinfo=UTC)
    found: list[datetime] = []
    while True:
        now = step(zone, began, found[-1].date() if found else None, hour, now)
        local = now.astimezone(there)
        if local.date() > end:
            return found
        found.append(local)


def existing(zone: str, first: date, last: date) -> list[date]:
    """The days of the calendar that somebody in this zone lives through."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    noon = [datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)) for day in days]
    return [one.date() for one in noon if one.astimezone(UTC).astimezone(one.tzinfo).date() == one.date()]


def holds(step: Next, zone: str, began: date, hour: int = USUAL_HOUR, days: int = TWO_YEARS) -> bool:
    """Whether the rows are the existing local days, one each, all outside the quiet hours."""
    found = asked(step, zone, began, days, hour)
    each = [moment.date() for moment in found]
    return each == existing(zone, each[0], began + timedelta(days=days)) and not any(
        QUIET.covers(moment.hour) for moment in found
    )


def test_every_zone_there_is_for_two_years() -> None:
    """R6, without leaving one out."""
    assert len(ZONES) > 400
    assert [zone for zone in ZONES if not holds(ours, zone, BEGAN)] == []


@settings(max_examples=60)
@given(zone=st.sampled_from(ZONES), began=st.dates(date(1990, 1, 1), date(2035, 1, 1)), hour=st.integers(0, 23))
@example(zone="Australia/Lord_Howe", began=date(2025, 9, 1), hour=20)
@example(zone="America/Havana", began=date(2025, 9, 1), hour=0)
@example(zone="Africa/Casablanca", began=date(2025, 9, 1), hour=2)
@example(zone="Pacific/Apia", began=date(2011, 1, 1), hour=18)
@example(zone="Pacific/Kwajalein", began=date(1993, 1, 1), hour=9)
def test_any_zone_from_any_day_at_any_hour(zone: str, began: date, hour: int) -> None:
    """R6: an hour that nobody chose and that is quiet moves to the end of the quiet hours."""
    assert holds(ours, zone, began, hour)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Paris", "America/Havana"])
def test_control_adding_a_day_of_24_hours_does_not_hold(zone: str) -> None:
    """The negative control of R6: each change of the clocks shifts it, at last into the quiet hours."""
    assert not holds(naive, zone, date(2026, 2, 1), 20)
    assert holds(ours, zone, date(2026, 2, 1), 20)


def test_control_a_day_that_does_not_exist_is_noticed() -> None:
    assert date(2011, 12, 30) not in existing("Pacific/Apia", date(2011, 12, 28), date(2012, 1, 2))
    assert len(existing("Pacific/Pago_Pago", date(2011, 12, 28), date(2012, 1, 2))) == 6


@given(
    stays=st.lists(
        st.tuples(st.sampled_from(ZONES), st.integers(1, 4), st.sampled_from(["default", "daily", "weekly"])),
        min_size=2,
        max_size=8,
    ),
    hour=st.integers(9, 20),
)
@example(stays=[("Pacific/Kiritimati", 3, "daily"), ("Pacific/Pago_Pago", 3, "daily")], hour=18)
def test_whoever_travels_and_changes_their_rhythm_is_asked_once_for_each_day_of_theirs(
    stays: list[tuple[str, int, str]], hour: int
) -> None:
    """R6: a day lived twice on the way is asked once; none is made up for; none is asked at night."""
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    days: list[date] = []
    for zone, count, cadence in stays:
        for _ in range(count):
            due = next_due(
                cadence=cadence,
                began_on=date(2026, 2, 27),
                last_on=days[-1] if days else None,
                hour=hour,
                zone=zone,
                after=now,
            )
            assert due is not None
            assert due > now
            local = due.astimezone(ZoneInfo(zone))
            assert not QUIET.covers(local.hour)
            days.append(local.date())
            now = due
    assert all(earlier < later for earlier, later in pairwise(days))


@pytest.mark.parametrize(
    ("quiet", "hour", "chosen", "asked_at"),
    [
        (QUIET, 18, False, 18),
        (QUIET, 22, False, 9),
        (QUIET, 22, True, 22),
        (QUIET, 8, False, 9),
        (QUIET, 21, False, 9),
        (QUIET, 9, False, 9),
        (Quiet(8, 17), 16, False, 17),
        (Quiet(8, 17), 2, False, 2),
        (Quiet(8, 17), 16, True, 16),
        (Quiet(5, 5), 3, False, 3),
    ],
)
def test_a_quiet_hour_is_asked_at_only_if_it_was_chosen(quiet: Quiet, hour: int, chosen: bool, asked_at: int) -> None:
    """Whoever works at night keeps other quiet hours."""
    due = asking_at(BEGAN, hour, "Europe/Paris", quiet=quiet, chosen=chosen).astimezone(ZoneInfo("Europe/Paris"))
    assert (due.date(), due.hour) == (BEGAN, asked_at)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_end_of_the_quiet_hours_is_never_a_day_away(zone: str, moment: datetime) -> None:
    over = QUIET.over(moment, zone)
    assert not QUIET.covers(over.astimezone(ZoneInfo(zone)).hour)
    assert moment <= over <= moment + timedelta(hours=14)
