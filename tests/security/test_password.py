"""A password beside the code by mail: never needed, no weaker a door, and no way around the second step."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import drafts
from accounts.models import AuditEntry, User
from tests.accounts.test_passwords import GOOD
from tests.conftest import signed_in
from tests.matching import office
from tests.security import signing_in

pytestmark = pytest.mark.django_db

PASSWORD, OTHER = GOOD[0], GOOD[1]


@pytest.fixture(autouse=True)
def _no_tries_before() -> None:
    cache.clear()


def chosen(user: User, password: str = PASSWORD, *, client: Client | None = None) -> Client:
    """A browser in which somebody has chosen a password."""
    client = client or signed_in(user, by="code")
    answer = client.post(reverse("password"), {"password": password, "password_again": password})
    assert answer.status_code == 302, answer.content.decode()
    return client


def sign_in(address: str, password: str, *, client: Client | None = None, **more: str) -> Any:
    sent = {"login": address, "password": password, **more}
    return (client or Client()).post(reverse("password_sign_in"), sent)


def test_a_newcomer_chooses_one_and_signs_in_with_it(ana: User) -> None:
    chosen(ana)
    client = Client()
    assert sign_in(ana.email, PASSWORD, client=client)["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200


def test_it_is_never_needed(ana: User) -> None:
    chosen(ana)
    client = Client()
    assert signing_in.by_mail(client, ana.email) == reverse("home")


def test_one_is_led_back_where_one_wanted_to_go(ana: User) -> None:
    chosen(ana)
    page = office.page(Client(), f"{reverse('account_login')}?next=/service/")
    assert f"{reverse('password_sign_in')}?next=/service/" in page
    assert sign_in(ana.email, PASSWORD, next="/service/")["Location"] == "/service/"
    assert sign_in(ana.email, PASSWORD, next="https://evil.example/")["Location"] == reverse("home")


@pytest.mark.parametrize("role", ["rosa", "bea"])
def test_the_second_step_comes_after_it_all_the_same(role: str, request: pytest.FixtureRequest) -> None:
    """S5: nobody who must show a second factor gets by with a password."""
    user: User = request.getfixturevalue(role)
    signing_in.with_app(user)
    chosen(user, client=signed_in(user))
    client = Client()
    assert sign_in(user.email, PASSWORD, client=client)["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    client.post(reverse("mfa_authenticate"), {"code": signing_in.app_code()})
    assert client.get(reverse("home")).status_code == 200


def test_a_sponsor_without_a_second_step_is_led_to_set_one_up_as_with_a_code(rosa: User) -> None:
    """S5."""
    rosa.set_password(PASSWORD)
    rosa.save()
    client = Client()
    sign_in(rosa.email, PASSWORD, client=client)
    assert client.get(reverse("home"))["Location"] == reverse("mfa_index")
    assert client.get(reverse("password"))["Location"] == reverse("mfa_index")


def test_choosing_one_ends_all_other_sessions_and_is_told_by_mail(ana: User) -> None:
    elsewhere = signed_in(ana)
    here = chosen(ana)
    assert here.get(reverse("home")).status_code == 200
    assert elsewhere.get(reverse("home")).status_code == 302
    assert [one.subject for one in mail.outbox] == ["A password was chosen"]
    chosen(ana, OTHER, client=here)
    assert mail.outbox[-1].subject == "Your password was changed"
    assert AuditEntry.objects.filter(verb="password.set", member=ana.pk).count() == 2
    assert PASSWORD not in str(mail.outbox[0].body)


def test_going_without_again_ends_it_at_once(ana: User) -> None:
    client = chosen(ana)
    client.post(reverse("password_remove"))
    ana.refresh_from_db()
    assert not ana.has_usable_password()
    assert sign_in(ana.email, PASSWORD).status_code == 200
    assert mail.outbox[-1].subject == "Your password was removed"
    assert client.get(reverse("home")).status_code == 200


def test_who_forgot_it_shows_by_mail_who_they_are_and_chooses_another(ana: User) -> None:
    chosen(ana)
    client = Client()
    signing_in.by_mail(client, ana.email)
    chosen(ana, OTHER, client=client)
    assert sign_in(ana.email, OTHER)["Location"] == reverse("home")


def test_a_fresh_proof_may_be_the_password_or_a_code_by_mail(ana: User) -> None:
    """S5."""
    chosen(ana)
    ana.refresh_from_db()
    for way in ("password", "code"):
        client = signed_in(ana, by="code", ago=timedelta(days=3))
        place = client.get(reverse("contact"))["Location"]
        assert place.startswith(reverse("account_reauthenticate"))
        assert reverse("prove") in office.page(client, place)
        if way == "password":
            assert client.post(place, {"password": OTHER, "next": reverse("contact")}).status_code == 200
            client.post(place, {"password": PASSWORD, "next": reverse("contact")})
        else:
            client.post(reverse("prove"), {"send": "1", "next": reverse("contact")})
            client.post(reverse("prove"), {"code": signing_in.mailed_code(ana.email), "next": reverse("contact")})
        assert client.get(reverse("contact")).status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short one", "short one", "too short"),
        ("passwordpassword", "passwordpassword", "Others would guess this soon"),
        (PASSWORD, OTHER, "The two are not the same"),
        ("", "", "Type the password"),
        ("kf wq nb zt " * 12, "kf wq nb zt " * 12, "too long"),
    ],
)
def test_what_does_not_do_is_said_and_nothing_is_kept(ana: User, password: str, again: str, said: str) -> None:
    answer = signed_in(ana, by="code").post(reverse("password"), {"password": password, "password_again": again})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert not password or f'value="{password}"' not in page
    ana.refresh_from_db()
    assert not ana.has_usable_password()


def test_one_that_is_sent_too_late_is_kept_nowhere(ana: User) -> None:
    """Other forms are in their fields again after the proof; a password is typed anew."""
    client = signed_in(ana, by="code", ago=timedelta(days=3))
    client.get(reverse("profile"))
    answer = client.post(reverse("password"), {"password": PASSWORD, "password_again": PASSWORD})
    assert answer["Location"].startswith(reverse("prove"))
    assert not drafts.waits(answer.wsgi_request)
    assert settings.DRAFT_COOKIE_NAME not in client.cookies


def test_it_is_the_same_from_any_keyboard(ana: User) -> None:
    chosen(ana, "ni\u00f1o azul en la playa")
    assert sign_in(ana.email, "nin\u0303o azul en la playa")["Location"] == reverse("home")


def test_five_wrong_ones_end_the_tries_for_an_address_wherever_they_come_from(ana: User) -> None:
    """S4: the right one is not taken either, until five minutes have passed."""
    chosen(ana)
    for _ in range(5):
        assert sign_in(ana.email, OTHER).status_code == 200
    answer = sign_in(ana.email, PASSWORD)
    assert answer.status_code == 200
    assert "Too many tries" in answer.content.decode()
    assert signing_in.by_mail(Client(), ana.email) == reverse("home")


@pytest.mark.parametrize("name", ["account_set_password", "account_change_password"])
def test_allauths_own_pages_lead_to_ours(ana: User, name: str) -> None:
    for method in ("get", "post"):
        answer = getattr(signed_in(ana, by="code"), method)(
            reverse(name), {"password1": PASSWORD, "password2": PASSWORD}
        )
        assert answer["Location"] == reverse("password")
    ana.refresh_from_db()
    assert not ana.has_usable_password()


@pytest.mark.parametrize("rest", ["", "done/", "key/done/", "key/1-x-y/", "key/1-set-password/"])
def test_there_is_no_reset_by_a_link_in_a_mail(rest: str, ana: User) -> None:
    """A code by mail does the same, and the second step stays before it."""
    for method in ("get", "post"):
        answer = getattr(Client(), method)(f"/accounts/password/reset/{rest}", {"email": ana.email})
        assert answer["Location"] == reverse("account_request_login_code")
    assert mail.outbox == []


def test_control_without_the_limit_the_sixth_try_would_be_looked_into(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of S4."""
    chosen(ana)
    no_limits = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": None, "login": None}
    monkeypatch.setattr(settings, "ACCOUNT_RATE_LIMITS", no_limits)
    for _ in range(12):
        sign_in(ana.email, OTHER)
    assert sign_in(ana.email, PASSWORD)["Location"] == reverse("home")


def test_control_without_the_step_after_it_a_password_would_open_everything(
    rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of S5: allauth's stage that asks for the second factor is taken away."""
    signing_in.with_app(rosa)
    chosen(rosa, client=signed_in(rosa))
    monkeypatch.setattr("allauth.mfa.stages.AuthenticateStage._should_handle", lambda self, request: False)
    assert sign_in(rosa.email, PASSWORD)["Location"] == reverse("home")
