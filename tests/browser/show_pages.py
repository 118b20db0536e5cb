"""Pictures of every page: as each role of the demo, at three widths, light and dark, in three languages.

``python -m tests.browser.show_pages [ROLE ...] [--widths 320] [--schemes light] [--languages en] [--only home mfa]``
starts a demo of its own, follows the links from each role's first page to one page of each kind, and writes into
``screenshots/pages/``: a picture for each, and sheets with many on each, to be looked at. ``states`` is a role too:
one of everything that an address can name, and the pages of members in each of their moods (`tests.browser.states`).
"""

import json
import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.client import METHOD_NOT_ALLOWED
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.browser.conftest import ARGS, HEADLESS
from tests.browser.show_letters import without_servers
from tests.browser.states import LANGUAGES, Shown
from tests.ground.processes import clean_up, environment

FOLDER = Path("screenshots") / "pages"
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
STATES = "states"
FIRST = {
    "visitor": ["/", "/help-now/", "/privacy/", "/offline/", "/accounts/login/", "/accounts/signup/", "/too-young/"],
    "newcomer": ["/home/", "/request/", "/profile/", "/notices/", "/privacy/my-data/"],
    "sponsor": ["/home/", "/offers/", "/service/", "/profile/", "/days/", "/questions/"],
    "coordinator": ["/coordinate/"],
    "operator": ["/operate/"],
}
ELSEWHERE = ("/dev/", "/operators/", "/static/", "/accounts/logout", "/metrics")
ACROSS = {320: 8, 768: 4, 1280: 3}
SHOWN = 0.5
PORT = 8377

Picture = tuple[str, Path]


@contextmanager
def demo(folder: Path) -> Iterator[dict[str, str]]:
    """Run a demo whose data are in a new folder; give the address that signs in for each role."""
    command = [sys.executable, "manage.py", "demo", "--port", str(PORT)]
    process = subprocess.Popen(command, env=environment(folder), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        said = ""
        for line in process.stdout:
            said += line
            if "Press Ctrl-C" in line:
                break
        yield dict(re.findall(r"\| +(\w+): (http://localhost:\S+)", said))
    finally:
        process.terminate()
        process.communicate()
        clean_up(folder)


def found(page: Page, address: str, first: list[str]) -> dict[str, str]:
    """One path for each kind of page that links lead to from the first ones."""
    from django.urls import Resolver404, resolve

    paths: dict[str, str] = {}
    waiting = deque(first)
    while waiting:
        path = waiting.popleft()
        try:
            name = resolve(path).view_name
        except Resolver404:
            continue
        if name in paths or path.startswith(ELSEWHERE) or not is_page(page, address + path):
            continue
        page.goto(address + path)
        paths.setdefault(name, path)
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(address)]
    return paths


@dataclass(frozen=True)
class Choice:
    """Which pictures are taken."""

    widths: list[int]
    schemes: list[str]
    languages: list[str]
    only: list[str]

    def __contains__(self, name: str) -> bool:
        return any(part in name for part in self.only)


def is_page(page: Page, url: str) -> bool:
    """Whether a page is there, and neither a file to be kept nor an address that is only posted to."""
    answer = page.request.get(url)
    told = answer.headers
    return (
        answer.status != METHOD_NOT_ALLOWED
        and "text/html" in told.get("content-type", "")
        and "attachment" not in told.get("content-disposition", "")
    )


def take(context: BrowserContext, address: str, role: str, pages: list[Shown], choice: Choice) -> Iterator[Picture]:
    """A picture of each page in each language, light and dark, at each width; with the sheet that it belongs to."""
    page = context.new_page()
    for language in choice.languages:
        for one in pages:
            if one.name not in choice or one.language not in ("", language):
                continue
            if not open_as_they_see_it(page, address, one, language):
                continue
            for scheme in choice.schemes:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                for width in choice.widths:
                    page.set_viewport_size({"width": width, "height": 900})
                    picture = FOLDER / role / f"{one.name}-{width}-{scheme}-{language}.png"
                    photograph(page, picture)
                    yield f"{role}-{width}-{scheme}-{language}", picture


