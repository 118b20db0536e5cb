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


def send(page: Page, target: Locator) -> None:
    """Press a button that sends a form, and wait for the page that answers.

    A key, unlike a click, doesn't wait for what it sets off: going elsewhere at once would meet the form still on
    its way, and what waits for something that the old page shows as well would not wait at all.
    """
    with page.expect_navigation():
        press(page, target)


def button(page: Page, words: str) -> Locator:
    """A button of the page's main part."""
    return page.get_by_role("main").get_by_role("button", name=words, exact=True)


def fill(page: Page, field: Locator, words: str) -> None:
    """Go to a field by Tab and type into it, in the place of what stands there."""
    tab_to(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def tick(page: Page, field: Locator) -> None:
    """Go to a check box or radio button by Tab and mark it."""
    press(page, field, "Space")


def choose(page: Page, one: Locator) -> None:
    """Go by Tab to a group of radio buttons, where it stops at the chosen or the first, and on by arrows."""
    name = one.get_attribute("name")
    group = page.locator(f"input[type=radio][name='{name}']")
    chosen = page.locator(f"input[type=radio][name='{name}']:checked")
    tab_to(page, chosen if chosen.count() else group.first)
    if not one.is_checked():
        page.keyboard.press("Space")
    for _ in range(group.count()):
        if not one.is_checked():
            page.keyboard.press("ArrowDown")
    expect(one).to_be_checked()


def line(action: str, who: str) -> re.Pattern[str]:
    """The name of a link or button in a list, which says for whom it is to those who cannot see the line."""
    return re.compile(rf"^{re.escape(action)} ?: {re.escape(who)}$")
