"""L3: at most eight queries a page, and as many for fifty rows as for five."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Report, User
from matching.actions.decisions import decide
from matching.models import Bridge, Offer, SponsorRequest, Verdict
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, office

pytestmark = pytest.mark.django_db


def fill(rows: int, bea: User) -> None:
    """So many of each kind."""
    for _ in range(rows):
        office.in_review()
        office.asked()
        factories.sponsor(side={"approved_at": None})
        factories.sponsor(side={"confirmed_at": clock.now() - timedelta(days=40)})
        bridges.asked(factories.newcomer(first_name="Fay"))
        by, about = factories.newcomer(), factories.sponsor()
        Report.objects.create(by=by, about=about, intergroup=factories.intergroup(), kind="other", at=clock.now())
        decide(office.in_review(), Verdict.APPROVE, by=bea)
    Bridge.objects.update(needs_coordinator=True)


ADDRESSES: dict[str, Callable[[], str]] = {
    "decided": lambda: reverse("coordinate") + "?kind=decided",
    "concern": lambda: reverse("concern", args=[Report.objects.earliest("at").pk]),
    "bridging": lambda: reverse("discharges", args=["riverside"]),
    "report": lambda: reverse("report", args=["riverside"]),
    "policy": lambda: reverse("policy", args=["riverside"]),
    "coordinators": lambda: reverse("coordinators", args=["riverside"]),
    "rounds": lambda: reverse("rounds", args=["riverside"]),
    "queue": lambda: reverse("coordinate"),
    "sponsors": lambda: reverse("coordinate_sponsors") + "?sort=load",
    "newcomers": lambda: reverse("newcomers") + "?sort=name",
    "person": lambda: reverse("person", args=[Offer.objects.earliest("made_at").sponsor_id]),
    "applications": lambda: reverse("coordinate_sponsors") + "?state=applied",
    "review": lambda: reverse("review", args=[Offer.objects.earliest("made_at").pk]),
    "request": lambda: reverse("coordinate_request", args=[SponsorRequest.objects.earliest("asked_at").pk]),
    "look": lambda: reverse("coordinate_request", args=[SponsorRequest.objects.latest("asked_at").pk]) + "?look=1",
}


def asked_for(client: Client, url: str) -> int:
    with office.at_most(8) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_page_asks_at_most_eight_questions_however_many_rows(bea: User) -> None:
    """The second time somebody else looks: what is written down of a look is written at the first one of each."""
    cleo = factories.coordinator()
    fill(5, bea)
    few = {name: asked_for(signed_in(bea), where()) for name, where in ADDRESSES.items()}
    fill(45, bea)
    assert {name: asked_for(signed_in(cleo), where()) for name, where in ADDRESSES.items()} == few


@pytest.mark.parametrize("name", ["sponsors", "newcomers"])
def test_a_search_stays_within_eight_questions(bea: User, name: str) -> None:
    client = signed_in(bea)
    fill(5, bea)
    client.post(reverse("people_search"), {"word": "Roso", "where": name})
    asked_for(client, ADDRESSES[name]())
