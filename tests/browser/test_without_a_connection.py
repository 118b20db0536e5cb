"""A phone without a connection shows whom to call, keeps nothing of anybody's, and only where somebody wanted it."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.browser.conftest import wait_for
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

READY = "() => navigator.serviceWorker.ready.then(() => true)"
KEPT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) texts.push(asked.url + await (await cache.match(asked)).text());
  }
  return texts;
}"""


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    # What stands in the page is asked of the browser by script, which the policy of the site forbids.
    context = browser.new_context(base_url=site, bypass_csp=True, locale="en-US")
    yield context
    context.close()


def home(context: BrowserContext, user: User, site: str) -> Page:
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page = context.new_page()
    page.goto("/home/")
    page.evaluate(READY)
    return page


def test_a_member_without_a_connection_sees_the_numbers_in_place_of_any_page(
    context: BrowserContext, site: str, ana: User
) -> None:
    page = home(context, ana, site)
    context.set_offline(True)
    for path in ("/help-now/", "/home/", "/pairings/00000000-0000-0000-0000-000000000000/"):
        page.goto(path)
        expect(page.get_by_role("heading", name="There is no connection")).to_be_visible()
        expect(page.get_by_role("link", name="988").first).to_have_attribute("href", "tel:988")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Atkinson')
    context.set_offline(False)
    page.goto("/home/")
    expect(page.get_by_role("heading", name="Hello, Ana")).to_be_visible()


def test_what_the_phone_keeps_is_nobodys(context: BrowserContext, site: str, ana: User) -> None:
    page = home(context, ana, site)
    page.goto("/profile/")
    kept = page.evaluate(KEPT)
    assert len(kept) >= 3
    assert not [text for text in kept if "Ana" in text or ana.email in text or "csrfmiddlewaretoken" in text]


def test_who_only_looks_at_the_first_page_keeps_nothing(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    assert page.evaluate("() => navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    page.goto("/help-now/")
    page.evaluate(READY)
    wait_for(lambda: len(page.evaluate(KEPT)) >= 3)


def test_the_site_can_stand_on_a_first_screen_under_its_neutral_name() -> None:
    answer = Client().get("/app.webmanifest")
    told = answer.json()
    assert (told["name"], told["short_name"]) == ("Two Lights", "Two Lights")
    assert (told["start_url"], told["display"]) == ("/home/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} >= {("192x192", "any"), ("512x512", "maskable")}
    assert "Set-Cookie" not in answer.headers
