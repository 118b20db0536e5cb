"""Pictures of every letter: each topic in each language, on a phone, in light and dark.

``python -m tests.browser.show_letters`` writes them into ``screenshots/letters/``, many on each sheet, to be looked at.
"""

import os
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import django
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGS, HEADLESS

FOLDER = Path("screenshots") / "letters"
WIDTH, HEIGHT, ACROSS = 320, 620, 6


def sheets() -> Iterator[tuple[str, list[str]]]:
    """Sheets by name, each with its letters as pages; one for each language."""
    from matching.notices import NOTICES
    from tests.matching.letters import LANGUAGES, html_of, written

    for language in LANGUAGES:
        yield language, [html_of(written(topic, language)) for topic in NOTICES]


def take(browser: Browser, name: str, scheme: str, pages: list[str]) -> Path:
    """One picture of many letters beside each other; each in a frame, as wide as a small phone."""
    frames = "".join(
        f'<iframe srcdoc="{escape(page)}" style="width:{WIDTH}px;height:{HEIGHT}px;border:1px solid #888"></iframe>'
        for page in pages
    )
    context = browser.new_context(color_scheme=scheme, viewport={"width": ACROSS * (WIDTH + 8), "height": HEIGHT})  # type: ignore[arg-type]
    page = context.new_page()
    page.set_content(f'<body style="margin:0;color-scheme:{scheme}">{frames}</body>')
    path = FOLDER / f"{name}-{scheme}.png"
    page.screenshot(path=path, full_page=True)
    context.close()
    return path


def without_servers() -> None:
    """Set Django up for what asks no server for anything; the settings only want to see that there are some."""
    for name, value in (
        ("DJANGO_SETTINGS_MODULE", "recovery_match.settings"),
        ("RECOVERY_MATCH_LOCAL", "1"),
        ("DATABASE_URL", "postgresql://unused/unused"),
        ("REDIS_URL", "redis://unused"),
    ):
        os.environ.setdefault(name, value)
    django.setup()


def main() -> None:
    """Write all the sheets and say where they are."""
    without_servers()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=HEADLESS, args=ARGS)
        for name, pages in sheets():
            for scheme in ("light", "dark"):
                sys.stdout.write(f"{take(browser, name, scheme, pages)}\n")
        browser.close()


if __name__ == "__main__":
    main()
