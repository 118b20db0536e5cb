"""A member finds the home group among the imported meetings of their own fellowship and intergroup."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests import factories
from tests.accounts.walk import new_account, stored
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_the_search_finds_meetings_by_words_of_their_name(ana: User) -> None:
    factories.meeting(name="Lantern on the Hill")
    factories.meeting(name="Lantern by the River")
    html = signed_in(ana).get(reverse("profile_edit", args=["home-group"]), {"q": "hill LANT"}).content.decode()
    assert "Lantern on the Hill" in html
    assert "Lantern by the River" not in html
    assert "Monday" in html


def test_a_found_meeting_becomes_the_home_group(ana: User) -> None:
    meeting = factories.meeting()
    client = signed_in(ana)
    client.post(reverse("profile_edit", args=["home-group"]), {"home_group": meeting.pk})
    assert stored(ana)["home_group_id"] == meeting.pk
    assert "Monday Lamp" in client.get(reverse("profile")).content.decode()
    client.post(reverse("profile_edit", args=["home-group"]), {"home_group": ""})
    assert stored(ana)["home_group_id"] is None


@pytest.mark.parametrize("which", ["other intergroup", "other fellowship", "gone"])
def test_only_meetings_of_ones_own_list_can_be_found_and_chosen(ana: User, which: str) -> None:
    meeting = {
        "other intergroup": lambda: factories.meeting(factories.intergroup("hillside", name="Hillside")),
        "other fellowship": lambda: factories.meeting(fellowship=factories.fellowship("na", name="NA")),
        "gone": lambda: factories.meeting(active=False),
    }[which]()
    client = signed_in(ana)
    assert "Monday Lamp" not in client.get(reverse("meeting_search"), {"q": "lamp"}, follow=True).content.decode()
    response = client.post(reverse("profile_edit", args=["home-group"]), {"home_group": meeting.pk})
    assert response.status_code == 422
    assert stored(ana)["home_group_id"] is None


def test_htmx_gets_the_list_alone(ana: User) -> None:
    factories.meeting()
    html = signed_in(ana).get(reverse("meeting_search"), {"q": "lamp"}, headers={"HX-Request": "true"}).content.decode()
    assert "Monday Lamp" in html
    assert "<html" not in html
    assert "1 meeting found" in html


def test_without_htmx_the_search_leads_to_the_question(ana: User) -> None:
    factories.meeting()
    assert "Monday Lamp" in signed_in(ana).get(reverse("meeting_search"), {"q": "lamp"}, follow=True).content.decode()
    response = signed_in(new_account()).get(reverse("meeting_search"), {"q": "lamp"})
    assert response["Location"] == reverse("welcome_step", args=["home-group"]) + "?q=lamp"


@pytest.mark.parametrize("words", ["", "a", "%%", "__", "\\\\", "zzz", "'; --", "\x00lamp", "\u202elamp", "a" * 10_000])
def test_odd_searches_find_nothing_and_break_nothing(ana: User, words: str) -> None:
    factories.meeting()
    response = signed_in(ana).get(reverse("profile_edit", args=["home-group"]), {"q": words})
    assert response.status_code == 200
    assert "Monday Lamp" not in response.content.decode()


def test_a_search_shows_thirty_meetings_at_most_in_few_queries(
    ana: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        factories.meeting(name=f"Lamp {number}")
    client = signed_in(ana)
    with django_assert_max_num_queries(8):
        html = client.get(reverse("profile_edit", args=["home-group"]), {"q": "lamp"}).content.decode()
    assert "30 meetings found" in html
