"""Each error page says what to do, in three languages, and asks no more of the server than it has to."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from matching import tokens
from matching.models import CheckIn
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "es", "fr")


def too_large(client: Client, settings: Settings) -> Any:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    return client.post(reverse("theme"), {"next": "x" * 2_000})


def too_often(client: Client, settings: Settings) -> Any:
    cache.clear()
    for number in range(60):
        answer = client.post(reverse("account_login"), {"email": f"nobody{number}@example.org"})
        if answer.status_code == 429:
            break
    return answer


def without_token(client: Client, settings: Settings) -> Any:
    client.handler.enforce_csrf_checks = True
    return client.post(reverse("theme"), {"theme": "dark"})


def looked_after(client: Client, settings: Settings) -> Any:
    settings.MAINTENANCE = True
    return client.get("/home/")


def broken(how: str) -> Callable[[Client, Settings], Any]:
    def visit(client: Client, settings: Settings) -> Any:
        settings.ROOT_URLCONF = "tests.accounts.broken_urls"
        client.raise_request_exception = False
        return client.get(f"/broken/{how}/")

    return visit


PAGES: dict[str, tuple[int, Callable[[Client, Settings], Any], tuple[str, str, str]]] = {
    "cannot be read": (
        400,
        lambda client, settings: client.get("/", headers={"host": "evil.example"}),
        ("Go back, check what you typed", "Vuelve atrás", "Revenez en arrière"),
    ),
    "not open": (403, broken("403"), ("not open to you", "no está abierta para ti", "ne vous est pas ouverte")),
    "without a token": (403, without_token, ("send it once more", "otra vez", "encore une fois")),
    "not there": (404, lambda client, settings: client.get("/nowhere/"), ("copy the whole link", "enlace", "lien")),
    "moved on": (409, broken("409"), ("See how it is now", "ahora", "maintenant")),
    "too large": (413, too_large, ("too much at once", "demasiado de una vez", "trop d’un seul coup")),
    "too often": (429, too_often, ("Wait five minutes", "cinco minutos", "cinq minutes")),
    "broken": (500, broken("500"), ("try again in a few minutes", "unos minutos", "quelques minutes")),
    "looked after": (503, looked_after, ("look again in ten minutes", "diez minutos", "dix minutes")),
}


@pytest.mark.parametrize("number", range(3), ids=LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_each_says_what_to_do_with_the_way_out_and_the_numbers_to_call(
    settings: Settings, client: Client, name: str, number: int
) -> None:
    status, visit, says = PAGES[name]
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = LANGUAGES[number]
    answer = visit(client, settings)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{LANGUAGES[number]}"' in page
    assert says[number] in page
    assert len(re.findall("<h1>", page)) == 1
    assert "data-quick-exit" in page
    assert 'href="tel:988"' in page
    assert "<script>" not in page
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_has_had_its_day_is_410_and_says_what_else_there_is(client: Client, language: str) -> None:
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(reverse("check_in", args=[tokens.check_in_token(CheckIn(pk=uuid4()))]))
    assert answer.status_code == 410
    assert f'<html lang="{language}"' in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_page_for_what_broke_asks_no_database_and_shows_a_member_the_same(
    settings: Settings, ana: User, django_assert_num_queries: Any
) -> None:
    client = signed_in(ana)
    answer = broken("500")(client, settings)
    assert answer.status_code == 500
    connections["default"].ensure_connection()
    with django_assert_num_queries(0):
        broken("500")(Client(), settings)


def test_too_many_fields_are_413_and_a_broken_host_is_400(settings: Settings, client: Client) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert client.post(reverse("theme"), {f"f{number}": "" for number in range(9)}).status_code == 413
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "could not read that" in answer.content.decode()


def test_a_broken_host_is_answered_in_its_language_not_in_that_of_the_visitor_before(
    settings: Settings, client: Client
) -> None:
    settings.SECURE_SSL_REDIRECT = True  # as in production: the host is looked at before the language
    client.get("/", headers={"accept-language": "fr"}, secure=True)
    answer = client.get("/", headers={"host": "evil.example", "accept-language": "es"})
    assert (answer.status_code, '<html lang="es"' in answer.content.decode()) == (400, True)


def test_while_the_site_is_looked_after_every_page_says_so_and_asks_no_database(
    settings: Settings, client: Client, django_assert_num_queries: Any
) -> None:
    settings.MAINTENANCE = True
    for path in ("/", "/home/", "/coordinate/", "/no-such-page/"):
        with django_assert_num_queries(0):
            answer = client.get(path)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "600"


def test_what_asks_whether_the_process_lives_is_answered_all_the_same(settings: Settings, client: Client) -> None:
    settings.MAINTENANCE = True
    assert "looking after" not in client.get(reverse("healthz")).content.decode()
