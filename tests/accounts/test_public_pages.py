"""Pages for anyone."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["landing", "help_now", "too_young", "privacy"])
def test_anyone_may_read_the_public_pages_without_leaving_a_session(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_kept_in_a_cookie_and_leads_back(client: Client, theme: str) -> None:
    response = client.post(reverse("theme"), {"theme": theme, "next": "/privacy/?a=1"})
    assert response["Location"] == "/privacy/?a=1"
    assert client.cookies["theme"].value == theme
    assert f'data-theme="{theme}"' in client.get("/").content.decode()


def test_following_the_system_forgets_the_theme(client: Client) -> None:
    client.post(reverse("theme"), {"theme": "dark", "next": "/"})
    client.post(reverse("theme"), {"theme": "system", "next": "/"})
    assert "data-theme" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\x00", "x" * 9000]
)
def test_the_theme_never_leads_away(client: Client, target: str) -> None:
    response = client.post(reverse("theme"), {"theme": "dark", "next": target})
    assert response["Location"] == reverse("landing")


def test_an_unknown_theme_is_none(client: Client) -> None:
    client.post(reverse("theme"), {"theme": "dark\r\nSet-Cookie: a=b", "next": "/"})
    assert client.cookies["theme"].value == ""


def test_a_get_does_not_change_the_theme(client: Client) -> None:
    assert client.get(reverse("theme"), {"theme": "dark"}).status_code == 405
