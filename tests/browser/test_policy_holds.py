"""S6 and S18: Chromium on every page as everybody: the policy is never broken, and no other host is ever asked."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import Settings

from tests.security import access, visits
from tests.security.access import IN, OK, ROLES, World

pytestmark = pytest.mark.django_db(transaction=True)

DOWNLOADS = {"calendar_feed", "report_file", "report_sheet", "mfa_download_recovery_codes"}
"""Files, which a browser saves and does not show."""
TELL = "document.addEventListener('securitypolicyviolation', one => console.error('POLICY ' + one.violatedDirective))"


class Guard:
    """Watches all pages of a browser: what the policy refused, and what was asked of another host."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.site = site
        self.found: list[str] = []
        self.context: BrowserContext = browser.new_context(base_url=site)
        self.context.set_default_timeout(30_000)
        self.context.add_init_script(TELL)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda line: self._said(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self._said(str(error)))
        self.context.on("request", lambda asked: self._asked(asked.url))

    def _said(self, text: str) -> None:
        # A page that answers 404 or 405 to somebody is written about as well; who may see what is for S1.
        if not text.startswith("Failed to load resource"):
            self.found.append(f"{self.page.url}: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site, "data:", "blob:")):
            self.found.append(f"{self.page.url} asked {url}")

    def sign_in(self, world: World, role: str) -> None:
        name = settings.SESSION_COOKIE_NAME
        if role not in ("anonymous", "suspended"):
            session = world.client(role).cookies[name].value
            self.context.add_cookies([{"name": name, "value": session, "url": self.site}])

    def look_at(self, url: str) -> None:
        """Open a page, scroll through it, open what is folded."""
        self.page.goto(url, wait_until="load")
        self.page.mouse.wheel(0, 4000)
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


@pytest.fixture
def guard(browser: Browser, site: str) -> Iterator[Guard]:
    made = Guard(browser, site)
    yield made
    made.context.close()


def shown(world: World, role: str) -> list[str]:
    """The addresses that show somebody in this role a page; what they may not see is one page for all."""
    pages = visits.everywhere(world)
    mine = {name for name, row in access.ROWS.items() if row.get[role] in (OK, IN)} | access.SIGNING_IN
    if role not in ("anonymous", "suspended"):
        mine |= access.SIGNED_IN - {"mfa_remove_webauthn", "mfa_edit_webauthn", "password_remove"}
    # Whoever signs out here would see the rest as a stranger.
    return [url for name, url in pages.items() if name in {*mine, "nowhere"} - DOWNLOADS - {"account_logout"}]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_the_policy_or_asks_another_host(role: str, guard: Guard) -> None:
    world = access.world()
    guard.sign_in(world, role)
    pages = shown(world, role)
    assert len(pages) >= (20 if role in ("anonymous", "suspended", "staff") else 50)
    for url in pages:
        guard.look_at(url)
    assert guard.found == []


def test_the_pages_that_are_looked_at_are_there(guard: Guard) -> None:
    """Somebody signed in is signed in for the browser as well."""
    world = access.world()
    guard.sign_in(world, "here")
    guard.look_at("/coordinate/")
    assert guard.page.url.endswith("/coordinate/")
    guard.page.goto("/nowhere/")
    assert guard.found == []


def test_control_a_stricter_policy_is_broken_by_the_first_page(guard: Guard, settings: Settings) -> None:
    """The negative control of S6: under a policy that forbids our own style sheets each page complains."""
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]}}
    settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["style-src"] = ["'none'"]
    guard.look_at("/")
    assert any("POLICY style-src" in one for one in guard.found)


def test_control_a_picture_of_another_host_would_be_noticed(guard: Guard, settings: Settings) -> None:
    """The negative control of S18: a page that names one, under a policy that lets it."""
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]}}
    settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] = ["*"]
    guard.page.goto("/")
    guard.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://counter.example/x.png'}))")
    guard.page.wait_for_timeout(200)
    assert any("counter.example" in one for one in guard.found)
