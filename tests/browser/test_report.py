"""The report of an office in a browser: a period, the tables behind the pictures, the sheet to print, and axe."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts import clock
from accounts.models import User
from matching.actions.reviews import approve_offer
from matching.models import ServiceEntry, ServiceKind
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.keyboard import press
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching import office

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year(bea: User) -> User:
    """Enough of everything that pictures are drawn: a dozen pairs, a dozen who wait, a dozen calls."""
    for _ in range(12):
        approve_offer(office.in_review(), by=bea)
        caller = office.asked().member
        ServiceEntry.objects.create(
            member=caller, kind=ServiceKind.CALL, on=factories.today() - timedelta(days=1), at=clock.now()
        )
    return bea


def test_pictures_have_names_and_tables_and_the_period_can_be_changed(
    visitor: Callable[[], Visitor], site: str, year: User
) -> None:
    coordinator = visitor()
    desk = coordinator.page
    sign_in(desk, year, site)
    desk.goto("/coordinate/riverside/report/")
    pictures = desk.locator("figure.figure svg")
    assert pictures.count() >= 3
    for picture in pictures.all():
        assert picture.locator("title").text_content()
        assert picture.locator("desc").text_content()
    press(desk, desk.locator("figure summary").first)
    expect(desk.locator("figure details[open] table").first).to_be_visible()
    asked = desk.get_by_text("People who asked").locator("xpath=following-sibling::dd[1]")
    # The number leads to the people behind it, and says so to whoever hears the page.
    expect(asked).to_have_text(re.compile("^24"))

    oldest = desk.get_by_label("From", exact=True).locator("option").last.get_attribute("value")
    desk.get_by_label("From", exact=True).select_option(oldest)
    desk.get_by_label("To", exact=True).select_option(oldest)
    desk.get_by_role("button", name="Show", exact=True).click()
    expect(desk.get_by_text("There is too little yet to draw.").first).to_be_visible()
    assert coordinator.problems == []


def test_the_sheet_for_the_meeting_fits_one_page_of_a4(page: Page, site: str, year: User) -> None:
    sign_in(page, year, site)
    page.goto("/coordinate/riverside/report/sheet/")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_axe_finds_nothing_on_the_report_and_its_sheet(page: Page, site: str, year: User) -> None:
    sign_in(page, year, site)
    paths = ["/coordinate/riverside/report/", "/coordinate/riverside/report/sheet/"]
    assert faults(page, paths, site) == []
