"""Every page of the access matrix as one role sees it, in every language, before axe.

Pages are rendered in this process and handed to Chromium where it would ask the site for them: no server, and no
second look at a page that another role, or another row, has shown already, names and numbers aside.
"""

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from accounts.models import User
from tests.browser import axe
from tests.security import access, visits
from tests.security.access import ROWS, World

NO_PAGES = {"calendar_feed", "manifest", "report_file", "service_worker"}
"""Files, which axe has nothing to say about."""
SITE = "http://localhost"
LONG = 1800
"""Seconds: these tests are a walk through hundreds of pages each."""
LANGUAGES = [code for code, _ in settings.LANGUAGES]
UNLIKE = re.compile(
    r"""[0-9a-f]{8}-[0-9a-f-]{27}        # an id
      | (?<=value=")[^"]*                # a field's content, and what guards its form
      | (?<=(?:href|cite)=")[^"]*        # an address
      | (?<=action=")[^"]*
      | [A-Z]\w+[ ][A-Z]\.               # somebody's name
      | \d+""",
    re.VERBOSE,
)
"""What may differ between two pages that are alike to axe."""


def kind(html: str) -> str:
    """A page without what may differ."""
    return UNLIKE.sub("", html)


def rendered(client: Client, world: World) -> Iterator[tuple[str, str, str]]:
    """The names and addresses that show this visitor a page, or say that there is none, with the HTML."""
    for name, url in visits.everywhere(world).items():
        answer = access.knock(client, "GET", url)
        if answer.status_code in (200, 404) and answer.headers["Content-Type"].startswith("text/html"):
            yield name, url, answer.content.decode()


class Reader:
    """A browser whose every request is answered from here."""

    def __init__(self, browser: Browser) -> None:
        self._context = axe.phone(browser, SITE)
        self._page: Page = self._context.new_page()
        self._html: dict[str, str] = {}
        self._context.route("**/*", self._answer)

    def close(self) -> None:
        """End it."""
        self._context.close()

    def complaints(self, url: str, html: str) -> list[str]:
        """What axe says of a page."""
        self._html = {url: html}
        self._page.goto(url)
        return axe.complaints(self._page)

    def _answer(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        if path in self._html:
            route.fulfill(body=self._html[path], content_type="text/html; charset=utf-8")
        elif file := path.startswith(settings.STATIC_URL) and finders.find(path.removeprefix(settings.STATIC_URL)):
            route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(path)[0])
        else:
            route.fulfill(status=204)


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    made = Reader(browser)
    yield made
    made.close()


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """Pages that were looked at as an earlier role."""
    return set()


def faults(reader: Reader, world: World, role: str, seen: set[str]) -> list[str]:
    """What is wrong with the pages that this role sees; ``seen`` holds those that were looked at already."""
    client, found, owed = world.client(role), [], pages_of(role)
    for language in LANGUAGES:
        User.objects.update(language=language)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for name, url, html in rendered(client, world):
            owed.discard(name)
            if kind(html) not in seen:
                seen.add(kind(html))
                found += [f"{role} {language} {url} {one}" for one in reader.complaints(url, html)]
    assert owed == set()
    return found


def pages_of(role: str) -> set[str]:
    """Names of the rows that answer this role with a page."""
    return {name for name, row in ROWS.items() if row.get[role] == access.OK} - NO_PAGES
