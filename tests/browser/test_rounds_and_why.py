"""A round that is cancelled, weights side by side, and whom to look for: in a browser, and axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import User
from matching.actions import recruiting
from matching.engine import DEFAULT_WEIGHTS
from matching.models import Recruiting, Round
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching.round_story import crowd, preview

__all__ = ["page"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rehearsed")]
OFFICE = "/coordinate/riverside"


def test_a_round_is_cancelled_while_it_is_worked_out(visitor: Callable[[], Visitor], site: str, bea: User) -> None:
    """Nobody works here: the page says how far it is until it is told to stop."""
    crowd(4, 2)
    one = visitor()
    desk = at_home(one, bea, site)
    desk.goto(f"{OFFICE}/rounds/")
    desk.get_by_role("button", name="Make a preview").click()
    expect(desk.get_by_text("Everybody who waits is being gathered.")).to_be_visible()
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.get_by_text("Cancelled. Nothing of it is kept, and nobody was told.")).to_be_visible()
    assert Round.objects.get().state == "cancelled"
    assert one.problems == []


def test_a_search_for_sponsors_is_cancelled(
    visitor: Callable[[], Visitor], site: str, bea: User, settings: Settings
) -> None:
    settings.PAIRS_AT_ONCE = -1
    crowd(4, 2)
    one = visitor()
    desk = at_home(one, bea, site)
    desk.goto(f"{OFFICE}/why/")
    desk.get_by_role("button", name="Work it out").click()
    expect(desk.get_by_text("It is being worked out.")).to_be_visible()
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.get_by_text("Cancelled. Nothing of it is kept, and nobody was told.")).to_be_visible()
    expect(desk.get_by_role("button", name="Work it out")).to_be_visible()
    assert Recruiting.objects.get().state == "cancelled"
    assert one.problems == []


def test_settings_are_compared_before_anything_is_saved(visitor: Callable[[], Visitor], site: str, bea: User) -> None:
    crowd(4, 2)
    one = visitor()
    desk = at_home(one, bea, site)
    desk.goto(f"{OFFICE}/weights/")
    desk.get_by_label("Nearness, Setting A").fill("60")
    desk.get_by_role("button", name="Compare").click()
    expect(desk.get_by_role("heading", name="Who would be with somebody else")).to_be_visible()
    assert not Round.objects.exists()
    assert one.problems == []


def test_an_office_finds_whom_to_look_for(visitor: Callable[[], Visitor], site: str, bea: User) -> None:
    crowd(12, 2)
    one = visitor()
    desk = at_home(one, bea, site)
    desk.goto("/coordinate/")
    desk.get_by_role("link", name="Why nobody?").click()
    desk.get_by_role("button", name="Work it out").click()
    expect(desk.get_by_role("heading", name="Whom you could look for")).to_be_visible()
    desk.get_by_label("How many people could you ask?").fill("1")
    desk.get_by_role("button", name="Show").click()
    expect(desk.get_by_text("Together: 2 more people would be served.")).to_be_visible()
    desk.get_by_role("link", name="A page to print and read out at a meeting").click()
    expect(desk.get_by_role("heading", name="Riverside Intergroup looks for sponsors")).to_be_visible()
    assert one.problems == []


def test_axe_finds_nothing_on_their_pages(page: Page, site: str, bea: User) -> None:
    crowd(12, 4)
    round_ = preview(bea)
    recruiting.ask(factories.intergroup(), by=bea)
    points = "&".join(f"{name}-{one.value}={value}" for name in "ab" for one, value in DEFAULT_WEIGHTS.items())
    sign_in(page, bea, site)
    paths = [f"/coordinate/rounds/{round_.pk}/{part}" for part in ("", "?part=left")]
    paths += [f"{OFFICE}/why/", f"{OFFICE}/why/sheet/?number=10", f"{OFFICE}/weights/?try=1&{points}"]
    assert faults(page, paths, site) == []
