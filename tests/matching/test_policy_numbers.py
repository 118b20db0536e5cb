"""Local crisis numbers: beside the site's own, dated, reminded of once a year, and kept on phones."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.crisis import CRISIS_LINES
from accounts.models import Policy, PolicyChange, User
from matching.actions.numbers import remind_numbers
from matching.models import OutboxMessage
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

URL = "/coordinate/riverside/settings/numbers/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def line(**changes: Any) -> dict[str, Any]:
    values = {"name": "Night line", "number": "+1 (555) 010-0100", "source": "a call", "reviewed": str(today())}
    return {f"{key}-0": value for key, value in {**values, **changes}.items()}


def today() -> Any:
    return clock.today(factories.intergroup().zone)


def save(desk: Client, **changes: Any) -> str:
    answer = desk.post(URL, {"save": "1", "seen": office.seen(desk, URL), **line(**changes)})
    assert answer.status_code == 302
    return office.page(desk, answer.headers["Location"])


def aged(days: int) -> None:
    policy = Policy.objects.get()
    policy.crisis_lines[0]["reviewed"] = str(today() - timedelta(days=days))
    policy.save()


def test_a_number_is_shown_as_it_would_stand_before_it_is_saved(desk: Client) -> None:
    text = desk.post(URL, line()).content.decode()
    assert 'href="tel:+15550100100"' in text
    assert Policy.objects.get().crisis_lines == []


@pytest.mark.parametrize("name", ["home", "help_now"])
def test_members_see_it_beside_the_numbers_of_the_site(desk: Client, ana: User, name: str) -> None:
    save(desk)
    text = office.page(signed_in(ana), reverse(name))
    assert 'href="tel:+15550100100"' in text
    for one in CRISIS_LINES:
        assert f'href="tel:{one.tel}"' in text


def test_whoever_is_not_signed_in_finds_it_on_the_page_for_help_and_on_no_other(desk: Client) -> None:
    save(desk)
    assert "tel:+15550100100" in office.page(Client(), reverse("help_now"))
    assert "tel:+15550100100" not in office.page(Client(), reverse("landing"))


def test_a_member_of_another_office_sees_it_under_that_offices_name_only(desk: Client) -> None:
    save(desk)
    client = signed_in(factories.newcomer(intergroup=factories.intergroup("hillside")))
    assert "tel:+15550100100" not in office.page(client, reverse("home"))
    assert "Near Riverside Intergroup" in office.page(client, reverse("help_now"))


def test_phones_without_a_connection_learn_of_it(desk: Client) -> None:
    before = office.page(Client(), reverse("service_worker"))
    save(desk)
    assert "tel:+15550100100" in office.page(Client(), reverse("offline"))
    assert office.page(Client(), reverse("service_worker")) != before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": ""}, "Fill this in too"),
        ({"name": ""}, "Fill this in too"),
        ({"number": "call me"}, "Write a phone number"),
        ({"number": "1; 2"}, "Write a phone number"),
        ({"reviewed": "2020-01-01"}, "Give a day of the last 365 days"),
        ({"reviewed": "2999-01-01"}, "Give a day of the last 365 days"),
        ({"reviewed": "x"}, "There is no such date"),
    ],
)
def test_a_number_without_what_it_needs_is_refused_with_a_word(desk: Client, changes: Any, said: str) -> None:
    answer = desk.post(URL, {"save": "1", **line(**changes)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PolicyChange.objects.exists()


def test_an_emptied_number_goes_and_comes_back_by_the_history(desk: Client) -> None:
    save(desk)
    text = save(desk, name="", number="", source="", reviewed="")
    assert "Night line +1 (555) 010-0100" in text
    assert Policy.objects.get().crisis_lines == []
    desk.post(reverse("policy_undo", args=[PolicyChange.objects.earliest("-at").pk]))
    assert Policy.objects.get().crisis_lines[0]["name"] == "Night line"


def test_after_a_year_the_office_is_told_by_a_neutral_mail_and_on_its_first_page(desk: Client, bea: User) -> None:
    save(desk)
    assert remind_numbers() == 0
    assert "Look them over" not in office.page(desk, reverse("coordinate"))
    aged(365)
    assert [remind_numbers(), remind_numbers()] == [1, 0]
    assert OutboxMessage.objects.filter(topic="numbers_due", recipient=bea).count() == 1
    assert "Look them over" in office.page(desk, reverse("coordinate"))
    assert "checked more than a year ago" in office.page(desk, URL)


def test_who_does_not_look_is_told_again_after_thirty_days_and_who_did_is_not(desk: Client) -> None:
    save(desk)
    aged(400)
    remind_numbers()
    clock.move_on(timedelta(days=30))
    assert remind_numbers() == 1
    aged(3)
    clock.move_on(timedelta(days=31))
    assert remind_numbers() == 0


def test_the_page_takes_few_queries(desk: Client) -> None:
    save(desk)
    with office.at_most(8):
        office.page(desk, URL)
