"""The service log: quick to log, the year as a picture, and what was logged can be taken out."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import User
from matching.actions.step_service import log_service
from matching.models import ServiceEntry
from matching.queries.step_service import last_year
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db

ZONE = "America/New_York"


def today() -> date:
    return clock.today(ZONE)


def log(user: User, kind: str = "call", *, days_ago: int = 0) -> ServiceEntry:
    return log_service(by=user, kind=kind, on=today() - timedelta(days=days_ago))


def test_it_is_logged_for_today_unless_said_otherwise(ana: User) -> None:
    client = signed_in(ana)
    form = office.page(client, reverse("service"))
    assert f'value="{today().isoformat()}"' in form
    answer = client.post(
        reverse("service_add"), {"kind": "ride", "on": today().isoformat(), "minutes": ""}, follow=True
    )
    assert "Logged: Gave a ride" in answer.content.decode()
    entry = ServiceEntry.objects.get()
    assert (entry.member, entry.kind, entry.on, entry.minutes) == (ana, "ride", today(), None)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"kind": ""}, "Choose what it was."),
        ({"kind": "party"}, "Choose one of these."),
        ({"on": "2999-01-01"}, "This day is still to come."),
        ({"on": "1929-12-31"}, "Give a day after 1930."),
        ({"on": "yesterday"}, "There is no such date."),
        ({"on": ""}, "Give the day"),
        ({"minutes": "0"}, "Give 1 to 1440 minutes"),
        ({"minutes": "1441"}, "Give 1 to 1440 minutes"),
        ({"minutes": "an hour"}, "Give the minutes as a number"),
        ({"minutes": "9" * 10_000}, "minutes"),
        ({"minutes": "4\0"}, "Give the minutes as a number"),
    ],
)
def test_what_makes_no_sense_is_refused_kept_and_changes_nothing(ana: User, bad: dict[str, str], words: str) -> None:
    fields = {"kind": "call", "on": "2026-01-31", "minutes": "45", **bad}
    answer = signed_in(ana).post(reverse("service_add"), fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "on" in bad or 'value="2026-01-31"' in text
    assert "kind" in bad or re.search(r'value="call"[^>]* checked', text)
    assert not ServiceEntry.objects.exists()


def test_what_was_logged_can_be_taken_out(ana: User) -> None:
    entry = log(ana)
    client = signed_in(ana)
    assert client.get(reverse("service_remove", args=[entry.pk])).status_code == 405
    client.post(reverse("service_remove", args=[entry.pk]))
    assert not ServiceEntry.objects.exists()
    assert client.post(reverse("service_remove", args=[entry.pk])).status_code == 404


def test_nobody_sees_or_removes_what_another_logged(ana: User, olga: User) -> None:
    entry = log(ana)
    assert "Nothing logged yet" in office.page(signed_in(olga), reverse("service"))
    assert signed_in(olga).post(reverse("service_remove", args=[entry.pk])).status_code == 404
    assert ServiceEntry.objects.count() == 1


def test_the_year_is_drawn_and_stands_in_a_table_too(ana: User) -> None:
    for _ in range(3):
        log(ana)
    log(ana, days_ago=800)
    text = office.page(signed_in(ana), reverse("service"))
    assert "3 times you did something for somebody." in text
    assert "of them" not in text
    assert text.count('class="bars__bar"') == 12
    assert '<title id="bars-title">Service by month</title>' in text
    assert "<td>3</td><td>0</td>" in text


def test_talks_with_people_one_sponsors_are_told_apart(rosa: User) -> None:
    for kind in ("contact", "contact", "ride"):
        log(rosa, kind)
    text = office.page(signed_in(rosa), reverse("service"))
    assert "3 times you did something for somebody. 2 of them were talks with people you sponsor." in text
    assert "<td>3</td><td>2</td>" in text


def test_the_twelve_months_end_with_the_members_own(ana: User) -> None:
    log_service(by=ana, kind="call", on=date(2026, 1, 1))
    log_service(by=ana, kind="call", on=date(2025, 1, 31))
    months = last_year(ana, date(2026, 1, 15))
    assert [months[0].first, months[-1].first] == [date(2025, 2, 1), date(2026, 1, 1)]
    assert [month.count for month in months] == [0] * 11 + [1]


def test_a_long_list_comes_page_by_page(ana: User) -> None:
    for days in range(45):
        log(ana, days_ago=days)
    client = signed_in(ana)
    assert office.page(client, reverse("service")).count("/remove/") == 20
    assert office.page(client, reverse("service"), page="3").count("/remove/") == 5
    assert office.page(client, reverse("service"), page="99").count("/remove/") == 5
    assert office.page(client, reverse("service"), page="x\0").count("/remove/") == 20


def test_the_page_asks_the_database_little(ana: User) -> None:
    """L3."""
    for days in range(30):
        log(ana, days_ago=days)
    client = signed_in(ana)
    with office.at_most(8):
        client.get(reverse("service"))
