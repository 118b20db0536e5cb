"""S5: what could take an account away, or decides on others, asks for a fresh proof of who one is."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import OFFICE_MATTERS, OWN_MATTERS
from tests import factories
from tests.conftest import signed_in
from tests.security import access, signing_in
from tests.security.access import IN, OK, ROWS, knock

pytestmark = pytest.mark.django_db

A_MINUTE = timedelta(minutes=1)
OWN = [
    ("get", "contact", []),
    ("post", "contact", []),
    ("post", "my_data_export", []),
    ("post", "my_data_read", []),
    ("post", "my_data_erase", []),
    ("get", "account_email", []),
    ("post", "account_email", []),
    ("get", "account_set_password", []),
    ("post", "account_set_password", []),
    ("get", "account_change_password", []),
    ("get", "password", []),
    ("post", "password", []),
    ("post", "password_remove", []),
    ("get", "mfa_activate_totp", []),
    ("get", "mfa_add_webauthn", []),
    ("get", "mfa_generate_recovery_codes", []),
    ("get", "mfa_remove_webauthn", [1]),
    ("get", "mfa_edit_webauthn", [1]),
]


def asks(answer: Any) -> bool:
    """Whether somebody is led to show who they are."""
    ways = ("prove", "mfa_reauthenticate", "account_reauthenticate")
    return answer.status_code == 302 and answer["Location"].split("?")[0] in {reverse(way) for way in ways}


@pytest.mark.parametrize(("method", "name", "args"), OWN)
def test_own_matters_ask_after_ten_minutes_and_not_before(ana: User, method: str, name: str, args: list[int]) -> None:
    url = reverse(name, args=args)
    assert asks(getattr(signed_in(ana, by="code", ago=OWN_MATTERS + A_MINUTE), method)(url))
    assert not asks(getattr(signed_in(ana, by="code", ago=OWN_MATTERS - A_MINUTE), method)(url))


def office_changes() -> list[str]:
    return [name for name, row in ROWS.items() if row.post["here"] == IN and row.post["newcomer"] not in (IN, OK)]


def test_every_change_by_a_coordinator_asks_after_two_hours_and_reading_never() -> None:
    world = access.world()
    here = world.people["here"]
    assert here is not None
    changes = [name for name in office_changes() if not name.startswith("operate")]
    assert len(changes) >= 10
    old, recent = signed_in(here, ago=OFFICE_MATTERS + A_MINUTE), signed_in(here, ago=OFFICE_MATTERS - A_MINUTE)
    for name in changes:
        url = reverse(name, args=ROWS[name].args(world))
        assert asks(knock(old, "POST", url)), name
        assert not asks(knock(recent, "POST", url)), name
        assert not asks(knock(old, "GET", url)), name
    assert old.get(reverse("coordinate")).status_code == 200


def test_operators_are_asked_too() -> None:
    operator = User.objects.create_superuser("operator@example.org")
    for url in (reverse("operate_send_again"), reverse("admin:accounts_fellowship_add")):
        assert asks(signed_in(operator, ago=OFFICE_MATTERS + A_MINUTE).post(url)), url
        assert not asks(signed_in(operator).post(url)), url


def test_control_other_pages_of_a_member_ask_nobody(ana: User) -> None:
    """The negative control: the walk can tell a page that asks from one that does not."""
    client = signed_in(ana, by="code", ago=timedelta(days=3))
    assert not any(asks(client.get(reverse(name))) for name in ("home", "profile", "my_data", "mfa_index"))


def test_a_code_by_mail_shows_it_and_leads_back(ana: User) -> None:
    client = signed_in(ana, by="code", ago=timedelta(days=3))
    asked = client.get(reverse("contact"))
    page = client.get(asked["Location"])
    assert "Send me a code" in page.content.decode()
    client.post(reverse("prove"), {"send": "1", "next": reverse("contact")})
    code = signing_in.mailed_code(ana.email)
    assert code not in str(dict(client.session))
    answer = client.post(reverse("prove"), {"code": code.lower(), "next": reverse("contact")})
    assert answer["Location"] == reverse("contact")
    assert client.get(reverse("contact")).status_code == 200


def test_a_code_is_good_for_three_tries_and_once(ana: User) -> None:
    client = signed_in(ana, by="code", ago=timedelta(days=3))
    client.post(reverse("prove"), {"send": "1"})
    right = signing_in.mailed_code(ana.email)
    for _ in range(3):
        assert client.post(reverse("prove"), {"code": "AAAA-AAAA"}).status_code == 422
    assert client.post(reverse("prove"), {"code": right}).status_code == 422
    client.post(reverse("prove"), {"send": "1"})
    newer = signing_in.mailed_code(ana.email)
    assert client.post(reverse("prove"), {"code": newer}).status_code == 302
    assert client.post(reverse("prove"), {"code": newer}).status_code == 422


def test_a_code_of_another_session_or_person_is_none(ana: User, olga: User) -> None:
    mine = signed_in(ana, by="code", ago=timedelta(days=3))
    mine.post(reverse("prove"), {"send": "1"})
    code = signing_in.mailed_code(ana.email)
    for other in (signed_in(ana, by="code"), signed_in(olga, by="code")):
        other.post(reverse("prove"), {"send": "1"})
        assert other.post(reverse("prove"), {"code": code}).status_code == 422


def test_whoever_has_an_app_is_led_to_it_and_a_mail_does_not_do(rosa: User) -> None:
    signing_in.with_app(rosa)
    client = signed_in(rosa, ago=timedelta(days=3))
    answer = client.post(reverse("my_data_export"), headers={"Referer": f"http://testserver{reverse('my_data')}"})
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fprivacy%2Fmy-data%2F"
    assert client.get(reverse("prove"))["Location"].startswith(reverse("mfa_reauthenticate"))


def test_a_passkey_is_called_what_it_is_called_elsewhere(rosa: User) -> None:
    signing_in.with_app(rosa)
    Authenticator.objects.create(user=rosa, type=Authenticator.Type.WEBAUTHN, data={"name": "", "credential": {}})
    client = signed_in(rosa, ago=timedelta(days=3))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    page = client.get(reverse("mfa_reauthenticate")).content.decode()
    assert "Utiliser une clé d&#x27;accès ou une clé de sécurité" in page
    assert "secrète" not in page


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_host(ana: User, wanted: str) -> None:
    client = signed_in(ana, by="code")
    client.post(reverse("prove"), {"send": "1"})
    code = signing_in.mailed_code(ana.email)
    assert client.post(reverse("prove"), {"code": code, "next": wanted})["Location"] == reverse("home")
    old = signed_in(ana, by="code", ago=timedelta(days=3))
    answer = old.post(reverse("my_data_export"), headers={"Referer": wanted})
    assert answer["Location"] == f"{reverse('prove')}?next=%2Fhome%2F"


def test_what_was_sent_along_is_not_kept_meanwhile(ana: User) -> None:
    client = signed_in(ana, by="code", ago=timedelta(days=3))
    client.post(reverse("contact"), {"phone": "+1 555 010 4242"})
    assert "4242" not in str(dict(client.session))


def test_a_visitor_is_sent_to_sign_in() -> None:
    factories.newcomer()
    assert Client().get(reverse("prove"))["Location"].startswith(reverse("account_login"))
