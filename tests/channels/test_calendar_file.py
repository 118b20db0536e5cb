"""The calendar file: read back by a calendar library it holds exactly the moments, in every zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from matching.cadence import QUIET, coming
from matching.calendar_file import calendar_file
from tests.matching.test_every_zone import ZONES

OWNER = UUID("00000000-0000-4000-8000-000000000001")
MADE = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
TITLE = "A moment for you"


def _file(moments: list[datetime]) -> bytes:
    return calendar_file(OWNER, "Two Lights", TITLE, moments, MADE)


def _events(text: bytes) -> list[Any]:
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    return calendar.events


def _coming(zone: str, began: date, hour: int, cadence: str = "daily", days: int = 28, **more: Any) -> list[datetime]:
    now = datetime(began.year, began.month, began.day, 12, tzinfo=UTC)
    until = now + timedelta(days=days)
    asked = coming(until=until, cadence=cadence, began_on=began, last_on=None, hour=hour, zone=zone, after=now, **more)
    return list(asked)


@settings(max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    began=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    hour=st.integers(0, 23),
    cadence=st.sampled_from(["default", "daily", "weekly"]),
)
@example(zone="America/New_York", began=date(2026, 3, 1), hour=18, cadence="daily")
@example(zone="Europe/Paris", began=date(2026, 10, 20), hour=10, cadence="daily")
@example(zone="Australia/Lord_Howe", began=date(2026, 9, 20), hour=9, cadence="daily")
@example(zone="America/Havana", began=date(2026, 3, 1), hour=9, cadence="weekly")
@example(zone="Pacific/Apia", began=date(2011, 12, 20), hour=18, cadence="daily")
def test_read_back_it_holds_the_moments_and_each_is_the_hour_on_a_day_of_its_own(
    zone: str, began: date, hour: int, cadence: str
) -> None:
    moments = _coming(zone, began, hour, cadence)
    found = [event.DTSTART for event in _events(_file(moments))]
    assert found == moments
    local = [moment.astimezone(ZoneInfo(zone)) for moment in found]
    assert len({one.date() for one in local}) == len(local)
    assert {one.hour for one in local} <= {QUIET.ends if QUIET.covers(hour) else hour}


def test_across_a_change_of_the_clocks_the_hour_on_the_wall_stays() -> None:
    found = _coming("America/New_York", date(2026, 3, 6), 18, days=4)
    assert [one.hour for one in found] == [23, 22, 22, 22][: len(found)]
    assert {one.astimezone(ZoneInfo("America/New_York")).hour for one in found} == {18}


def test_it_is_a_calendar_by_the_letter_of_the_standard() -> None:
    """RFC 5545: line ends, their length, what a calendar and an event must have."""
    text = _file(_coming("Europe/Paris", date(2026, 1, 5), 18))
    lines = text.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    assert calendar.errors == []
    for event in calendar.events:
        assert {"UID", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY"} <= set(event.keys())
        assert event.errors == []
    assert text.count(b"DTSTART:") == text.count(b"Z\r\nDURATION")


def test_it_says_the_title_and_nothing_else_in_words() -> None:
    text = _file(_coming("Europe/Paris", date(2026, 1, 5), 18)).decode()
    words = {line.partition(":")[2] for line in text.splitlines() if line.startswith(("SUMMARY", "DESC", "LOC", "URL"))}
    assert words == {TITLE}
    assert "@" not in text
    assert "ATTENDEE" not in text
    assert "BEGIN:VALARM" not in text


def test_an_event_is_the_same_event_in_the_next_file() -> None:
    moments = _coming("Europe/Paris", date(2026, 1, 5), 18)
    first, later = (_events(_file(some)) for some in (moments, moments[3:]))
    assert [one["uid"] for one in first[3:]] == [one["uid"] for one in later]
    assert len({one["uid"] for one in first}) == len(first)
    assert _file(moments) == _file(list(reversed(moments)))


def test_two_members_share_no_event() -> None:
    moments = _coming("Europe/Paris", date(2026, 1, 5), 18)
    other = calendar_file(UUID(int=7), "Two Lights", TITLE, moments, MADE)
    assert not {one["uid"] for one in _events(other)} & {one["uid"] for one in _events(_file(moments))}


def test_with_nothing_planned_it_is_still_a_calendar() -> None:
    calendar = Calendar.from_ical(_file([]))
    assert isinstance(calendar, Calendar)
    assert calendar.events == []
    assert len(calendar.subcomponents) == 1


@pytest.mark.parametrize(("unanswered", "days"), [(0, 1), (3, 2)])
def test_whoever_does_not_answer_sees_the_rarer_rhythm(unanswered: int, days: int) -> None:
    found = _coming("UTC", date(2026, 1, 5), 18, "default", unanswered=unanswered)
    assert {(b - a).days for a, b in pairwise(found)} == {days}


def test_a_pause_leaves_its_days_out() -> None:
    found = _coming("UTC", date(2026, 1, 5), 18, paused_until=date(2026, 1, 20))
    assert found[0].date() == date(2026, 1, 20)
