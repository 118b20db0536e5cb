"""Going through a page by keyboard alone, as somebody does who has no mouse."""

import re

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 120


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus, and see that it shows; fail where Tab never gets there."""
    expect(target).to_be_visible()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            width = target.evaluate("one => getComputedStyle(one).outlineStyle !== 'none'")
            assert width, "The focus cannot be seen."
            return
    raise AssertionError(f"Tab never reached {target}.")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to a link or button by Tab and press it."""
    tab_to(page, target)
    page.keyboard.press(key)


def line(action: str, who: str) -> re.Pattern[str]:
    """The name of a link or button in a list, which says for whom it is to those who cannot see the line."""
    return re.compile(rf"^{re.escape(action)} ?: {re.escape(who)}$")
