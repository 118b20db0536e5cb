"""The week: 168 hours as one value, in Python, in text and in the database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import Profile, User, Week, WeekField
from accounts.models.week import HOURS
from tests import factories

EVERY_HOUR = Week((1 << HOURS) - 1)
HOUR_SETS = st.sets(st.integers(0, HOURS - 1))
MONDAYS = st.dates(date(2000, 1, 1), date(2037, 1, 1)).map(lambda day: day - timedelta(days=day.weekday()))
ZONES = st.sampled_from(
    [
        "UTC",
        "America/New_York",
        "America/Los_Angeles",
        "America/St_Johns",
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "Pacific/Apia",
        "America/Sao_Paulo",
    ]
)


def naive_instants(hours: set[int], zone: str, monday: date) -> list[datetime]:
    """The same question asked the other way round: walk every quarter of an hour of real time and read the clock
    on the wall; the first moment at which it shows the full hour wins."""
    there = ZoneInfo(zone)
    seen: dict[int, datetime] = {}
    moment = datetime.combine(monday, time(), tzinfo=UTC) - timedelta(days=2)
    for _ in range(4 * 24 * 11):
        wall = moment.astimezone(there)
        number = (wall.date() - monday).days * 24 + wall.hour
        if wall.minute == 0 and 0 <= number < HOURS and number in hours:
            seen.setdefault(number, moment)
        moment += timedelta(minutes=15)
    return [seen[number] for number in sorted(seen)]


@given(HOUR_SETS)
def test_a_week_holds_exactly_the_hours_it_was_made_of(hours: set[int]) -> None:
    week = Week.of(hours)
    assert week.hours == sorted(hours)
    assert len(week) == len(hours)
    assert {hour for hour in range(HOURS) if hour in week} == hours


@given(HOUR_SETS)
def test_a_week_survives_being_written_as_text(hours: set[int]) -> None:
    week = Week.of(hours)
    assert Week.parse(str(week)) == week
    assert [place for place, bit in enumerate(str(week)) if bit == "1"] == sorted(hours)


@pytest.mark.parametrize("text", ["", "1", "0" * 167, "0" * 169, "2" * 168, "٠" * 168, " " * 168, "0b" + "1" * 166])
def test_text_that_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="168 characters"):
        Week.parse(text)
    with pytest.raises(ValidationError):
        WeekField().to_python(text)


@pytest.mark.parametrize("hour", [-1, 168, 10**9])
def test_there_are_no_hours_outside_a_week(hour: int) -> None:
    with pytest.raises(ValueError, match="no hour"):
        Week.of([hour])


@pytest.mark.parametrize("bits", [-1, 1 << HOURS])
def test_more_than_168_bits_are_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="168 hours"):
        Week(bits)


@settings(max_examples=60, deadline=None)
@given(HOUR_SETS, ZONES, MONDAYS)
@example(set(range(HOURS)), "America/New_York", date(2026, 3, 2))
@example(set(range(HOURS)), "America/New_York", date(2026, 10, 26))
@example(set(range(HOURS)), "Australia/Lord_Howe", date(2026, 3, 30))
@example(set(range(HOURS)), "Australia/Lord_Howe", date(2026, 9, 28))
@example(set(range(HOURS)), "Pacific/Apia", date(2011, 12, 26))
@example(set(range(HOURS)), "Africa/Casablanca", date(2026, 2, 9))
def test_instants_agree_with_reading_the_clock_on_the_wall(hours: set[int], zone: str, monday: date) -> None:
    assert Week.of(hours).instants(zone, monday) == naive_instants(hours, zone, monday)


def test_the_hour_that_the_clocks_skip_is_left_out() -> None:
    sunday_two = 6 * 24 + 2
    assert Week.of([sunday_two]).instants("America/New_York", date(2026, 3, 2)) == []
    assert len(EVERY_HOUR.instants("America/New_York", date(2026, 3, 2))) == HOURS - 1


def test_of_the_hour_that_happens_twice_the_first_counts() -> None:
    sunday_one = 6 * 24 + 1
    assert Week.of([sunday_one]).instants("America/New_York", date(2026, 10, 26)) == [
        datetime(2026, 11, 1, 5, tzinfo=UTC)
    ]


def test_a_week_begins_on_a_monday() -> None:
    with pytest.raises(ValueError, match="Monday"):
        EVERY_HOUR.instants("UTC", date(2026, 11, 24))


@pytest.fixture
def somebody(db: None) -> User:
    return factories.newcomer(completed_at=None)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=HOUR_SETS)
@example(hours=set())
@example(hours={0})
@example(hours={HOURS - 1})
@example(hours=set(range(HOURS)))
def test_a_week_comes_back_from_the_database_as_it_went_in(somebody: User, hours: set[int]) -> None:
    Profile.objects.filter(pk=somebody.pk).update(week=Week.of(hours))
    assert Profile.objects.get(pk=somebody.pk).week == Week.of(hours)
    assert Profile.objects.filter(pk=somebody.pk, week=Week.of(hours)).exists()


def test_the_database_keeps_monday_midnight_as_the_first_bit(somebody: User) -> None:
    Profile.objects.filter(pk=somebody.pk).update(week=Week.of([0, 25]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT week::text, get_bit(week, 25) FROM accounts_profile WHERE user_id = %s", [somebody.pk])
        text, bit = cursor.fetchone()
    assert text == "1" + "0" * 24 + "1" + "0" * 142
    assert bit == 1


def test_the_database_takes_nothing_but_168_bits(somebody: User) -> None:
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_profile SET week = '101'::bit(3) WHERE user_id = %s", [somebody.pk])
