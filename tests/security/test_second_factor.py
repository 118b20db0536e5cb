"""S5: whoever answers for others shows a second factor on every page; newcomers are offered one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from accounts import aside
from accounts.models import Sponsor, User
from tests.conftest import signed_in
from tests.security import access, signing_in
from tests.security.access import IN, LOGIN, OK, ROWS, knock

pytestmark = pytest.mark.django_db

MUST = ("paired", "other", "here", "elsewhere", "staff")
MAY = ("newcomer", "sponsee")
SHOWING = ("prove",)
"""Where one shows who one is, and so must be able to come."""


def of_members() -> list[str]:
    """The pages that visitors are sent away from to sign in."""
    return [name for name, row in ROWS.items() if LOGIN in (row.get["anonymous"], row.post["anonymous"])]


def answers(world: access.World, role: str) -> dict[str, Any]:
    """What somebody meets who signed in with their mailbox alone, on every page that is open to them."""
    user, found = world.people[role], {}
    assert user is not None
    client = signed_in(user, by="code")
    for name in of_members():
        row = ROWS[name]
        for method, doors in (("GET", row.get), ("POST", row.post)):
            if name not in SHOWING and doors[role] in (OK, IN):
                found[f"{method} {name}"] = knock(client, method, reverse(name, args=row.args(world)))
    return found


def led_to_set_up(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer["Location"] == reverse("mfa_index"))


@pytest.mark.parametrize("role", MUST)
def test_without_a_second_factor_every_page_leads_to_setting_one_up(role: str) -> None:
    found = answers(access.world(), role)
    assert len(found) >= (2 if role == "staff" else 20)
    assert [page for page, answer in found.items() if not led_to_set_up(answer)] == []


@pytest.mark.parametrize("role", MAY)
def test_a_newcomer_needs_none(role: str) -> None:
    assert [page for page, answer in answers(access.world(), role).items() if led_to_set_up(answer)] == []


def test_control_without_the_gate_the_pages_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of S5: the walk sees an open door when there is one."""

    def not_asked(request: HttpRequest) -> None:
        return None

    for module in ("accounts.views.access", "accounts.gate"):
        monkeypatch.setattr(f"{module}.to_second_factor", not_asked)
    monkeypatch.setattr(aside, "to_second_factor", not_asked)
    assert not any(led_to_set_up(one) for one in answers(access.world(), "here").values())


@pytest.mark.parametrize("role", ["here", "staff"])
def test_the_admin_is_shut_without_a_second_factor(role: str) -> None:
    user = access.world().people[role]
    assert user is not None
    user.is_staff = True
    user.save()
    assert led_to_set_up(signed_in(user, by="code").get(reverse("admin:index")))
    assert signed_in(user).get(reverse("admin:index")).status_code == 200


def test_the_admins_own_form_signs_nobody_in() -> None:
    operator = User.objects.create_superuser("operator@example.org", "a long and good password")
    client = Client()
    sent = {"username": operator.email, "password": "a long and good password"}
    answer = client.post(reverse("admin:login"), sent)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert not client.session.keys()


@pytest.mark.django_db(transaction=True)
def test_a_sponsor_sets_up_an_app_and_goes_on_where_they_were(rosa: User) -> None:
    client = Client()
    assert signing_in.by_mail(client, rosa.email) == reverse("home")
    assert led_to_set_up(client.get(reverse("offers")))
    assert "People trust you" in client.get(reverse("mfa_index")).content.decode()
    page = client.get(reverse("mfa_activate_totp"))
    code = signing_in.app_code(page.context["form"].secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    codes = client.get(answer["Location"])
    assert codes.status_code == 200
    assert f'href="{reverse("offers")}"' in codes.content.decode()
    assert client.get(reverse("offers")).status_code == 200


def test_backup_codes_are_shown_once(rosa: User) -> None:
    signing_in.with_app(rosa)
    wanted = Authenticator.objects.get(user=rosa, type="recovery_codes").wrap().get_unused_codes()
    client = signed_in(rosa)
    first, second = (client.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in range(2))
    assert all(code in first for code in wanted)
    assert not any(code in second for code in wanted)
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_the_mailbox_alone_no_longer_signs_in_once_there_is_a_second_factor(rosa: User) -> None:
    signing_in.with_app(rosa)
    client = Client()
    assert signing_in.by_mail(client, rosa.email) == reverse("mfa_authenticate")
    assert client.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": signing_in.app_code()})["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200


def test_a_code_of_the_app_works_once(rosa: User) -> None:
    signing_in.with_app(rosa)
    code = signing_in.app_code()
    for expected in (302, 200):
        client = Client()
        signing_in.by_mail(client, rosa.email)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_a_backup_code_signs_in_once(rosa: User) -> None:
    signing_in.with_app(rosa)
    code = Authenticator.objects.get(user=rosa, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        signing_in.by_mail(client, rosa.email)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_a_session_from_before_the_app_was_set_up_elsewhere_has_to_show_it(rosa: User) -> None:
    client = signed_in(rosa, by="code")
    signing_in.with_app(rosa)
    assert client.get(reverse("offers"))["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Foffers%2F"
    answer = client.post(reverse("mfa_reauthenticate"), {"code": signing_in.app_code(), "next": reverse("offers")})
    assert answer["Location"] == reverse("offers")
    assert client.get(reverse("offers")).status_code == 200


def test_a_newcomer_is_offered_one_in_their_profile(ana: User) -> None:
    assert reverse("mfa_index") in signed_in(ana, by="code").get(reverse("profile")).content.decode()


def test_whoever_becomes_a_sponsor_is_asked_from_then_on(ana: User) -> None:
    client = signed_in(ana, by="code")
    assert client.get(reverse("home")).status_code == 200
    Sponsor.objects.create(user=ana, seats=1, steps_worked=12, has_own_sponsor=True)
    assert led_to_set_up(client.get(reverse("home")))


def test_public_pages_and_signing_out_stay_open(bea: User) -> None:
    client = signed_in(bea, by="code")
    for name in ("landing", "help_now", "privacy", "mfa_index", "usersessions_list"):
        assert client.get(reverse(name)).status_code == 200, name
    assert client.post(reverse("account_logout"))["Location"] == reverse("landing")


def test_a_fragment_is_not_replaced_by_a_page(rosa: User) -> None:
    answer = signed_in(rosa, by="code").get(reverse("offers"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("mfa_index")
