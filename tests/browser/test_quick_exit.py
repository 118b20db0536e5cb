"""Leave now: on every page, by mouse, by finger and by Escape pressed twice; the page left does not come back."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import Settings

from tests.security import access, visits
from tests.security.access import ROLES, knock

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = "https://weather.example/"


@pytest.fixture
def asked() -> list[dict[str, str]]:
    """The headers with which the page elsewhere was asked for."""
    return []


@pytest.fixture
def page(browser: Browser, site: str, settings: Settings, asked: list[dict[str, str]]) -> Iterator[Page]:
    """A browser in which the page elsewhere is there."""
    settings.QUICK_EXIT_URL = ELSEWHERE
    context = browser.new_context(base_url=site)

    def weather(route: Route) -> None:
        asked.append(route.request.headers)
        route.fulfill(body="<title>Weather</title>Sunny", content_type="text/html")

    context.route(f"{ELSEWHERE}**", weather)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("by", ["click", "escape"])
def test_leaving_replaces_the_page_and_tells_nobody_where_one_was(
    page: Page, asked: list[dict[str, str]], by: str
) -> None:
    page.goto("/help-now/")
    page.goto("/privacy/")
    if by == "click":
        page.locator("[data-quick-exit]").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    expect(page).to_have_title("Weather")
    assert "referer" not in asked[0]
    page.go_back()
    expect(page).to_have_url(re.compile("/help-now/$"))


def test_control_one_press_of_escape_leaves_nobody_outside(page: Page, asked: list[dict[str, str]]) -> None:
    page.goto("/privacy/")
    page.keyboard.press("Escape")
    page.wait_for_timeout(900)
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert asked == []


def test_every_page_of_everybody_has_it() -> None:
    """Also those that say that there is nothing; files, fragments and the operators' admin are no pages of members."""
    world, without = access.world(), set[str]()
    for role in ROLES:
        client = world.client(role)
        for name, url in visits.everywhere(world).items():
            page = knock(client, "GET", url)
            text = page.content.decode(errors="replace") if not page.streaming else ""
            if "<!doctype html" in text[:200].lower() and "data-quick-exit" not in text:
                without.add(name)
    assert without == set()


def test_control_a_page_without_it_would_be_noticed(settings: Settings) -> None:
    """The negative control."""
    settings.QUICK_EXIT_URL = ""
    assert "data-quick-exit" not in Client().get(reverse("landing")).content.decode()
