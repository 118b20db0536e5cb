"""Each error page says what to do, in three languages, and asks no more of the server than it has to."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

LANGUAGES = {
    "en": ("too much at once", "wait a little", "looking after the site"),
    "es": ("demasiado de una vez", "Espera un poco", "cuidando del sitio"),
    "fr": ("trop d’un seul coup", "Attends un peu", "occupons du site"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_the_site_takes_at_once_is_413(settings: Settings, language: str, ana: User) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    client = signed_in(ana)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.post(reverse("theme"), {"next": "x" * 2_000})
    assert answer.status_code == 413
    assert LANGUAGES[language][0] in answer.content.decode()


def test_too_many_fields_are_413_and_a_broken_host_is_400(settings: Settings, client: Client) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert client.post(reverse("theme"), {f"f{number}": "" for number in range(9)}).status_code == 413
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "could not read that" in answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_tries_too_often_is_asked_to_wait(settings: Settings, client: Client, language: str) -> None:
    cache.clear()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for number in range(60):
        answer = client.post(reverse("account_request_login_code"), {"email": f"nobody{number}@example.org"})
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert LANGUAGES[language][1] in answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_site_is_looked_after_every_page_says_so_with_the_crisis_numbers(
    settings: Settings, client: Client, language: str, django_assert_num_queries: object
) -> None:
    settings.MAINTENANCE = True
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for path in ("/", "/home/", "/coordinate/", "/no-such-page/"):
        with django_assert_num_queries(0):  # type: ignore[operator]
            answer = client.get(path)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "600"
        assert LANGUAGES[language][2] in answer.content.decode()
        assert "988" in answer.content.decode()


def test_what_asks_whether_the_process_lives_is_answered_all_the_same(settings: Settings, client: Client) -> None:
    settings.MAINTENANCE = True
    assert "looking after" not in client.get(reverse("healthz")).content.decode()
