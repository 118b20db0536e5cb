"""axe on a page as narrow as a phone's: every rule in the light, then what depends on colours in the dark."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

WIDTH, HEIGHT = 320, 800
WIDER = (768, 1060, 1210)
"""A tablet upright and lying, and a screen on which every table just has room for its columns."""

OF_COLOURS = ["color-contrast", "link-in-text-block"]
UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"


def phone(browser: Browser, site: str) -> BrowserContext:
    """A narrow screen. axe is injected, which the policy of the site forbids: it is bypassed here only."""
    return browser.new_context(
        base_url=site, viewport={"width": WIDTH, "height": HEIGHT}, bypass_csp=True, reduced_motion="reduce"
    )


def complaints(page: Page) -> list[str]:
    """What is wrong with the page that is shown, with all that is folded open: rules by their name, and where."""
    page.evaluate(UNFOLD)
    page.evaluate(AXE_SCRIPT)
    page.emulate_media(color_scheme="light")
    found = _asked(page, {})
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in _asked(page, {"runOnly": OF_COLOURS})]
    # What is too wide for a tablet is a table: other pages are not laid out four times.
    widths = (*WIDER, WIDTH) if page.locator("table").count() else (WIDTH,)
    return found + [f"scrolls sideways at {width} px" for width in widths if _scrolls(page, width)]


def _scrolls(page: Page, width: int) -> bool:
    if page.viewport_size != {"width": width, "height": HEIGHT}:
        page.set_viewport_size({"width": width, "height": HEIGHT})
    return int(page.evaluate("document.documentElement.scrollWidth")) > width


def _asked(page: Page, options: dict[str, Any]) -> list[str]:
    chosen = json.dumps({"resultTypes": ["violations"], **options})
    violations = page.evaluate(f"axe.run({chosen}).then(found => found.violations)")
    return [f"{one['id']} {', '.join(str(node['target'][0]) for node in one['nodes'][:3])}" for one in violations]
