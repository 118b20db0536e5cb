"""L3: at most eight queries a page, and as many for fifty rows as for five."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matching.models import Offer, SponsorRequest
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


def fill(rows: int) -> None:
    """So many of each kind."""
    for _ in range(rows):
        office.in_review()
        office.asked()
        factories.sponsor(side={"approved_at": None})


def address(name: str) -> Callable[[], str]:
    addresses: dict[str, Callable[[], str]] = {
        "queue": lambda: reverse("coordinate"),
        "sponsors": lambda: reverse("coordinate_sponsors") + "?sort=load",
        "newcomers": lambda: reverse("newcomers") + "?sort=name",
        "person": lambda: reverse("person", args=[Offer.objects.earliest("made_at").sponsor_id]),
        "applications": lambda: reverse("coordinate_sponsors") + "?state=applied",
        "review": lambda: reverse("review", args=[Offer.objects.earliest("made_at").pk]),
        "request": lambda: reverse("coordinate_request", args=[SponsorRequest.objects.earliest("asked_at").pk]),
        "look": lambda: reverse("coordinate_request", args=[SponsorRequest.objects.latest("asked_at").pk]) + "?look=1",
    }
    return addresses[name]


def asked_for(client: Client, url: str) -> int:
    with office.at_most(8) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "name", ["queue", "sponsors", "newcomers", "person", "applications", "review", "request", "look"]
)
def test_a_page_asks_at_most_eight_questions_however_many_rows(bea: User, name: str) -> None:
    client, where = signed_in(bea), address(name)
    fill(5)
    few = asked_for(client, where())
    fill(45)
    assert asked_for(client, where()) == few


@pytest.mark.parametrize("name", ["sponsors", "newcomers"])
def test_a_search_stays_within_eight_questions(bea: User, name: str) -> None:
    client, where = signed_in(bea), address(name)
    fill(5)
    client.post(reverse("people_search"), {"word": "Roso", "where": name})
    asked_for(client, where())
