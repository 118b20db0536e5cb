"""Days, times and zones as offices write them."""

from datetime import time

import pytest

from accounts.meeting_guide import Outcome
from tests.accounts.meeting_rows import ZONE, entry, feed_of, mends, read, refusal, row


@pytest.mark.parametrize(
    "day", [3, [3], "3", 3.0, ["3"], "Wednesday", "wed", "Wed.", "Wednesdays", "Miércoles", "MERCREDI"]
)
def test_a_day_is_understood_in_every_notation(day: object) -> None:
    assert entry(day=day).day == 3
    assert read(day=day).outcome is Outcome.TAKEN


@pytest.mark.parametrize("days", [[1, 3], ["3", "1", 3], "1,3", "Monday / Wednesday"])
def test_a_row_with_several_days_becomes_a_meeting_on_each(days: object) -> None:
    entries = read(day=days).entries

    assert [(meeting.day, meeting.slug) for meeting in entries] == [(1, "early-risers-1"), (3, "early-risers-1-wed")]
    assert read(day=days).outcome is Outcome.TAKEN


@pytest.mark.parametrize("day", [7, -1, 1.5, True, "someday", {"on": 1}, [[1]], "8", 10**30])
def test_a_row_whose_day_cannot_be_read_is_refused(day: object) -> None:
    assert refusal(day=day) == "bad_day"


def test_one_unreadable_day_among_good_ones_is_left_out() -> None:
    assert [meeting.day for meeting in read(day=[2, 9]).entries] == [2]
    assert mends(day=[2, 9]) == ["day_dropped"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("18:30", time(18, 30)),
        ("18:30:00", time(18, 30)),
        ("6:30 PM", time(18, 30)),
        ("6:30PM", time(18, 30)),
        ("6:30 p.m.", time(18, 30)),
        ("6 pm", time(18)),
        ("12:15 AM", time(0, 15)),
        ("12:15 PM", time(12, 15)),
        ("noon", time(12)),
        ("12 Noon", time(12)),
        ("Midnight", time(0)),
        ("mediodía", time(12)),
        ("18h30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("1830", time(18, 30)),
        (1830, time(18, 30)),
        ("9:05", time(9, 5)),
    ],
)
def test_a_time_is_understood_in_every_notation(written: object, meant: time) -> None:
    assert entry(time=written).starts == meant
    assert read(time=written).outcome is Outcome.TAKEN


@pytest.mark.parametrize(
    "written", ["25:00", "24:00", "7:75", "13:00 AM", "0:30 pm", "evening", "18", 18, True, [7], "٧:٠٠"]
)
def test_a_row_whose_time_cannot_be_read_is_refused(written: object) -> None:
    assert refusal(time=written) == "bad_time"


def test_a_24_hour_time_marked_pm_is_mended() -> None:
    assert entry(time="18:30 PM").starts == time(18, 30)
    assert mends(time="18:30 PM") == ["afternoon"]


def test_a_meeting_without_day_and_time_is_by_appointment() -> None:
    assert (entry(day=None, time=None).day, entry(day=[], time="").starts) == (None, None)
    assert read(day=None, time=None).outcome is Outcome.TAKEN


def test_day_and_time_come_together() -> None:
    assert refusal(time=None) == "day_without_time"
    assert refusal(day=None) == "time_without_day"


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"), [("19:00", "20:30", 90), ("23:30", "12:15 AM", 45), ("19:00", None, 60)]
)
def test_the_end_time_gives_the_length(starts: str, ends: str | None, minutes: int) -> None:
    assert entry(time=starts, end_time=ends).minutes == minutes
    assert mends(time=starts, end_time=ends) == []


@pytest.mark.parametrize("ends", ["18:00", "19:00", "late", 5])
def test_an_end_time_that_does_not_fit_becomes_one_hour(ends: object) -> None:
    assert entry(time="19:00", end_time=ends).minutes == 60
    assert mends(time="19:00", end_time=ends) == ["end_time_dropped"]


def test_a_missing_zone_is_the_offices_and_is_said_once_for_the_feed() -> None:
    feed = feed_of(row(timezone=None), row(timezone="", slug="other", name="Other"))

    assert {meeting.zone for meeting in feed.entries} == {ZONE}
    assert feed.count(Outcome.TAKEN) == 2
    assert [(note.key, rows) for note, rows in feed.remark_counts()] == [("zone_missing", 2)]


def test_an_unknown_zone_is_mended_to_the_offices() -> None:
    assert entry(timezone="Pacific Time").zone == ZONE
    assert mends(timezone="Pacific Time") == ["zone_unknown"]
    assert mends(timezone="../../etc/passwd") == ["zone_unknown"]


def test_a_zone_in_another_spelling_is_understood() -> None:
    assert entry(timezone="america/los angeles").zone == "America/Los_Angeles"
    assert mends(timezone="america/los angeles") == []
