"""People suggested are put in order by buttons, by dragging, or in the lists of places: all three say the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from matching.actions import requests
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.keyboard import line, press
from tests.browser.test_pages_are_accessible import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Rosa M.", "Ruth M.", "Rita M.")


@pytest.fixture
def javascript() -> bool:
    """Buttons and grips are there for those only who have scripts; the lists of places are tested with the flows."""
    return True


@pytest.fixture
def choosing(visitor: Callable[[], Visitor], site: str, ana: User) -> Visitor:
    """Ana's page with three people on it."""
    for name in NAMES:
        factories.sponsor(first_name=name.split()[0])
    requests.ask(ana, by=ana)
    somebody = visitor()
    sign_in(somebody.page, ana, site)
    somebody.page.goto("/request/suggestions/")
    expect(cards(somebody.page)).to_have_count(3)
    return somebody


def cards(page: Page) -> Locator:
    return page.locator("[data-rank]")


def shown(page: Page) -> list[str]:
    found: list[str] = cards(page).evaluate_all("all => all.map(one => one.dataset.rank)")
    return found


def places(page: Page) -> dict[str, str]:
    found: dict[str, str] = cards(page).evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.dataset.rank, one.querySelector('select').value]))"
    )
    return found


def button(page: Page, words: str, name: str) -> Locator:
    return page.get_by_role("button", name=line(words, name))


def test_by_buttons_with_the_keyboard_each_press_is_said(choosing: Visitor) -> None:
    page = choosing.page
    first, second, third = shown(page)
    says = page.locator("[data-rank-says]")
    press(page, button(page, "Move up", third))
    expect(says).to_have_text(f"{third}: First choice")
    assert shown(page) == [third, first, second]
    expect(button(page, "Move up", third)).to_be_focused()
    press(page, button(page, "Move up", second))
    expect(says).to_have_text(f"{second}: Second choice")
    page.keyboard.press("Enter")
    expect(says).to_have_text(f"{second}: First choice")
    assert places(page) == {second: "1", third: "2", first: "0"}
    press(page, button(page, "Move down", second))
    expect(says).to_have_text(f"{second}: Second choice")
    page.keyboard.press("Enter")
    expect(says).to_have_text(f"{second}: Not now")
    assert places(page) == {third: "1", second: "0", first: "0"}
    press(page, page.get_by_role("button", name="Ask in this order"))
    expect(page.get_by_text(f"{third} is asked now.")).to_be_visible()
    assert choosing.problems == []


def test_by_dragging_a_card_above_another_one(choosing: Visitor) -> None:
    page = choosing.page
    first, second, third = shown(page)
    drag(page, grip(page, third), above=page.locator(f"[data-rank='{first}']"))
    assert places(page) == {third: "1", first: "0", second: "0"}
    drag(page, grip(page, second), above=page.locator(f"[data-rank='{third}']"))
    assert places(page) == {second: "1", third: "2", first: "0"}
    assert shown(page) == [second, third, first]
    assert choosing.problems == []


def grip(page: Page, name: str) -> Locator:
    return page.locator(f"[data-rank='{name}'] [data-rank-grip]")


def drag(page: Page, held: Locator, *, above: Locator) -> None:
    held.scroll_into_view_if_needed()
    start, goal = held.bounding_box(), above.bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(goal["x"] + 5, goal["y"] + 5, steps=8)
    page.mouse.up()


def test_a_place_chosen_twice_in_the_lists_makes_the_other_move_along(choosing: Visitor) -> None:
    page = choosing.page
    first, second, _ = shown(page)
    page.locator(f"[data-rank='{first}'] select").select_option("1")
    page.locator(f"[data-rank='{second}'] select").select_option("1")
    assert places(page)[second] == "1"
    assert places(page)[first] == "2"


def test_what_was_refused_comes_back_in_the_order_that_was_sent(choosing: Visitor) -> None:
    page = choosing.page
    page.get_by_role("button", name="Ask in this order").click()
    expect(page.get_by_text("Choose at least one person").first).to_be_visible()
    assert set(places(page).values()) == {"0"}
