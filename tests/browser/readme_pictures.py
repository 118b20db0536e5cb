"""The pictures of the README, taken anew from a demo: ``python -m tests.browser.readme_pictures``."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGS, HEADLESS
from tests.browser.show_letters import without_servers
from tests.browser.show_pages import PORT, demo

FOLDER = Path(".readme")
MOST = 150_000
"""Bytes of a picture: it is loaded by whoever reads the README, on whatever line they have."""

Way = Callable[[Page], object]


def ask(page: Page) -> None:
    """A newcomer asks, and sees who fits."""
    page.goto("/request/")
    page.get_by_role("button", name="Show me who fits").click()
    page.goto("/request/suggestions/")


def open_review(page: Page) -> None:
    """A coordinator opens the pair that has waited longest."""
    page.goto("/coordinate/?kind=review")
    page.locator("main table a").first.click()
    page.get_by_role("heading", level=1).wait_for()


SHOTS: dict[str, tuple[str, int, int, Way]] = {
    "landing": ("", 390, 1010, lambda page: page.goto("/")),
    "suggestions": ("newcomer", 1100, 780, ask),
    "review": ("coordinator", 1100, 1500, open_review),
    "today": ("coordinator", 1280, 880, lambda page: page.goto("/coordinate/")),
}
"""By the file's name: whose page, how wide and high, and the way there."""
SCALE = 0.8
"""Of a picture's pixels to the page's."""


def main() -> None:
    """Take them, and say how large each is; fail where one is too large."""
    without_servers()
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as links, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=HEADLESS, args=ARGS)
        for name, (role, width, height, way) in SHOTS.items():
            size = {"width": width, "height": height}
            context = browser.new_context(
                base_url=f"http://localhost:{PORT}",
                locale="en-US",
                viewport=size,  # type: ignore[arg-type]
                device_scale_factor=SCALE,
            )
            page = context.new_page()
            if role:
                page.goto(links[role])
            way(page)
            path = FOLDER / f"{name}.png"
            bytes_ = len(page.screenshot(path=path))
            sys.stdout.write(f"{path}: {bytes_:,} bytes\n")
            assert bytes_ <= MOST, f"{path} is too large."
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