def photograph(page: Page, picture: Path) -> None:
    """Take a picture of a whole page. Now and then Chromium can't, under load, and can a moment later."""
    for last in (False, True):
        try:
            # Colours pass into each other when the scheme changes; the picture is of how it is then.
            page.screenshot(path=picture, full_page=True, animations="disabled")
        except Error:
            if last:
                raise
            page.wait_for_timeout(1000)
        else:
            return


def open_as_they_see_it(page: Page, address: str, one: Shown, language: str) -> bool:
    """Open a page as whoever it is for, in a language; False for an address of a file."""
    page.context.clear_cookies()
    cookies = {settings.SESSION_COOKIE_NAME: one.session, settings.LANGUAGE_COOKIE_NAME: language}
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    if one.html:
        page.route(address + one.path, lambda route: route.fulfill(body=one.html, content_type="text/html"))
    elif not is_page(page, address + one.path):
        return False
    page.goto(address + one.path)
    return True


def states(folder: Path) -> list[Shown]:
    """Lay out one of everything in the demo that runs on this folder."""
    command = [sys.executable, "-m", "tests.browser.states"]
    said = subprocess.run(
        command,
        env=environment(folder, DEMO="1", DJANGO_SETTINGS_MODULE="recovery_match.settings"),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [Shown(**json.loads(line)) for line in said.stdout.splitlines()]


def lay_out(browser: Browser, sheets: dict[str, list[Path]]) -> None:
    """Sheets of many pictures, beside each other."""
    for name, pictures in sheets.items():
        width = int(name.split("-")[1])
        shown = round(width * SHOWN)
        cells = "".join(
            f'<figure style="margin:4px;width:{shown}px"><figcaption>{escape(one.name.split("-")[0])}</figcaption>'
            f'<img src="{one.resolve().as_uri()}" style="width:{shown}px"></figure>'
            for one in pictures
        )
        html = (
            f'<body style="margin:0;font:12px sans-serif;display:flex;flex-wrap:wrap;align-items:start">{cells}</body>'
        )
        source = FOLDER / f"{name}.html"
        source.write_text(html)
        page = browser.new_page(viewport={"width": ACROSS[width] * (shown + 9), "height": 900})
        page.goto(source.resolve().as_uri())
        page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
        page.close()
        source.unlink()


def chosen() -> tuple[list[str], Choice]:
    """The roles and pictures that the command line asks for; all without a word."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("roles", nargs="*", default=[*FIRST, STATES])
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--schemes", nargs="+", default=SCHEMES)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES)
    parser.add_argument("--only", nargs="+", default=[""], help="parts of pages' names")
    told = vars(parser.parse_args())
    return told.pop("roles"), Choice(**told)


def main() -> None:
    """Write all pictures, and say of which pages."""
    roles, choice = chosen()
    without_servers()
    with (
        tempfile.TemporaryDirectory() as name,
        demo(Path(name)) as links,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=HEADLESS, args=ARGS)
        address = f"http://localhost:{PORT}"
        for role in roles:
            (FOLDER / role).mkdir(parents=True, exist_ok=True)
            context = browser.new_context(locale="en-US", service_workers="block")
            if role in links:
                context.new_page().goto(links[role])
            if role == STATES:
                pages = states(Path(name))
            else:
                paths = found(context.new_page(), address, FIRST[role])
                session = next(
                    (one["value"] for one in context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME), ""
                )
                pages = [Shown(one, path, session) for one, path in paths.items()]
            sys.stdout.write(f"{role}: {len(pages)} pages: {', '.join(one.name for one in pages)}\n")
            sheets: dict[str, list[Path]] = {}
            for sheet, picture in take(context, address, role, pages, choice):
                sheets.setdefault(sheet, []).append(picture)
            context.close()
            lay_out(browser, sheets)
        browser.close()


if __name__ == "__main__":
    main()
