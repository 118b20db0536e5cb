"""The page of one's request looks for news by itself: more and more seldom, never unseen, and it says what is new."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from matching.actions import offers
from matching.models import Offer
from tests.browser.conftest import Visitor
from tests.browser.test_pages_are_accessible import sign_in
from tests.matching import office

pytestmark = pytest.mark.django_db(transaction=True)

STEP = 15_000
MINUTE = 60_000
NEWS = "There is news about your request."


@pytest.fixture
def javascript() -> bool:
    """Without scripts a page shows what is so when it is loaded."""
    return True


@pytest.fixture
def offer(ana: User, rosa: User) -> Offer:
    return office.sent(ana, rosa)


@pytest.fixture
def waiting(visitor: Callable[[], Visitor], site: str, ana: User, offer: Offer) -> Visitor:
    """Ana's page, on which time passes only as the test says."""
    somebody = visitor()
    sign_in(somebody.page, ana, site)
    somebody.page.clock.install()
    somebody.page.goto("/request/")
    expect(somebody.page.get_by_text("Rosa M. is asked")).to_be_visible()
    return somebody


def looks(page: Page) -> list[str]:
    found: list[str] = []
    page.on("request", lambda asked: found.append(asked.url) if "seen=" in asked.url else None)
    return found


def pass_time(page: Page, milliseconds: int) -> None:
    """Let time pass on the page in steps, each with a moment in which an answer can arrive."""
    for _ in range(milliseconds // STEP):
        page.clock.run_for(STEP)
        page.wait_for_timeout(60)


def test_what_is_new_takes_its_place_and_is_said(waiting: Visitor, offer: Offer, rosa: User) -> None:
    page = waiting.page
    page.get_by_role("button", name="Withdraw my request").focus()
    offers.accept_offer(offer, by=rosa)
    pass_time(page, MINUTE)
    expect(page.get_by_text("Rosa M. said yes")).to_be_visible()
    expect(page.get_by_role("status").get_by_text(NEWS)).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "main"
    assert waiting.problems == []


def test_it_looks_more_and_more_seldom_and_says_nothing_while_nothing_is_new(waiting: Visitor) -> None:
    page = waiting.page
    found = looks(page)
    pass_time(page, 3 * MINUTE)
    early = len(found)
    assert 2 <= early <= 4
    pass_time(page, 12 * MINUTE)
    assert 1 <= len(found) - early <= 3
    expect(page.get_by_text(NEWS)).to_have_count(0)


def test_a_page_that_nobody_sees_asks_nothing_and_looks_at_once_when_it_is_seen_again(waiting: Visitor) -> None:
    page = waiting.page
    found = looks(page)
    seen(page, hidden=True)
    pass_time(page, 5 * MINUTE)
    assert found == []
    with page.expect_request(lambda asked: "seen=" in asked.url):
        seen(page, hidden=False)


def seen(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_whoever_was_signed_out_meanwhile_keeps_the_page(waiting: Visitor) -> None:
    page = waiting.page
    page.context.clear_cookies()
    pass_time(page, MINUTE)
    expect(page.get_by_text("Rosa M. is asked")).to_be_visible()
    expect(page.get_by_text(NEWS)).to_have_count(0)
