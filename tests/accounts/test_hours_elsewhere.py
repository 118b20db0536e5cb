"""One's free hours can be read in another time zone, as they are painted and before anything is saved."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User, Week
from accounts.views.elsewhere import in_words, runs_elsewhere
from tests.accounts.walk import stored
from tests.conftest import signed_in

WEEK = reverse("profile_edit", args=["week"])
MARCH = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""Two weeks before Europe's clocks change, when America's are about to."""


def words(hours: list[int], zone: str, other: str) -> list[str]:
    with translation.override("en"), time_machine.travel(MARCH, tick=False):
        return [in_words(*run) for run in runs_elsewhere(Week.of(hours), zone, other)]


def test_hours_in_a_row_are_said_together_and_cross_midnight() -> None:
    assert words([18, 19, 20], "America/New_York", "Europe/Madrid") == ["Tuesday midnight to 3 a.m."]
    assert words([17, 18], "America/New_York", "Europe/Madrid") == ["Monday 11 p.m. to Tuesday 1 a.m."]
    assert words([16, 17], "America/New_York", "Europe/Madrid") == ["Monday 10 p.m. to midnight"]


def test_zones_may_be_half_an_hour_apart() -> None:
    assert words([18], "UTC", "Asia/Kolkata") == ["Monday 11:30 p.m. to Tuesday 12:30 a.m."]


@given(st.frozensets(st.integers(0, 167)))
def test_in_ones_own_zone_they_are_what_was_painted(hours: frozenset[int]) -> None:
    covered = set()
    with time_machine.travel(MARCH, tick=False):
        for start, end in runs_elsewhere(Week.of(hours), "UTC", "UTC"):
            first = start.weekday() * 24 + start.hour
            covered |= set(range(first, first + int((end - start).total_seconds()) // 3600))
    assert covered == hours


def look(user: User, **fields: Any) -> Any:
    fields = {"zone": "America/New_York", "hours": ["5", "77"], "elsewhere": "Europe/Paris", "look": "1", **fields}
    return signed_in(user).post(WEEK, fields)


@pytest.mark.django_db
def test_looking_saves_nothing_and_keeps_what_is_painted(ana: User) -> None:
    before = stored(ana)
    answer = look(ana)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [hour for hour in range(168) if f'value="{hour}" checked' in page] == [5, 77]
    assert "<h3>Europe/Paris</h3>" in page
    assert "Monday 11 a.m. to noon" in page
    assert stored(ana) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"hours": []}, 200, "no hour yet"),
        ({"elsewhere": "Mars/Olympus"}, 422, "do not know this time zone"),
        ({"zone": "../../etc/passwd"}, 200, "no hour yet"),
        ({"hours": ["999", "x"]}, 200, "no hour yet"),
    ],
)
def test_whatever_is_sent_is_answered(ana: User, fields: dict[str, Any], status: int, says: str) -> None:
    answer = look(ana, **fields)
    assert answer.status_code == status
    assert says in answer.content.decode()


@pytest.mark.django_db
def test_in_the_welcome_too_and_the_button_to_go_on_still_goes_on(ana: User) -> None:
    ana.profile.completed_at = None
    ana.profile.save()
    client, url = signed_in(ana), reverse("welcome_step", args=["week"])
    page = client.post(url, {"zone": "UTC", "hours": ["5"], "elsewhere": "Europe/Paris", "look": "1"}).content.decode()
    assert "Save and go on" in page
    assert client.post(url, {"zone": "UTC", "hours": ["5"], "elsewhere": "Europe/Paris"}).status_code == 302
