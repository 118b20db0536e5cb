"""Intergroups that share a site are kept apart: nothing of another one shows, and nothing of it can be changed."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Area, Intergroup, User
from matching.models import RoundPair
from matching.models.offer import OfferQuerySet
from matching.queries.waits import Kind
from tests.conftest import signed_in
from tests.security import access, snapshot, two_offices
from tests.security.access import GONE, NO, ROWS, World
from tests.security.two_offices import SCOPES, TwoOffices

pytestmark = pytest.mark.django_db

OFFICE = "coordinate/"
FIGURES_ONLY = {"report_file"}
"""Pages without a name or an id; that of another office does not exist."""


def pages() -> list[str]:
    """The names of all addresses of the coordinators, as the resolver has them."""
    found = [name for name, route in access.addresses(get_resolver().url_patterns) if route.startswith(OFFICE)]
    assert len(found) > 30
    return found


def ways_to_ask(name: str, two: TwoOffices) -> list[str]:
    """What can stand behind a page's address: its parts and filters, those that name another office too."""
    kinds = [f"?kind={kind}" for kind in Kind]
    more = {
        "coordinate": [*kinds, f"?office={two_offices.SLUG}", "?holder=coordinator"],
        "coordinate_sponsors": [
            *(f"?state={state}" for state in ("applied", "ready", "full", "unconfirmed")),
            f"?area={Area.objects.filter(intergroup__slug=two_offices.SLUG)[0].pk}",
        ],
        "newcomers": [f"?area={Area.objects.filter(intergroup__slug=two_offices.SLUG)[0].pk}", "?sort=name"],
        "coordinate_request": ["?look=1"],
        "round": [f"?part={part}" for part in ("pairs", "left", "sponsors")],
    }
    return ["", *more.get(name, [])]


def address(name: str, world: World) -> str:
    return reverse(name, args=ROWS[name].args(world))


def body(two: TwoOffices) -> dict[str, object]:
    """A form that names the other office's people and rows wherever one of ours is chosen."""
    there = two.there
    sponsor, pair = there.people["paired"], RoundPair.objects.filter(round=there.round).first()
    assert sponsor is not None
    return {
        "sponsor": sponsor.pk,
        "volunteer": sponsor.pk,
        "whom": there.review.request.member_id,
        "reason": "other",
        "text": "Which evenings?",
        "pairs": [pair.pk] if pair else [],
        "office": two_offices.SLUG,
        "word": "Canary",
        "where": "newcomers",
        "sure": "on",
        "save": "on",
    }


@pytest.fixture
def two(db: None) -> TwoOffices:
    return two_offices.build()


def words_of(answer: Any) -> str:
    """The page, or the files of what goes out as a zip."""
    if not answer.streaming:
        text: str = answer.content.decode()
        return text
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as found:
        return "\n".join(found.read(name).decode() for name in found.namelist())


def test_the_lists_that_are_taken_along_show_nothing_of_another_office(two: TwoOffices) -> None:
    url = address("office_export", two.here)
    found = {role: two.seen_in(_export(signed_in(looks), url)) for role, looks in two.coordinators.items()}
    assert found == {role: set() for role in SCOPES}
    assert two.seen_in(_export(signed_in(_coordinator(two.there)), address("office_export", two.there)))


def _export(client: Client, url: str) -> str:
    return words_of(client.post(url))


def leaks(two: TwoOffices, client: Client) -> Iterator[str]:
    """Everything of the other office that shows on some page, as page and word; every page is opened."""
    for name in pages():
        for asked in ways_to_ask(name, two):
            answer = access.knock(client, "GET", address(name, two.here) + asked)
            text = answer.content.decode() + str(dict(answer.headers)) if answer.status_code != 405 else ""
            yield from (f"{name}{asked}: {word}" for word in sorted(two.seen_in(text)))


def test_no_page_shows_anything_of_another_office_to_any_role(two: TwoOffices) -> None:
    found = {role: list(leaks(two, signed_in(looks))) for role, looks in two.coordinators.items()}
    assert found == {role: [] for role in SCOPES}


def test_the_walk_sees_the_pages_it_should(two: TwoOffices) -> None:
    """The words are there to be seen: by those who serve the office with the canaries."""
    client = signed_in(_coordinator(two.there))
    readable = [name for name in pages() if ROWS[name].get["here"] == access.OK]
    assert {name for name in readable if not _shows(two, client, name)} == FIGURES_ONLY


def _coordinator(world: World) -> User:
    found = world.people["here"]
    assert found is not None
    return found


def _shows(two: TwoOffices, client: Client, name: str) -> set[str]:
    return two.seen_in(access.knock(client, "GET", address(name, two.there)).content.decode())


def test_addresses_of_another_office_do_not_exist(two: TwoOffices) -> None:
    found = []
    clients = {role: signed_in(looks) for role, looks in two.coordinators.items()}
    before = snapshot.take()
    for role, client in clients.items():
        for name in (one for one in pages() if ROWS[one].args(two.there)):
            url = address(name, two.there)
            for method, answer in (("GET", client.get(url)), ("POST", client.post(url, body(two)))):
                if access.meaning(answer) not in (GONE, NO):
                    found.append(f"{role} {method} {name}: {answer.status_code}")
    assert found == []
    assert snapshot.differences(before, snapshot.take()) == {}


@pytest.mark.parametrize("role", SCOPES)
def test_forms_that_name_people_of_another_office_change_nothing_there(role: str, two: TwoOffices) -> None:
    client, found = signed_in(two.coordinators[role]), []
    for name in pages():
        with transaction.atomic():
            before = snapshot.take()
            answer = client.post(address(name, two.here), body(two))
            shown = two.seen_in(words_of(answer) + answer.headers.get("Location", ""))
            # A page that is shown again may say back what was typed; it tells nothing that was not known.
            typed = {str(value) for value in body(two).values()}
            found += [f"{name} shows {word}" for word in shown - typed]
            found += [f"{name} changed {table}" for table in two.harmed()]
            found += [f"{name} took up {table}" for table in two.new_with_ids(before)]
            transaction.set_rollback(True)
    assert found == []


@pytest.mark.usefixtures("written_anew")
def test_control_a_query_without_its_office_is_noticed(two: TwoOffices, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: offers of everybody, whoever asks."""
    monkeypatch.setattr(OfferQuerySet, "for_coordinator", lambda rows, user: rows)
    client = signed_in(two.coordinators["everything"])
    assert any(one.startswith("coordinate?kind=review: ") for one in leaks(two, client))
    url = address("review", two.there)
    assert access.meaning(access.knock(client, "GET", url)) == access.OK


def test_control_a_changed_row_is_noticed(two: TwoOffices) -> None:
    """The negative control of the other look: one row of theirs that somebody touched."""
    assert two.harmed() == {}
    Intergroup.objects.filter(slug=two_offices.SLUG).update(name="Another name")
    assert two.harmed() == {"accounts_intergroup": 1}
