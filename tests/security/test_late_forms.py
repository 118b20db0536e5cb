"""Whatever was typed is there again after signing in: every form, sealed meanwhile, and for nobody else."""

import base64
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

import accounts.forms
import matching.forms
from accounts import drafts
from accounts.forms.steps import STEPS
from accounts.models import User
from tests import factories
from tests.conftest import signed_in
from tests.matching import office
from tests.security import access, signing_in
from tests.security.typed_forms import SAMPLES, Form, Forms

pytestmark = pytest.mark.django_db

WORDS = "Call me after six, any day but Friday."
NOT_VISITED = {
    "accounts.forms.prove.CodeForm": "a code is good for once",
    "accounts.forms.second_factor.ActivateAppForm": "a code is good for half a minute",
    "accounts.forms.second_factor.AddPasskeyForm": "the answer of a device is good for once",
    "accounts.forms.second_factor.EditPasskeyForm": "one word, and only for somebody who has a passkey",
    "accounts.forms.how.MeetingSearchForm": "a search stands in the address",
    "accounts.forms.sponsoring.SponsorForm": "a month, asked where a fellowship counts from no date",
    "matching.forms.bridging.WeekForm": "a week, chosen in a list of links",
    "matching.forms.checkins.OneOfManyForm": "nothing to type",
    "matching.forms.rounds.PairsForm": "a filter stands in the address",
    "matching.forms.push_addresses.PushAddressForm": "a script fills it in",
}
"""Classes of forms of which nothing typed is lost, or which need somebody else."""


def without_session(client: Client) -> str:
    """Take the session away, as its end does; what it was."""
    kept: str = client.cookies[settings.SESSION_COOKIE_NAME].value
    del client.cookies[settings.SESSION_COOKIE_NAME]
    return kept


