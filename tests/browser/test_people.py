"""The people of an office in a browser: found by a misspelt name, filtered, opened; and axe on these pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching import office, story

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_is_found_by_a_misspelt_name_and_sees_who_looked(
    visitor: Callable[[], Visitor], site: str, bea: User, rosa: User
) -> None:
    first, second = visitor(), visitor()
    ruth = factories.sponsor(first_name="Ruth")
    desk, theirs = at_home(first, bea, site), at_home(second, ruth, site)

    desk.goto("/coordinate/")
    desk.get_by_role("link", name="All sponsors").click()
    desk.get_by_label("Name", exact=True).fill("Roth")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Names like “Roth”, the closest first.")).to_be_visible()
    assert "roth" not in desk.url.lower()
    expect(desk.locator("tbody th").first).to_contain_text("Ruth M.")
    desk.get_by_role("link", name="Ruth M.").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Ruth M.")).to_be_visible()
    desk.get_by_role("link", name="All sponsors").click()
    desk.get_by_role("button", name="Clear the search").click()
    expect(desk.get_by_role("link", name="Rosa M.")).to_be_visible()

    theirs.goto("/privacy/my-data/")
    # Once for the page, and once for the list in which they stood.
    expect(theirs.get_by_text("A coordinator,")).to_have_count(2)
    assert first.problems == second.problems == []


def test_newcomers_are_filtered_by_the_address(visitor: Callable[[], Visitor], site: str, bea: User, ana: User) -> None:
    factories.newcomer(first_name="Nina", languages=["es"])
    office.asked(ana)
    first = visitor()
    desk = at_home(first, bea, site)
    desk.goto("/coordinate/newcomers/")
    desk.get_by_text("Filter and sort").click()
    desk.get_by_role("combobox", name="Language").select_option("Spanish")
    desk.get_by_role("button", name="Show", exact=True).click()
    expect(desk.get_by_text("1 newcomer", exact=True)).to_be_visible()
    assert "language=es" in desk.url
    desk.get_by_role("link", name="Show all").click()
    desk.get_by_role("link", name="Ana L.").click()
    desk.get_by_role("link", name="See the request").click()
    expect(desk.get_by_role("heading", name="Ana L.")).to_be_visible()
    assert first.problems == []


def test_axe_finds_nothing_on_these_pages(page: Page, site: str, ana: User, rosa: User, bea: User) -> None:
    story.paired(ana, rosa, bea)
    nina = factories.newcomer(first_name="Nina")
    office.asked(nina)
    sign_in(page, bea, site)
    lists = ["/coordinate/newcomers/?language=en", "/coordinate/sponsors/?state=full"]
    people = [f"/coordinate/people/{one.pk}/" for one in (ana, rosa, nina)]
    assert faults(page, [*lists, *people], site) == []
    page.goto("/coordinate/sponsors/")
    page.get_by_role("searchbox").fill("Rsoa")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rsoa")).to_be_visible()
    assert faults(page, ["/coordinate/sponsors/"], site) == []
