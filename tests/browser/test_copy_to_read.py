"""The readable copy in a browser: axe, narrow and printed, its style taken by the policy, nothing asked of anybody."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.browser.test_pages_are_accessible import sign_in
from tests.matching import story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def narrow(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 800}, java_script_enabled=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_it_is_read_printed_and_kept(narrow: Page, site: str, ana: User, rosa: User, bea: User, language: str) -> None:
    story.paired(ana, rosa, bea)
    sign_in(narrow, ana, site)
    narrow.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
    narrow.goto("/privacy/my-data/")
    asked, complaints = list[str](), list[str]()
    narrow.on("request", lambda one: asked.append(one.url))
    narrow.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    narrow.locator("form[action$='/read/'] button").click()
    narrow.wait_for_selector("nav ul")
    # The icon is that of the page before.
    told = [one for one in asked if not one.startswith("data:") and not one.endswith("/favicon.svg")]
    assert told == [f"{site}/privacy/my-data/read/"]
    assert complaints == []
    assert narrow.evaluate("getComputedStyle(document.querySelector('dt')).fontWeight") == "600"
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    kept = narrow.content()
    assert narrow.pdf(format="A4").count(b"/Type /Page\n") >= 1
    _opened_from_a_disk(narrow, kept)


def _opened_from_a_disk(page: Page, kept: str) -> None:
    """The same page, saved: it still looks alike, and axe, which no policy keeps out here, finds nothing."""
    page.goto("about:blank")
    page.set_content(kept)
    assert page.evaluate("getComputedStyle(document.querySelector('dt')).fontWeight") == "600"
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
