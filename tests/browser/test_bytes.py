"""What a page costs over the wire, with an empty cache and with a full one: budgets for old phones with little data.

Files below /static/ are sent as whitenoise sends them in production, compressed beforehand; here their size is worked
out from what the browser asked for, since the test's server sends them as they are. With gzip: brotli makes them
smaller still.
"""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Response

from accounts.models import User
from matching.actions import requests
from tests import factories
from tests.browser.test_pages_are_accessible import sign_in
from tests.matching import office

pytestmark = pytest.mark.django_db(transaction=True)

KB = 1024
LANDING, OTHERS, WARM = 60 * KB, 90 * KB, 14 * KB
STYLES = 20 * KB
HEADERS = 400
"""Of an answer, generously: HTTP/2 sends most of them once."""
READY = re.compile(r"\.(woff2|png)$")
"""Compressed already."""


@pytest.fixture
def page(browser: Browser, site: str) -> Page:
    """A browser that has never been here."""
    return browser.new_context(base_url=site, locale="en-US").new_page()


def cost(answer: Response) -> int:
    path = answer.url.split("?")[0]
    if not path.split("/", 3)[3].startswith("static/"):
        return int(answer.header_value("content-length") or len(answer.body())) + HEADERS
    body = answer.body()
    return HEADERS + (len(body) if READY.search(path) else len(gzip.compress(body)))


def visited(page: Page, path: str) -> list[Response]:
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    page.goto(path, wait_until="networkidle")
    page.remove_listener("response", keep)
    return answers


def costs(page: Page, path: str) -> tuple[int, int]:
    """With an empty cache; and with everything below /static/ kept, as its names change with its content."""
    answers = visited(page, path)
    cold = sum(map(cost, answers))
    return cold, sum(cost(one) for one in answers if "/static/" not in one.url)


def test_the_styles_together_stay_small() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "css"
    styles = [one for one in folder.glob("*.css") if one.name != "demo.css"]
    assert sum(len(gzip.compress(one.read_bytes())) for one in styles) <= STYLES


def test_the_landing_page_costs_little_and_comes_without_htmx(page: Page, site: str) -> None:
    answers = visited(page, "/")
    assert not [one.url for one in answers if "htmx" in one.url]
    assert [one.url for one in answers if one.url.endswith("woff2")]
    assert sum(map(cost, answers)) <= LANDING
    assert sum(cost(one) for one in answers if "/static/" not in one.url) <= WARM


def newcomer(site: str, page: Page) -> list[str]:
    member = factories.newcomer()
    for _ in range(6):
        factories.sponsor()
    requests.ask(member, by=member)
    sign_in(page, member, site)
    return ["/home/", "/request/suggestions/", "/profile/", "/profile/week/", "/service/", "/privacy/my-data/"]


def coordinator(site: str, page: Page) -> list[str]:
    bea: User = factories.coordinator()
    for _ in range(30):
        offer = office.in_review()
        office.asked()
    sign_in(page, bea, site)
    return ["/coordinate/", "/coordinate/sponsors/", f"/coordinate/offers/{offer.pk}/", "/coordinate/riverside/report/"]


def visitor(site: str, page: Page) -> list[str]:
    return ["/help-now/", "/accounts/login/", "/accounts/signup/", "/privacy/"]


@pytest.mark.parametrize("who", [visitor, newcomer, coordinator])
def test_every_other_page_stays_within_its_budget(page: Page, site: str, who: Callable[[str, Page], list[str]]) -> None:
    measured = {path: costs_in_a_new_cache(page, path) for path in who(site, page)}
    assert {path: cold for path, (cold, _) in measured.items() if cold > OTHERS} == {}
    assert {path: warm for path, (_, warm) in measured.items() if warm > WARM} == {}


def costs_in_a_new_cache(page: Page, path: str) -> tuple[int, int]:
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    session.detach()
    return costs(page, path)


def test_a_page_that_is_too_large_is_noticed(page: Page, site: str) -> None:
    page.route("**/css/pages.css", lambda route: route.fulfill(body=noise(), content_type="text/css"))
    assert costs(page, "/")[0] > LANDING


def noise() -> bytes:
    """Nothing that compression could make smaller."""
    return Random(1).randbytes(40 * KB)
