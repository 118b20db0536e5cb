"""A member offers to sponsor, changes the offer, confirms it and pauses it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import Sponsor, User
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

OFFER = {"seats": "3", "steps_worked": "12", "has_own_sponsor": "yes"}


def side_of(user: User) -> Sponsor:
    return Sponsor.objects.get(pk=user.pk)


def test_a_member_who_looks_for_a_sponsor_may_offer_to_sponsor_too(ana: User) -> None:
    assert signed_in(ana).post(reverse("sponsor_apply"), OFFER)["Location"] == reverse("profile")
    assert side_of(ana).seats == 3
    assert side_of(ana).approved_at is None
    assert "Waits for a coordinator" in signed_in(ana).get(reverse("profile")).content.decode()


def test_a_changed_offer_keeps_the_approval(rosa: User) -> None:
    signed_in(rosa).post(reverse("sponsor_apply"), OFFER)
    assert side_of(rosa).seats == 3
    assert side_of(rosa).approved_at is not None


def test_seats_below_those_taken_are_refused_and_nothing_changes() -> None:
    rosa = factories.sponsor(side={"seats": 4, "seats_taken": 3})
    response = signed_in(rosa).post(
        reverse("sponsor_apply"), {"seats": "2", "steps_worked": "1", "has_own_sponsor": "no"}
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "You sponsor more people than this already" in html
    assert '<option value="2" selected' in html
    assert (side_of(rosa).seats, side_of(rosa).steps_worked, side_of(rosa).has_own_sponsor) == (4, 12, True)


@pytest.mark.parametrize(
    "bad",
    [
        {"seats": "0"},
        {"seats": "9"},
        {"seats": "-1"},
        {"seats": "two"},
        {"seats": "9" * 10_000},
        {"seats": "2\x00"},
        {"steps_worked": "13"},
        {"steps_worked": ""},
        {"has_own_sponsor": "perhaps"},
        {"has_own_sponsor": ""},
    ],
)
def test_an_impossible_offer_is_refused(ana: User, bad: dict[str, str]) -> None:
    assert signed_in(ana).post(reverse("sponsor_apply"), {**OFFER, **bad}).status_code == 422
    assert not Sponsor.objects.filter(pk=ana.pk).exists()


def test_an_offer_sent_twice_is_one_offer(ana: User) -> None:
    client = signed_in(ana)
    for _ in range(2):
        assert client.post(reverse("sponsor_apply"), OFFER).status_code == 302
    assert Sponsor.objects.filter(pk=ana.pk).count() == 1


def test_one_tap_confirms_and_ends_a_pause() -> None:
    long_ago = clock.now() - timedelta(days=40)
    tomorrow = clock.today("America/New_York") + timedelta(days=1)
    rosa = factories.sponsor(side={"confirmed_at": long_ago, "paused_until": tomorrow})
    signed_in(rosa).post(reverse("sponsor_confirm"))
    side = side_of(rosa)
    assert side.confirmed_at is not None
    assert clock.now() - side.confirmed_at < timedelta(minutes=1)
    assert side.paused_until is None


def test_a_sponsor_pauses_until_a_day(rosa: User) -> None:
    until = clock.today("America/New_York") + timedelta(days=30)
    signed_in(rosa).post(reverse("sponsor_pause"), {"until": until.isoformat()})
    assert side_of(rosa).paused_until == until
    assert "Nobody new is sent to you until" in signed_in(rosa).get(reverse("profile")).content.decode()


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_pause_ends_between_tomorrow_and_a_year(rosa: User, days: int) -> None:
    until = clock.today("America/New_York") + timedelta(days=days)
    response = signed_in(rosa).post(reverse("sponsor_pause"), {"until": until.isoformat()})
    assert response.status_code == 422
    assert until.isoformat() in response.content.decode()
    assert side_of(rosa).paused_until is None


@pytest.mark.parametrize("until", ["", "2026-02-30", "soon", "2027-01-01\x00"])
def test_a_pause_needs_a_day_that_exists(rosa: User, until: str) -> None:
    assert signed_in(rosa).post(reverse("sponsor_pause"), {"until": until}).status_code == 422
    assert side_of(rosa).paused_until is None


@pytest.mark.parametrize("name", ["sponsor_confirm", "sponsor_pause"])
def test_somebody_who_does_not_sponsor_has_nothing_to_confirm(ana: User, name: str) -> None:
    assert signed_in(ana).post(reverse(name)).status_code == 404
    assert signed_in(ana).get(reverse(name)).status_code == 405
