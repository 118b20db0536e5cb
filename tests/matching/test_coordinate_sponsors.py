"""The list of sponsors, by the address; and the yes to an application."""

from datetime import timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import OPEN_END, Policy, User
from matching import engine, roster
from matching.queries.sponsors import Standing, listed, silent
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db

URL = reverse("coordinate_sponsors")


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def names(user: User, **wanted: str | int) -> list[str]:
    return [one.user.profile.first_name for one in listed(user, wanted)]


def test_each_sponsor_is_listed_with_seats_in_words_and_state(desk: Client) -> None:
    factories.sponsor(side={"seats": 3, "seats_taken": 1}, languages=["es"])
    text = office.page(desk, URL)
    for words in ("Rosa M.", "1 of 3 seats taken", "Spanish", "Has a free seat", "North side"):
        assert words in text


@pytest.mark.parametrize(
    ("side", "standing"),
    [
        ({}, Standing.READY),
        ({"seats_taken": 2}, Standing.FULL),
        ({"approved_at": None}, Standing.APPLIED),
        ({"paused_until": factories.today() + timedelta(days=3)}, Standing.PAUSED),
        ({"paused_until": factories.today() - timedelta(days=3)}, Standing.READY),
        ({"paused_until": OPEN_END, "pause_reason": "stepped_back"}, Standing.BACK),
        ({"paused_until": OPEN_END, "pause_reason": "unanswered"}, Standing.RESTING),
        ({"paused_until": OPEN_END, "pause_reason": "unconfirmed"}, Standing.RESTING),
        ({"paused_until": factories.today() - timedelta(days=3), "pause_reason": "chosen"}, Standing.READY),
        ({"confirmed_at": None}, Standing.UNCONFIRMED),
        ({"confirmed_at": clock.now() - timedelta(days=35, hours=23)}, Standing.READY),
        ({"confirmed_at": clock.now() - timedelta(days=36, hours=1)}, Standing.UNCONFIRMED),
    ],
)
def test_the_state_shown_is_what_matching_goes_by(bea: User, side: dict[str, object], standing: Standing) -> None:
    sponsor = factories.sponsor(side=side)
    (one,) = listed(bea, {})
    assert one.standing == standing  # type: ignore[attr-defined]
    assert [row.pk for row in listed(bea, {"state": standing})] == [sponsor.pk]
    request = office.asked()
    verdict = roster.recheck(request, sponsor.pk)
    rules = {
        Standing.FULL: engine.Rule.SEATS,
        Standing.APPLIED: engine.Rule.APPROVED,
        Standing.PAUSED: engine.Rule.PAUSED,
        Standing.BACK: engine.Rule.PAUSED,
        Standing.RESTING: engine.Rule.PAUSED,
        Standing.UNCONFIRMED: engine.Rule.CONFIRMED,
    }
    assert verdict.broken == rules.get(standing)


@pytest.mark.parametrize(("here", "elsewhere"), [(7, 35), (35, 7)])
def test_the_silent_are_those_of_two_states_and_nobody_else(bea: User, here: int, elsewhere: int) -> None:
    """Whatever the offices ask for, on both sides of the date line and of each limit."""
    Policy.objects.filter(intergroup=factories.intergroup()).update(confirm_days=here)
    Policy.objects.filter(intergroup=factories.intergroup("hillside")).update(confirm_days=elsewhere)
    heard = [None, *(clock.now() - timedelta(days=day, hours=hour) for day in (7, 8, 35, 36) for hour in (1, 23))]
    pauses = [None, OPEN_END, *(factories.today() + timedelta(days=days) for days in range(-2, 3))]
    for zone, confirmed, until in product(("Pacific/Kiritimati", "Pacific/Pago_Pago"), heard, pauses):
        pause = {} if until is None else {"paused_until": until, "pause_reason": "unanswered"}
        factories.sponsor(zone=zone, side={"confirmed_at": confirmed, **pause})
    standings = {one.pk: one.standing for one in listed(bea, {})}  # type: ignore[attr-defined]
    silence = {pk for pk, one in standings.items() if one in (Standing.RESTING, Standing.UNCONFIRMED)}
    assert {one.pk for one in silent(bea)} == silence
    assert 0 < len(silence) < len(standings)


@pytest.mark.parametrize(
    ("side", "words"),
    [
        ({}, []),
        ({"confirmed_at": clock.now() - timedelta(days=32), "asks": 2}, ["Must say yes again by", "Asked 2 times."]),
        ({"confirmed_at": clock.now() - timedelta(days=40)}, ["Their yes counted until"]),
        ({"paused_until": OPEN_END, "pause_reason": "unconfirmed"}, ["Three letters without an answer"]),
        ({"paused_until": OPEN_END, "pause_reason": "unanswered"}, ["Three offers in a row ran out"]),
        ({"paused_until": OPEN_END, "pause_reason": "stepped_back"}, []),
        ({"paused_until": OPEN_END, "pause_reason": "chosen"}, []),
    ],
)
def test_the_list_says_who_must_say_yes_again_and_whom_the_clock_paused(
    bea: User, side: dict[str, object], words: list[str]
) -> None:
    """And never why somebody paused themself."""
    factories.sponsor(side=side)
    text = office.page(signed_in(bea), reverse("coordinate_sponsors"))
    found = ["Must say yes again by", "Asked 2", "Their yes counted", "Three letters", "Three offers"]
    assert [word for word in words if word not in text] == []
    assert sum(word in text for word in found) == len(words)


def test_the_address_filters_by_language_area_gender_way_to_meet_and_load(bea: User) -> None:
    south = factories.area(code="south", name="South side")
    factories.sponsor(first_name="Rosa", languages=["es", "en"], modes=["video"], side={"seats_taken": 1})
    factories.sponsor(first_name="Ruth", area=south, gender="nonbinary", side={"seats_taken": 2})
    assert names(bea, language="es") == ["Rosa"]
    assert names(bea, area=south.pk) == ["Ruth"]
    assert names(bea, gender="nonbinary") == ["Ruth"]
    assert names(bea, mode="video") == ["Rosa"]
    assert names(bea, load="some") == ["Rosa"]
    assert names(bea, load="full") == ["Ruth"]
    assert names(bea, load="nobody") == names(bea, language="fr") == []


def test_the_address_sorts(bea: User) -> None:
    now = clock.now()
    factories.sponsor(first_name="Cora", side={"seats": 8, "applied_at": now - timedelta(days=1)})
    factories.sponsor(first_name="Alma", side={"seats": 2, "seats_taken": 2, "applied_at": now - timedelta(days=2)})
    factories.sponsor(first_name="Bela", side={"seats": 4, "seats_taken": 1, "applied_at": now - timedelta(days=3)})
    assert names(bea) == ["Bela", "Alma", "Cora"]
    assert names(bea, sort="name") == ["Alma", "Bela", "Cora"]
    assert names(bea, sort="free") == ["Cora", "Bela", "Alma"]
    assert names(bea, sort="load") == ["Alma", "Bela", "Cora"]


def test_an_address_that_makes_no_sense_still_answers(desk: Client, rosa: User) -> None:
    text = office.page(desk, URL, load="x" * 10_000, state="?", language="\0", area="north", sort="-id", page="9" * 30)
    assert "Rosa M." in text


def test_whoever_does_not_coordinate_finds_no_such_page(rosa: User) -> None:
    assert signed_in(rosa).get(URL).status_code == 404