def send_late(client: Client, page: str, action: str, fields: dict[str, Any]) -> Any:
    """Send a form of that page without a session, then have one again; the answer to the form."""
    session = without_session(client)
    answer = client.post(action, fields, headers={"referer": f"http://testserver{page}"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return answer


def leads_to(answer: Any) -> str:
    """Where the sign-in page that this answer leads to goes on to."""
    parts = urlsplit(str(answer["Location"]))
    assert parts.path == reverse("account_login")
    return parse_qs(parts.query)["next"][0]


def pages(world: access.World, role: str) -> Iterator[str]:
    """What this role may open and a visitor may not."""
    for name, row in access.ROWS.items():
        if row.get[role] in (access.OK, access.IN) and row.get["anonymous"] == access.LOGIN:
            yield reverse(name, args=row.args(world))
    for step in STEPS:
        yield reverse("profile_edit", args=[step.slug])


def typed_forms(client: Client, page: str) -> list[Form]:
    answer = client.get(page)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return []
    found = Forms(answer.content.decode()).found
    return [replace(form, action=urlsplit(form.action).path or page) for form in found if form.typed]


def as_sent(form: Form) -> list[tuple[str, str, str, bool]]:
    return [
        (one.name, one.kind, SAMPLES.get(one.kind, one.value), one.ticked)
        for one in form.fields
        if one.kind != "hidden"
    ]


def test_every_form_is_there_again_as_it_was_typed() -> None:
    world, names = access.world(), set[str]()
    lost: list[Any] = []
    seen: set[str] = set()
    for role in ("newcomer", "sponsee", "paired", "other", "here"):
        client = world.client(role)
        for page in [one for one in pages(world, role) if one not in seen]:
            for place, form in enumerate(typed_forms(client, page)):
                assert leads_to(send_late(client, page, form.action, form.sent())) == page
                again = typed_forms(client, page)[place]
                lost += [(page, *two) for two in zip(again.shown(), as_sent(form), strict=True) if two[0] != two[1]]
                client.cookies.pop(settings.DRAFT_COOKIE_NAME)
                names |= {one.name for one in form.typed}
                seen.add(page)
    assert lost == []
    unseen = {
        f"{one.__module__}.{one.__name__}" for one in classes() if typed_names(one) and not typed_names(one) & names
    }
    assert unseen == set(NOT_VISITED), "A form that is not here stands on a page that was visited."


def classes() -> set[type[forms.Form]]:
    """Every form class of the two apps, whoever imports it: one that stands on no page is noticed."""
    for package in (accounts.forms, matching.forms):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found: set[type[forms.Form]] = set()
    new: set[type[forms.Form]] = {forms.Form}
    while new:
        new = {sub for one in new for sub in one.__subclasses__()} - found
        found |= new
    return {one for one in found if one.__module__.startswith(("accounts.", "matching."))}


def typed_names(form: type[forms.Form]) -> set[str]:
    texts = (forms.TextInput, forms.Textarea)
    return {name for name, one in form.base_fields.items() if isinstance(one.widget, texts)}


@pytest.fixture
def offer_page(rosa: User) -> str:
    return reverse("offer", args=[office.sent(sponsor=rosa).pk])


def test_after_signing_in_by_mail_the_words_stand_in_the_form(rosa: User, offer_page: str) -> None:
    """The whole way, with the code from the mail and the one from the app."""
    signing_in.with_app(rosa)
    client = signed_in(rosa)
    client.get(offer_page)
    without_session(client)
    answer = client.post(f"{offer_page}accept/", {"note": WORDS}, headers={"referer": f"http://testserver{offer_page}"})
    assert leads_to(answer) == offer_page
    sign_in_page = client.get(answer["Location"]).content.decode()
    assert "what you typed is there again" in sign_in_page
    assert WORDS not in sign_in_page
    code_page = client.post(answer["Location"], {"login": rosa.email, "next": offer_page})["Location"]
    client.post(code_page, {"code": signing_in.mailed_code(rosa.email), "next": offer_page})
    onward = client.post(reverse("mfa_authenticate"), {"code": signing_in.app_code()})
    assert onward["Location"] == offer_page
    page = client.get(offer_page).content.decode()
    assert WORDS in page
    assert "Nothing has been sent yet" in page
    assert client.post(f"{offer_page}accept/", {"note": WORDS}).status_code == 302
    assert settings.DRAFT_COOKIE_NAME not in {n for n, one in client.cookies.items() if one.value}


def test_somebody_else_who_signs_in_there_sees_nothing_of_it(rosa: User, offer_page: str, olga: User) -> None:
    client = signed_in(rosa)
    client.get(offer_page)
    send_late(client, "/profile/name/", "/profile/name/", {"first_name": "Rosalind"})
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in(olga).cookies[settings.SESSION_COOKIE_NAME].value
    assert "Rosalind" not in client.get("/profile/name/").content.decode()
    assert not client.cookies[settings.DRAFT_COOKIE_NAME].value


def test_the_database_holds_no_word_of_it_and_no_key(rosa: User, offer_page: str) -> None:
    client = signed_in(rosa)
    client.get(offer_page)
    send_late(client, offer_page, f"{offer_page}accept/", {"note": WORDS})
    (row,) = kept_rows()
    assert "Call me" not in row
    assert "note" not in row
    assert client.cookies[settings.DRAFT_COOKIE_NAME].value not in row


def kept_rows() -> list[str]:
    """What is kept of drafts, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM django_cache WHERE cache_key LIKE '%draft%'")
        return [key + base64.b64decode(value).decode("latin1") for key, value in cursor.fetchall()]


def test_a_draft_in_the_hands_of_another_browser_does_not_open(rosa: User, offer_page: str) -> None:
    client, other = signed_in(rosa), signed_in(rosa)
    for one in (client, other):
        one.get("/home/")
    send_late(client, offer_page, f"{offer_page}accept/", {"note": WORDS})
    other.cookies[settings.KEEPER_COOKIE_NAME] = client.cookies[settings.KEEPER_COOKIE_NAME].value
    other.cookies[settings.DRAFT_COOKIE_NAME] = "A" * 43 + "="
    assert WORDS not in other.get(offer_page).content.decode()
    other.cookies[settings.DRAFT_COOKIE_NAME] = "no key"
    assert other.get(offer_page).status_code == 200


def test_it_is_kept_for_half_an_hour_and_then_forgotten(rosa: User, offer_page: str) -> None:
    client, now = signed_in(rosa), datetime.now(UTC)
    client.get(offer_page)
    send_late(client, offer_page, f"{offer_page}accept/", {"note": WORDS})
    assert client.cookies[settings.DRAFT_COOKIE_NAME]["max-age"] == 1800
    with time_machine.travel(now + timedelta(minutes=31)):
        assert WORDS not in client.get(offer_page).content.decode()


def test_a_row_whose_time_is_over_is_deleted_though_nobody_asks_for_it() -> None:
    cache.clear()
    cache.set("draft-old", b"sealed", 0.01)
    cache.set("draft-new", b"sealed", 600)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_cache SET expires = now() - interval '1 s' WHERE cache_key LIKE '%draft-old'")
    assert drafts.forget_expired() == 1
    assert cache.get("draft-new") == b"sealed"


def test_a_visitor_leaves_no_rows(client: Client) -> None:
    """Only a browser in which somebody was signed in keeps anything, and one draft at a time."""
    client.post("/profile/name/", {"first_name": "Rosalind"})
    client.cookies[settings.KEEPER_COOKIE_NAME] = "made:up"
    client.post("/profile/name/", {"first_name": "Rosalind"})
    assert kept_rows() == []
    member = signed_in(factories.newcomer())
    member.get("/home/")
    for name in ("Rosalind", "Rosamund"):
        send_late(member, "/profile/name/", "/profile/name/", {"first_name": name})
    assert len(kept_rows()) == 1
    assert "Rosamund" in member.get("/profile/name/").content.decode()


def test_more_than_the_longest_form_is_not_kept(ana: User) -> None:
    client = signed_in(ana)
    client.get("/home/")
    send_late(client, "/profile/name/", "/profile/name/", {"first_name": "x" * drafts.MOST_BYTES})
    assert kept_rows() == []


def test_a_form_that_waits_for_a_fresh_proof_is_kept_too(ana: User) -> None:
    page = reverse("contact")
    client = signed_in(ana, ago=timedelta(hours=1))
    client.get("/home/")
    answer = client.post(page, {"phone": "+1 555 010 4242"}, headers={"referer": f"http://testserver{page}"})
    assert urlsplit(answer["Location"]).path == reverse("prove")
    assert "555 010 4242" not in client.get("/home/").content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in(ana).cookies[settings.SESSION_COOKIE_NAME].value
    assert "+1 555 010 4242" in client.get(page).content.decode()


def with_old_token(member: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value
    client.get("/profile/name/")
    return client


def test_a_page_from_before_another_sign_in_loses_nothing(ana: User) -> None:
    client, page = with_old_token(ana), "/profile/name/"
    here = {"referer": f"http://testserver{page}", "origin": "http://testserver"}
    answer = client.post(page, {"first_name": "Rosalind", "csrfmiddlewaretoken": "a" * 64}, headers=here)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Rosalind" in client.get(page).content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_what_another_site_sends_is_refused_and_never_shown(ana: User, origin: str) -> None:
    client, page = with_old_token(ana), "/profile/name/"
    headers = {"referer": f"http://testserver{page}", **({"origin": origin} if origin else {})}
    answer = client.post(page, {"first_name": "Rosalind", "csrfmiddlewaretoken": "a" * 64}, headers=headers)
    assert answer.status_code == 403
    assert "Rosalind" not in client.get(page).content.decode()


def test_words_whose_form_is_gone_meanwhile_can_still_be_copied(rosa: User, offer_page: str) -> None:
    client = signed_in(rosa)
    client.get(offer_page)
    send_late(client, offer_page, f"{offer_page}accept/", {"note": WORDS})
    other_window = signed_in(rosa)
    other_window.post(f"{offer_page}decline/")
    page = client.get(offer_page).content.decode()
    assert "changed meanwhile" in page
    assert WORDS in page


def test_nothing_is_kept_of_a_form_without_anything_in_it(ana: User) -> None:
    client = signed_in(ana)
    client.get("/home/")
    answer = send_late(client, "/request/", "/request/withdraw/", {})
    assert leads_to(answer) == "/request/"
    assert kept_rows() == []


def test_no_code_is_ever_kept(ana: User) -> None:
    client = signed_in(ana)
    client.get("/home/")
    send_late(client, reverse("mfa_activate_totp"), reverse("mfa_activate_totp"), {"code": "123456"})
    assert kept_rows() == []
