"""A session ends when nobody uses it, and after a while in any case: how long depends on what one is here."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import clock, gate
from accounts.models import Coordinator, User
from accounts.roles import LIFETIMES, Role
from tests import factories
from tests.conftest import signed_in
from tests.security import signing_in

pytestmark = pytest.mark.django_db

A_BIT = timedelta(seconds=30)


def somebody(role: Role) -> User:
    if role == Role.STAFF:
        return User.objects.create_superuser("operator@example.org")
    if role == Role.COORDINATOR:
        return factories.coordinator()
    return factories.sponsor() if role == Role.SPONSOR else factories.newcomer()


def is_in(client: Client) -> bool:
    return not client.get(reverse("mfa_index")).headers.get("Location", "").startswith(reverse("account_login"))


@pytest.mark.parametrize("role", Role)
def test_an_idle_session_ends(role: Role) -> None:
    idle, now = LIFETIMES[role].idle, datetime.now(UTC)
    user = somebody(role)
    with time_machine.travel(now, tick=False) as at:
        client = signed_in(user)
        at.move_to(now + idle - A_BIT)
        assert is_in(client)
        at.move_to(now + 2 * idle - 3 * A_BIT)
        assert is_in(client)
        at.move_to(now + 3 * idle)
        assert not is_in(client)


@pytest.mark.parametrize("role", Role)
def test_a_session_in_use_ends_too(role: Role) -> None:
    times, now = LIFETIMES[role], datetime.now(UTC)
    user = somebody(role)
    with time_machine.travel(now, tick=False) as at:
        client = signed_in(user)
        gone = timedelta()
        while gone + times.idle / 2 < times.whole:
            gone += times.idle / 2
            at.move_to(now + gone)
            assert is_in(client), gone
        at.move_to(now + times.whole + A_BIT)
        assert not is_in(client)


def test_control_without_the_middleware_it_goes_on(settings: Settings) -> None:
    """The negative control."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "SessionTimes" not in one]
    client, now = signed_in(somebody(Role.STAFF)), datetime.now(UTC)
    with time_machine.travel(now + LIFETIMES[Role.STAFF].idle * 2):
        assert is_in(client)


def test_one_who_begins_to_coordinate_has_the_shorter_times_at_once(ana: User) -> None:
    client, now = signed_in(ana), datetime.now(UTC)
    Coordinator.objects.create(
        user=ana, intergroup=factories.intergroup(), starts_on=factories.today(), ends_on=factories.today()
    )
    with time_machine.travel(now + LIFETIMES[Role.COORDINATOR].idle + A_BIT):
        assert not is_in(client)


def test_whoever_is_signed_out_is_told_why_and_led_back_after_signing_in(bea: User) -> None:
    client, now = signed_in(bea), datetime.now(UTC)
    with time_machine.travel(now + timedelta(hours=1)):
        answer = client.get(reverse("coordinate"))
        assert answer["Location"] == f"{reverse('account_login')}?next={reverse('coordinate')}"
        assert "signed out after a while" in client.get(answer["Location"]).content.decode()
        assert "sessionid" not in client.cookies or not client.session.get("_auth_user_id")


def test_the_demos_clock_signs_nobody_out(bea: User) -> None:
    client = signed_in(bea)
    clock.move_on(timedelta(days=7))
    assert is_in(client)


def test_a_page_writes_the_session_now_and_then_only(bea: User) -> None:
    client, now = signed_in(bea), datetime.now(UTC)
    seen = client.session[gate.SEEN]
    assert is_in(client)
    assert client.session[gate.SEEN] == seen
    with time_machine.travel(now + LIFETIMES[Role.COORDINATOR].idle / 5):
        assert is_in(client)
    assert client.session[gate.SEEN] > seen


def test_signing_out_everywhere_else_ends_the_other_sessions_at_once(ana: User) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        signing_in.by_mail(client, ana.email)
    assert UserSession.objects.filter(user=ana).count() == 2
    assert here.post(reverse("usersessions_list")).status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_times_are_stricter_the_more_one_may_do() -> None:
    for laxer, stricter in zip(Role, list(Role)[1:], strict=False):
        assert LIFETIMES[laxer].idle > LIFETIMES[stricter].idle
        assert LIFETIMES[laxer].whole > LIFETIMES[stricter].whole
