"""A page that looks again gets nothing while nothing is new, and whoever leaves it open is signed out all the same."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import gate
from accounts.models import User
from matching.actions import offers, requests
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true", "hx-trigger": "standing"}


def mark(client: Client) -> str:
    found = re.search(r"\?seen=(\w+)", client.get(reverse("request")).content.decode())
    assert found
    return found[1]


def look(client: Client, seen: str) -> int:
    return client.get(reverse("request"), {"seen": seen}, headers=HTMX).status_code


def test_nothing_is_sent_while_nothing_is_new(ana: User, rosa: User) -> None:
    offer, client = office.sent(ana, rosa), signed_in(ana)
    seen = mark(client)
    assert look(client, seen) == 204
    assert look(client, "another") == 200
    offers.accept_offer(offer, by=rosa)
    assert look(client, seen) == 200
    assert mark(client) != seen


def test_a_request_that_is_over_is_news_too(ana: User, rosa: User) -> None:
    offer, client = office.sent(ana, rosa), signed_in(ana)
    seen = mark(client)
    requests.withdraw_request(offer.request, by=ana)
    assert look(client, seen) == 200
    assert "?seen=" not in client.get(reverse("request")).content.decode()


def test_a_page_is_sent_whole_to_whoever_opens_the_address(ana: User, rosa: User) -> None:
    office.sent(ana, rosa)
    client = signed_in(ana)
    assert client.get(reverse("request"), {"seen": mark(client)}).status_code == 200


@pytest.mark.parametrize("element", sorted(gate.LOOKING_AGAIN))
def test_looking_again_by_itself_keeps_no_session_alive(bea: User, element: str) -> None:
    """A coordinator's session ends after half an hour, also when a page of theirs is left open."""
    client, now = signed_in(bea), datetime.now(UTC)
    began = client.session[gate.SEEN]
    with time_machine.travel(now + timedelta(minutes=20)):
        client.get(reverse("request"), headers={**HTMX, "hx-trigger": element})
        assert client.session[gate.SEEN] == began
        client.get(reverse("request"))
        assert client.session[gate.SEEN] > began
