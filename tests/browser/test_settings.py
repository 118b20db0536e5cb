"""A coordinator tries settings out, saves them and takes them back, in a browser; and axe on the pages of settings."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts import clock
from accounts.models import Policy, User
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching import office as stories

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)

SETTINGS = "/coordinate/riverside/settings/"


def policy() -> Policy:
    return Policy.objects.get(pk=factories.intergroup().pk)


def save(desk: Page) -> None:
    desk.get_by_role("button", name="Save these settings").click()
    expect(desk.get_by_text("Saved. You can take it back below.")).to_be_visible()


def take_back(desk: Page) -> None:
    desk.locator("summary", has_text="Take back").first.click()
    desk.get_by_role("button", name="Yes, take it back").first.click()
    expect(desk.get_by_text("Taken back.", exact=True)).to_be_visible()


def test_fellowships_words_and_numbers_are_tried_saved_and_taken_back(
    visitor: Callable[[], Visitor], site: str, ana: User, bea: User
) -> None:
    factories.sponsor(recovery_date=factories.today() - timedelta(days=200))
    stories.asked(factories.newcomer(first_name="Nina"))
    first, second = visitor(), visitor()
    desk, member = at_home(first, bea, site), at_home(second, ana, site)

    # The first round that a process works out makes its engine ready, which takes a while on a busy machine.
    desk.set_default_timeout(60_000)
    desk.goto(SETTINGS)
    desk.get_by_role("link", name="Fellowships").click()
    desk.get_by_label("Days before somebody may sponsor").fill("180")
    desk.get_by_role("button", name="See what would change").click()
    expect(desk.get_by_text("180 days are asked instead of 365")).to_be_visible()
    assert policy().minimum_days == {}
    save(desk)
    assert policy().minimum_days == {"aa": 180}
    take_back(desk)
    assert policy().minimum_days == {}

    desk.get_by_role("link", name="Your own words").click()
    desk.locator("input[name=letters-en]").fill("See you at the meeting.")
    desk.get_by_role("button", name="See how it would stand").click()
    expect(desk.get_by_role("alert").get_by_text("what it is about: meeting. Leave them out.")).to_be_visible()
    desk.locator("input[name=letters-en]").fill("The office is open on Fridays.")
    desk.locator("textarea[name=welcome-en]").fill("Coffee on Sundays.")
    desk.get_by_role("button", name="See how it would stand").click()
    save(desk)
    member.goto("/home/")
    expect(member.get_by_text("Coffee on Sundays.")).to_be_visible()

    desk.get_by_role("link", name="Local numbers").click()
    for name, value in {
        "name": "Night line",
        "number": "555 010 0100",
        "source": "a call",
        "reviewed": clock.today(factories.intergroup().zone).isoformat(),
    }.items():
        desk.locator(f"input[name={name}-0]").fill(value)
    desk.get_by_role("button", name="See how it would stand").click()
    save(desk)
    member.goto("/home/")
    expect(member.get_by_role("link", name="555 010 0100")).to_be_visible()
    take_back(desk)
    member.goto("/help-now/")
    expect(member.get_by_role("link", name="555 010 0100")).to_have_count(0)
    first.problems[:] = [line for line in first.problems if "422" not in line]
    assert first.problems == second.problems == []


def test_axe_finds_nothing_on_the_pages_of_settings(page: Page, site: str, bea: User) -> None:
    line = {"name": "Night line", "number": "555 0100", "by_text": True, "source": "a call", "reviewed": "2020-01-01"}
    words = {"welcome": {"en": "Coffee on Sundays."}, "letters": {"en": "The office is open on Fridays."}}
    Policy.objects.update(crisis_lines=[line], texts=words)
    sign_in(page, bea, site)
    paths = [SETTINGS, *(f"{SETTINGS}{part}/" for part in ("fellowships", "words", "numbers"))]
    assert faults(page, [*paths, "/coordinate/", "/home/", "/help-now/", "/offline/"], site) == []
