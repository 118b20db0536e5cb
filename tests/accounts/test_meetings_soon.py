"""The help page lists what starts within three hours, in each meeting's own zone."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Attendance
from accounts.queries.meetings import meetings_soon
from tests import factories

pytestmark = pytest.mark.django_db

TUESDAY_NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
"""Noon in New York, nine in Los Angeles, 17 in London, two on Wednesday morning in Tokyo."""

MONDAY, TUESDAY, WEDNESDAY, SATURDAY, SUNDAY = 1, 2, 3, 6, 0


def names(now: datetime) -> list[str]:
    return [meeting.name for meeting in meetings_soon(now)]


@pytest.mark.parametrize(
    ("zone", "day", "starts", "soon"),
    [
        ("America/New_York", TUESDAY, time(12, 0), True),
        ("America/New_York", TUESDAY, time(15, 0), True),
        ("America/New_York", TUESDAY, time(15, 1), False),
        ("America/New_York", TUESDAY, time(11, 59), False),
        ("America/New_York", MONDAY, time(13, 0), False),
        ("America/Los_Angeles", TUESDAY, time(9, 30), True),
        ("America/Los_Angeles", TUESDAY, time(13, 0), False),
        ("Asia/Tokyo", WEDNESDAY, time(3, 0), True),
        ("Asia/Tokyo", TUESDAY, time(3, 0), False),
    ],
)
def test_a_meeting_is_soon_by_the_clock_of_its_own_zone(zone: str, day: int, starts: time, soon: bool) -> None:
    factories.meeting(zone=zone, day=day, starts=starts)
    assert (names(TUESDAY_NOON) == ["Monday Lamp"]) is soon


def test_a_member_finds_what_they_can_get_to() -> None:
    member, far = factories.newcomer().profile, factories.intergroup(slug="far", name="Far away")
    soon: dict[str, Any] = {"zone": "UTC", "day": TUESDAY, "starts": time(18)}
    factories.meeting(name="Here", **soon)
    factories.meeting(far, name="Far", **soon)
    factories.meeting(far, name="Online", attendance=Attendance.ONLINE, **soon)
    assert {one.name for one in meetings_soon(TUESDAY_NOON, member)} == {"Here", "Online"}
    assert {one.name for one in meetings_soon(TUESDAY_NOON)} == {"Here", "Far", "Online"}


def test_a_member_with_nothing_near_still_finds_what_there_is() -> None:
    far = factories.intergroup(slug="far", name="Far away")
    factories.meeting(far, name="Far", zone="UTC", day=TUESDAY, starts=time(18))
    assert [one.name for one in meetings_soon(TUESDAY_NOON, factories.newcomer().profile)] == ["Far"]


def test_a_meeting_after_midnight_is_soon_before_it() -> None:
    factories.meeting(zone="UTC", day=SUNDAY, starts=time(0, 30))
    saturday_night = datetime(2026, 11, 28, 23, tzinfo=UTC)
    assert meetings_soon(saturday_night)[0].starts_at == datetime(2026, 11, 29, 0, 30, tzinfo=UTC)


def test_a_start_that_the_clocks_skip_is_moved_on_with_them() -> None:
    factories.meeting(zone="America/New_York", day=SUNDAY, starts=time(2, 30))
    before = datetime(2026, 3, 8, 6, tzinfo=UTC)
    assert meetings_soon(before)[0].starts_at.isoformat() == "2026-03-08T03:30:00-04:00"


def test_a_start_just_after_the_clocks_go_forward_is_found() -> None:
    factories.meeting(zone="America/New_York", day=SUNDAY, starts=time(5, 0))
    before = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    assert names(before) == ["Monday Lamp"]


def test_the_soonest_eight_are_shown_and_meetings_by_appointment_are_not() -> None:
    factories.meeting(name="By appointment", day=None, starts=None)
    factories.meeting(name="Over", day=TUESDAY, starts=time(12, 1), active=False)
    for minute in range(20, 10, -1):
        factories.meeting(name=f"At {minute}", day=TUESDAY, starts=time(12, minute))
    assert names(TUESDAY_NOON) == [f"At {minute}" for minute in range(11, 19)]


def test_the_page_shows_the_meetings_own_time(client: Client) -> None:
    soon = clock.now() + timedelta(hours=1)
    tokyo = soon.astimezone(ZoneInfo("Asia/Tokyo"))
    factories.meeting(
        zone="Asia/Tokyo",
        day=tokyo.isoweekday() % 7,
        starts=tokyo.time().replace(second=0, microsecond=0),
        conference_url="https://meet.example.org/1",
    )
    html = client.get(reverse("help_now")).content.decode()
    assert "Monday Lamp" in html
    assert tokyo.strftime("T%H:%M") in html
    assert "https://meet.example.org/1" in html
