"""When one is asked: the default curve day by day, in every zone, never the same local day twice."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.cadence import NeverAwake, Quiet, at_hour, interval, next_due, pace, silence_after, waking

ZONES = sorted(available_timezones() - {"localtime"})
BEGAN = date(2026, 1, 5)


def _days(cadence: str, count: int, *, zone: str = "UTC", began: date = BEGAN, hour: int = 18) -> list[date]:
    """The local days asked on, by a tick that looks exactly at each moment."""
    found: list[date] = []
    now = datetime(began.year, began.month, began.day, 12, tzinfo=UTC)
    for _ in range(count):
        due = next_due(
            cadence=cadence,
            began_on=began,
            last_on=found[-1] if found else None,
            hour=hour,
            zone=zone,
            after=now,
            chosen=True,
        )
        assert due is not None
        assert due > now
        found.append(due.astimezone(ZoneInfo(zone)).date())
        now = due
    return found


@pytest.mark.parametrize(
    ("day", "days"),
    [(0, 1), (1, 1), (29, 1), (30, 3), (33, 4), (37, 3), (89, 4), (90, 7), (364, 7), (365, 30), (3650, 30)],
)
def test_the_default_asks_daily_then_twice_a_week_then_weekly_then_monthly(day: int, days: int) -> None:
    assert interval("default", day) == days


def test_twice_a_week_is_two_days_in_every_week() -> None:
    asked = [(day - BEGAN).days for day in _days("default", 47)]
    assert asked[:30] == list(range(1, 31))
    weeks = [sum(30 < day <= 90 and day // 7 == week for day in asked) for week in range(5, 12)]
    assert weeks == [2] * 7


def test_a_year_of_the_default_asks_some_ninety_times() -> None:
    asked = _days("default", 100)
    assert 80 <= sum((day - BEGAN).days <= 365 for day in asked) <= 95


@pytest.mark.parametrize(("cadence", "days"), [("daily", 1), ("weekly", 7)])
def test_whoever_chose_a_rhythm_is_asked_in_it(cadence: str, days: int) -> None:
    asked = _days(cadence, 20)
    assert {(b - a).days for a, b in pairwise(asked)} == {days}


def test_none_asks_nothing() -> None:
    assert interval("none", 3) is None
    now = datetime(2026, 1, 6, tzinfo=UTC)
    assert next_due(cadence="none", began_on=BEGAN, last_on=None, hour=18, zone="UTC", after=now) is None


def test_the_first_asking_is_on_the_day_after_the_beginning() -> None:
    assert _days("weekly", 1) == [BEGAN + timedelta(days=1)]


def test_a_pause_ends_on_its_day_and_what_fell_into_it_is_not_made_up_for() -> None:
    back = BEGAN + timedelta(days=40)
    due = next_due(
        cadence="daily",
        began_on=BEGAN,
        last_on=BEGAN + timedelta(days=3),
        hour=9,
        zone="Europe/Paris",
        after=datetime(2026, 1, 9, tzinfo=UTC),
        paused_until=back,
    )
    assert due == datetime(2026, 2, 14, 8, tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES),
    began=st.dates(date(2008, 1, 1), date(2035, 1, 1)),
    hour=st.integers(0, 23),
    cadence=st.sampled_from(["default", "daily", "weekly"]),
)
@example(zone="Pacific/Apia", began=date(2011, 12, 27), hour=18, cadence="daily")
@example(zone="Australia/Lord_Howe", began=date(2026, 4, 1), hour=2, cadence="daily")
@example(zone="America/Havana", began=date(2026, 3, 5), hour=0, cadence="daily")
@example(zone="Africa/Casablanca", began=date(2026, 2, 12), hour=2, cadence="daily")
def test_each_local_day_is_asked_once_at_its_hour(zone: str, began: date, hour: int, cadence: str) -> None:
    there = ZoneInfo(zone)
    asked = _days(cadence, 12, zone=zone, began=began, hour=hour)
    assert all(a < b for a, b in pairwise(asked))
    for day in asked:
        local = at_hour(day, hour, zone).astimezone(there)
        exists = local.replace(tzinfo=None) == datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001
        after_a_gap = local - local.replace(hour=0, minute=0) <= timedelta(hours=hour + 2)
        assert exists or after_a_gap


def test_a_day_that_a_zone_leaves_out_is_left_out() -> None:
    """Samoa went from 29 to 31 December 2011."""
    asked = _days("daily", 4, zone="Pacific/Apia", began=date(2011, 12, 27))
    assert asked == [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]


@pytest.mark.parametrize(
    ("zone", "day", "hour", "utc"),
    [
        ("America/New_York", date(2026, 3, 8), 2, "2026-03-08T07:00"),
        ("America/New_York", date(2026, 11, 1), 1, "2026-11-01T05:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 2, "2026-10-03T15:30"),
        ("America/Havana", date(2026, 3, 8), 0, "2026-03-08T05:00"),
    ],
)
def test_an_hour_that_is_skipped_comes_after_the_gap_and_one_that_comes_twice_counts_once(
    zone: str, day: date, hour: int, utc: str
) -> None:
    assert at_hour(day, hour, zone) == datetime.fromisoformat(f"{utc}:00+00:00")


@pytest.mark.parametrize(
    ("cadence", "day", "unanswered", "days"),
    [("daily", 500, 0, 1), ("weekly", 0, 2, 7), ("weekly", 0, 3, 14), ("default", 31, 0, 3.5), ("default", 34, 9, 7)],
)
def test_the_pace_is_how_often_one_is_asked_at_present(cadence: str, day: int, unanswered: int, days: float) -> None:
    assert pace(cadence, day, unanswered) == timedelta(days=days)


def test_a_pair_is_quiet_after_a_week_or_two_questions_of_the_one_asked_more_often() -> None:
    day = timedelta(days=1)
    assert pace("none", 5) is None
    assert silence_after([None, None]) is None
    assert silence_after([day, 30 * day]) == 7 * day
    assert silence_after([3.5 * day, None]) == 7 * day
    assert silence_after([7 * day, 30 * day]) == 14 * day


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
QUIETS = st.lists(st.builds(Quiet, st.integers(0, 23), st.integers(0, 23)), max_size=3)


@settings(deadline=None)
@given(moment=MOMENTS, zone=st.sampled_from(ZONES), quiets=QUIETS)
@example(datetime(2026, 4, 4, 14, 40, tzinfo=UTC), "Australia/Lord_Howe", [Quiet()])
@example(datetime(2011, 12, 30, 3, tzinfo=UTC), "Pacific/Apia", [Quiet(0, 22)])
def test_a_letter_has_an_hour_in_which_none_of_the_quiet_hours_lies(
    moment: datetime, zone: str, quiets: list[Quiet]
) -> None:
    """R6, for letters of no fixed hour: in every zone, whatever quiet hours are laid over each other."""
    try:
        start, left = waking(moment, zone, quiets)
    except NeverAwake:
        return
    assert start >= moment
    assert timedelta(hours=1) <= left <= timedelta(days=1)
    steps = int(left / timedelta(minutes=15))
    for step in range(steps):
        hour = (start + step * timedelta(minutes=15)).astimezone(ZoneInfo(zone)).hour
        assert not any(quiet.covers(hour) for quiet in quiets)


def test_quiet_hours_all_day_long_leave_no_time() -> None:
    with pytest.raises(NeverAwake):
        waking(datetime(2026, 1, 5, tzinfo=UTC), "UTC", [Quiet(9, 21), Quiet(21, 9)])
    one_hour = Quiet(0, 23)
    start, left = waking(datetime(2026, 1, 5, tzinfo=UTC), "UTC", [one_hour])
    assert (start.hour, left) == (23, timedelta(hours=1))
