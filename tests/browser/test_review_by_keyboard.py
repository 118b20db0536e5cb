"""A coordinator decides by keyboard alone: with letters where scripts run, and with Tab and Enter everywhere."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from matching.actions.decisions import decide
from matching.actions.review_questions import ask_in_review
from matching.models import Offer, ReviewDecision, Verdict
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.keyboard import line, press, tab_to
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching import office

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reviews(ana: User, rosa: User) -> list[Offer]:
    """Three that wait, in the order in which they came."""
    others = (office.in_review(factories.newcomer(first_name=name), rosa_like(name)) for name in ("Carla", "Dora"))
    return [office.in_review(ana, rosa), *others]


def rosa_like(name: str) -> User:
    return factories.sponsor(first_name=f"{name[0]}ina")


def at_review(offer: Offer) -> re.Pattern[str]:
    return re.compile(f"/coordinate/offers/{offer.pk}/")


def verdict(offer: Offer) -> str:
    return ReviewDecision.objects.get(offer=offer).verdict


def test_from_the_day_through_three_reviews_and_back_without_a_mouse(
    visitor: Callable[[], Visitor], javascript: bool, site: str, bea: User, reviews: list[Offer]
) -> None:
    coordinator = visitor()
    desk = coordinator.page
    sign_in(desk, bea, site)
    first, second, third = reviews

    desk.goto("/coordinate/?kind=review")
    press(desk, desk.get_by_role("link", name=line("Review", "Ana L.")))
    expect(desk).to_have_url(at_review(first))

    step(desk, javascript, "j", "Next review")
    expect(desk).to_have_url(at_review(second))
    step(desk, javascript, "j", "Next review")
    expect(desk).to_have_url(at_review(third))
    step(desk, javascript, "k", "Previous review")
    expect(desk).to_have_url(at_review(second))

    open_rejection(desk, javascript)
    tab_to(desk, desk.locator("input[name=reason]").first)
    desk.keyboard.press("Space")
    press(desk, desk.get_by_role("button", name="Don't approve, for this reason"))
    expect(desk.get_by_text("Not approved. In ten minutes")).to_be_visible()
    assert verdict(second) == Verdict.REJECT

    press(desk, desk.get_by_role("button", name=line("Take it back", "Carla L.")))
    expect(desk.get_by_text("Taken back. Nobody was told.")).to_be_visible()
    assert not ReviewDecision.objects.exists()

    press(desk, desk.get_by_role("link", name=line("Review", "Ana L.")))
    expect(desk).to_have_url(at_review(first))
    approve(desk, javascript)
    expect(desk.get_by_text("Approved. In ten minutes")).to_be_visible()
    assert verdict(first) == Verdict.APPROVE
    assert coordinator.problems == []


def step(desk: Page, javascript: bool, letter: str, words: str) -> None:
    if javascript:
        letter_key(desk, letter)
    else:
        press(desk, desk.get_by_role("link", name=words))


def letter_key(desk: Page, letter: str) -> None:
    """A letter counts once the page's script listens, which is after its address shows."""
    desk.wait_for_load_state()
    desk.keyboard.press(letter)


def open_rejection(desk: Page, javascript: bool) -> None:
    if javascript:
        letter_key(desk, "r")
    else:
        press(desk, desk.locator("summary", has_text="Don't approve"))
    expect(desk.get_by_text("Why not?")).to_be_visible()


def approve(desk: Page, javascript: bool) -> None:
    if javascript:
        letter_key(desk, "a")
    else:
        press(desk, desk.get_by_role("button", name="Approve", exact=True))


def test_letters_do_nothing_while_somebody_writes(
    visitor: Callable[[], Visitor], site: str, bea: User, reviews: list[Offer]
) -> None:
    desk = visitor().page
    sign_in(desk, bea, site)
    desk.goto(f"/coordinate/offers/{reviews[0].pk}/")
    press(desk, desk.locator("summary", has_text="Ask one of them"))
    press(desk, desk.locator("input[name=whom]").first, "Space")
    tab_to(desk, desk.get_by_label("Your question"))
    desk.keyboard.type("a rather jolly task")
    expect(desk.get_by_label("Your question")).to_have_value("a rather jolly task")
    press(desk, desk.get_by_role("button", name="Ask", exact=True))
    expect(desk.get_by_text("Waits for the answer")).to_be_visible()
    assert not ReviewDecision.objects.exists()


def test_axe_finds_nothing_on_a_review_with_a_question_and_on_a_decided_one(
    page: Page, site: str, ana: User, bea: User, reviews: list[Offer]
) -> None:
    question = ask_in_review(reviews[0], ana.pk, "Could you also meet on a Friday?", by=bea)
    decide(reviews[1], Verdict.APPROVE, by=bea)
    sign_in(page, bea, site)
    found = faults(page, [f"/coordinate/offers/{one.pk}/" for one in reviews], site)
    page.context.clear_cookies()
    sign_in(page, ana, site)
    assert found + faults(page, ["/home/", f"/questions/{question.pk}/"], site) == []
