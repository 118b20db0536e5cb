"""Rows that repeat each other, and slugs used twice."""

from accounts.meeting_guide import Outcome
from tests.accounts.meeting_rows import feed_of, row


def test_the_same_meeting_under_two_slugs_is_taken_once() -> None:
    feed = feed_of(row(slug="a"), row(slug="b", name="EARLY RISERS"))

    assert [meeting.slug for meeting in feed.entries] == ["a"]
    assert str(feed.rows[1].refusal) == "It repeats row 1."


def test_the_same_name_at_the_same_time_in_another_place_is_another_meeting() -> None:
    elsewhere = row(slug="b", location="Library", address="3 Other Street")
    online = row(slug="c", location=None, address=None, conference_url="https://meet.example/j/1")
    online_too = row(slug="d", location=None, address=None, conference_url="https://meet.example/j/2")

    assert feed_of(row(slug="a"), elsewhere, online, online_too).count(Outcome.TAKEN) == 4


def test_a_slug_repeated_for_the_same_meeting_is_refused() -> None:
    feed = feed_of(row(), row(location="Hall, upstairs"))

    assert [each.outcome for each in feed.rows] == [Outcome.TAKEN, Outcome.REFUSED]


def test_a_slug_shared_by_two_meetings_gets_a_derived_one() -> None:
    feed = feed_of(row(), row(day=2), row(day=2, time="20:00"), row(day=2, time="20:00", name="Late Risers"))

    assert [meeting.slug for meeting in feed.entries] == [
        "early-risers-1",
        "early-risers-1-tue",
        "early-risers-1-tue-2000",
        "early-risers-1-tue-2000-2",
    ]
    assert [each.outcome for each in feed.rows] == [Outcome.TAKEN] + [Outcome.MENDED] * 3


def test_a_derived_slug_never_takes_one_that_a_later_row_owns() -> None:
    feed = feed_of(row(day=[1, 2]), row(slug="early-risers-1-tue", name="Tuesday Group", day=2))

    assert [meeting.slug for meeting in feed.entries] == [
        "early-risers-1",
        "early-risers-1-tue-0700",
        "early-risers-1-tue",
    ]


def test_one_repeated_day_of_several_is_left_out() -> None:
    feed = feed_of(row(day=1), row(slug="b", day=[1, 2]))

    assert [meeting.day for meeting in feed.entries] == [1, 2]
    assert [note.key for note in feed.rows[1].mends] == ["day_repeated"]
