"""Two coordinators on one page of the settings: neither undoes unseen what the other saved; nothing typed is lost."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from accounts import clock
from accounts.actions.errors import SavedMeanwhile
from accounts.actions.policies import change_policy
from accounts.models import Policy, PolicyChange, User
from accounts.models.policy_change import UNCHANGED
from tests import factories
from tests.conftest import signed_in
from tests.matching import office
from tests.matching.race import race
from tests.matching.test_policies import settings

URL = "/coordinate/riverside/settings/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


@pytest.fixture
def other(intergroup: object) -> Client:
    return signed_in(factories.coordinator(first_name="Carla"))


def opened(client: Client, part: str = "") -> str:
    return office.seen(client, URL + part)


def save(client: Client, version: str, part: str = "", **values: Any) -> Any:
    return client.post(URL + part, {"save": "1", "seen": version, **values})


def test_whoever_saves_second_is_shown_what_the_first_saved_and_may_save_again(desk: Client, other: Client) -> None:
    both = opened(desk)
    assert save(other, both, **settings(offer_hours=48)).status_code == 302
    answer = save(desk, both, **settings(confirm_days=90))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert Policy.objects.get().confirm_days == 35
    assert "Hours a sponsor has to answer: 24, then 48" in text
    assert "Carla" in text
    assert 'name="confirm_days" value="90"' in text
    assert save(desk, office.version(text), **settings(confirm_days=90, offer_hours=48)).status_code == 302
    assert (Policy.objects.get().confirm_days, Policy.objects.get().offer_hours) == (90, 48)


def test_what_was_typed_is_kept_if_they_say_so(desk: Client, other: Client) -> None:
    both = opened(desk)
    save(other, both, **settings(offer_hours=48))
    version = office.version(save(desk, both, **settings(confirm_days=90)).content.decode())
    assert save(desk, version, **settings(confirm_days=90)).status_code == 302
    assert (Policy.objects.get().confirm_days, Policy.objects.get().offer_hours) == (90, 24)


def test_a_third_who_saves_before_that_is_shown_too(desk: Client, other: Client) -> None:
    both = opened(desk)
    save(other, both, **settings(offer_hours=48))
    version = office.version(save(desk, both, **settings(confirm_days=90)).content.decode())
    save(other, opened(other), **settings(offer_hours=72))
    assert save(desk, version, **settings(confirm_days=90)).status_code == 409


def test_a_look_at_what_would_change_does_not_learn_of_it_unseen(desk: Client, other: Client) -> None:
    both = opened(desk)
    save(other, both, **settings(offer_hours=48))
    text = desk.post(URL, {"seen": both, **settings(confirm_days=90)}).content.decode()
    assert office.version(text) == both


def test_what_others_saved_on_another_page_stands_in_nobodys_way(desk: Client, other: Client) -> None:
    both = opened(desk)
    assert save(other, opened(other, "checklist/"), "checklist/", items=["talk"]).status_code == 302
    assert save(desk, both, **settings(offer_hours=48)).status_code == 302


def test_two_who_save_the_same_agree(desk: Client, other: Client) -> None:
    both = opened(desk)
    save(other, both, **settings(offer_hours=48))
    assert save(desk, both, **settings(offer_hours=48)).status_code == 302
    assert PolicyChange.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "first", "second"),
    [
        ("checklist/", {"items": ["talk"]}, {"items": ["known"]}),
        ("words/", {"welcome-en": "Coffee on Sundays."}, {"welcome-en": "Tea on Mondays."}),
        ("fellowships/", {"serves-aa": "on", "days-aa": "90"}, {"serves-aa": "on", "days-aa": "180"}),
        (
            "numbers/",
            {"name-0": "Night line", "number-0": "555 0100", "source-0": "a call"},
            {"name-0": "Day line", "number-0": "555 0199", "source-0": "a call"},
        ),
    ],
)
def test_each_page_keeps_what_was_typed(
    desk: Client, other: Client, part: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    today = str(clock.today(factories.intergroup().zone))
    first, second = ({**values, "reviewed-0": today} if part == "numbers/" else values for values in (first, second))
    both = opened(desk, part)
    assert save(other, both, part, **first).status_code == 302
    answer = save(desk, both, part, **second)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody else has saved here since you began" in text
    assert all(str(value) in text for value in second.values() if isinstance(value, str))
    assert save(desk, office.version(text), part, **second).status_code == 302
    assert PolicyChange.objects.count() == 2


@pytest.mark.parametrize("nonsense", ["", "x", "\0", str(UUID(int=1))])
def test_whoever_has_seen_nothing_overwrites_nothing(desk: Client, other: Client, nonsense: str) -> None:
    save(other, opened(other), **settings(offer_hours=48))
    assert save(desk, nonsense, **settings(confirm_days=90)).status_code == 409


def test_weights_that_are_taken_over_know_what_stood_when_they_were_compared(desk: Client, other: Client) -> None:
    factories.sponsor()
    office.asked()
    points = {f"{name}-{key}": value for name in "ab" for key, value in settings().items()}
    text = office.page(desk, "/coordinate/riverside/weights/", **{"try": 1, **points})
    assert text.count(f'name="seen" value="{UNCHANGED}"') == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_the_second_is_told(bea: User) -> None:
    carla, here = factories.coordinator(first_name="Carla"), factories.intergroup()
    connection.close()
    runs = [
        partial(change_policy, here, {"offer_hours": hours}, by=by, seen=UNCHANGED)
        for hours, by in ((48, bea), (72, carla))
    ]
    results = race(runs)
    assert sorted(type(one) is SavedMeanwhile for one in results) == [False, True]
    assert PolicyChange.objects.count() == 1
