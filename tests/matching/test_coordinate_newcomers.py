"""The list of newcomers, by the address."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import User
from matching.actions.offers import accept_offer
from matching.actions.reviews import approve_offer
from matching.models import SponsorRequest
from matching.queries.newcomers import Search, listed_newcomers
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db

URL = reverse("newcomers")


def names(user: User, **wanted: Any) -> list[str]:
    return [one.first_name for one in listed_newcomers(user, wanted)]


def search_of(user: User, member: User) -> str:
    found: str = listed_newcomers(user, {}).get(pk=member.pk).search  # type: ignore[attr-defined]
    return found


def asked_days_ago(member: User, days: int) -> SponsorRequest:
    request = office.asked(member)
    SponsorRequest.objects.filter(pk=request.pk).update(asked_at=clock.now() - timedelta(days=days))
    return request


def test_each_newcomer_is_listed_with_area_language_wait_and_state(bea: User, ana: User) -> None:
    office.asked(ana)
    text = office.page(signed_in(bea), URL)
    for words in ("Ana L.", "North side", "English", "Chooses", "1 newcomer"):
        assert words in text


def test_the_state_follows_the_search_from_its_beginning_to_its_end(bea: User, ana: User, rosa: User) -> None:
    assert search_of(bea, ana) == Search.NONE
    offer = story.offered(ana, rosa)
    assert search_of(bea, ana) == Search.OFFERED
    accept_offer(offer, by=rosa)
    assert search_of(bea, ana) == Search.REVIEW
    approve_offer(offer, by=bea)
    assert search_of(bea, ana) == Search.PAIRED
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert search_of(bea, ana) == Search.AWAY


def test_whoever_waits_for_the_office_is_marked(bea: User, ana: User) -> None:
    office.asked(ana)
    assert search_of(bea, ana) == Search.CHOOSES
    SponsorRequest.objects.update(needs_coordinator=True)
    assert search_of(bea, ana) == Search.NEEDS
    assert names(bea, state="needs") == ["Ana"]
    assert names(bea, state="chooses") == []


def test_the_address_filters(bea: User, ana: User) -> None:
    south = factories.area(code="south", name="South side")
    olga = factories.newcomer(first_name="Olga", area=south, languages=["es"], gender="man", modes=["video"])
    asked_days_ago(ana, 8)
    asked_days_ago(olga, 2)
    assert names(bea, area=south.pk) == names(bea, language="es") == names(bea, gender="man") == ["Olga"]
    assert names(bea, mode="video") == ["Olga"]
    assert names(bea, waiting=7) == ["Ana"]
    assert names(bea, waiting=14) == []


def test_the_address_sorts(bea: User, ana: User) -> None:
    asked_days_ago(factories.newcomer(first_name="Olga"), 9)
    asked_days_ago(factories.newcomer(first_name="Nina"), 3)
    assert names(bea) == ["Olga", "Nina", "Ana"]
    assert names(bea, sort="newest") == ["Nina", "Olga", "Ana"]
    assert names(bea, sort="name") == ["Ana", "Nina", "Olga"]


def test_somebody_whose_request_is_on_its_way_to_the_reader_is_not_listed(ana: User) -> None:
    serves = factories.coordinator(first_name="Rita")
    side = factories.sponsor()
    side.coordinating.create(intergroup=factories.intergroup(), starts_on="2020-01-01", ends_on="2999-01-01")
    story.offered(ana, side)
    assert names(side) == []
    assert names(serves) == ["Ana"]


def test_an_address_that_makes_no_sense_still_answers(bea: User, ana: User) -> None:
    text = office.page(signed_in(bea), URL, waiting="x" * 10_000, state="?", language="\0", sort="-id", page="9" * 30)
    assert "Ana L." in text


def test_other_offices_and_scopes_see_none_of_it(ana: User) -> None:
    far = factories.coordinator(factories.intergroup("hillside"))
    assert names(far) == []
    assert signed_in(factories.coordinator(scopes=["safety"])).get(URL).status_code == 404
    assert signed_in(ana).get(URL).status_code == 404
