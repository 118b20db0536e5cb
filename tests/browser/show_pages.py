"""Pictures of every page: as each role of the demo, at three widths, light and dark, in three languages.

``python -m tests.browser.show_pages [ROLE ...]`` starts a demo of its own, follows the links from each role's first
page to one page of each kind, and writes into ``screenshots/pages/``: a picture for each, and sheets with many on each,
to be looked at.
"""

import re
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM
from tests.browser.show_letters import without_servers
from tests.ground.processes import clean_up, environment

FOLDER = Path("screenshots") / "pages"
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "es", "fr")
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
        answer = page.goto(address + path) if name not in paths and not path.startswith(ELSEWHERE) else None
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        paths.setdefault(name, path)
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(address)]
    return paths


def take(context: BrowserContext, address: str, role: str, paths: dict[str, str]) -> Iterator[tuple[str, Path]]:
    """A picture of each page in each language, light and dark, at each width; with the sheet that it belongs to."""
    page = context.new_page()
    for language in LANGUAGES:
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}])
        for name, path in paths.items():
            page.goto(address + path)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    picture = FOLDER / role / f"{name}-{width}-{scheme}-{language}.png"
                    page.screenshot(path=picture, full_page=True)
                    yield f"{role}-{width}-{scheme}-{language}", picture


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


def main(roles: list[str]) -> None:
    """Write all pictures, and say of which pages."""
    without_servers()
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder)) as links,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        address = f"http://localhost:{PORT}"
        for role, first in FIRST.items():
            if roles and role not in roles:
                continue
            (FOLDER / role).mkdir(parents=True, exist_ok=True)
            context = browser.new_context(locale="en-US")
            if role in links:
                context.new_page().goto(links[role])
            paths = found(context.new_page(), address, first)
            sys.stdout.write(f"{role}: {len(paths)} pages: {', '.join(paths)}\n")
            sheets: dict[str, list[Path]] = {}
            for sheet, picture in take(context, address, role, paths):
                sheets.setdefault(sheet, []).append(picture)
            context.close()
            lay_out(browser, sheets)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
