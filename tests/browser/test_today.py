"""The coordinator's day in a browser: one line for each kind of open thing, and each line's action leads on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts import clock
from accounts.models import Report, User
from matching.actions.reviews import approve_offer
from matching.models import Bridge, Offer, Pairing
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.keyboard import line
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching import bridges, office, round_story

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(ana: User, bea: User) -> User:
    """An office where something of nearly every kind is open, and who serves it."""
    round_story.crowd(newcomers=3, sponsors=2)
    round_story.preview(bea)
    office.in_review(ana)
    office.asked(factories.newcomer(first_name="Wilma"))
    lapsing = office.sent(factories.newcomer(first_name="Lara"))
    Offer.objects.filter(pk=lapsing.pk).update(expires_at=clock.now() + timedelta(hours=1))
    factories.sponsor(first_name="Nora", side={"approved_at": None})
    factories.sponsor(first_name="Uma", side={"confirmed_at": clock.now() - timedelta(days=40)})
    quiet = approve_offer(office.in_review(factories.newcomer(first_name="Paula")), by=bea)
    Pairing.objects.filter(pk=quiet.pk).update(quiet_at=clock.now() - timedelta(days=1))
    bridges.asked(factories.newcomer(first_name="Fay"))
    Bridge.objects.update(needs_coordinator=True)
    by, about = factories.newcomer(first_name="Greta"), factories.sponsor(first_name="Hugo")
    Report.objects.create(by=by, about=about, intergroup=factories.intergroup(), kind="other", at=clock.now())
    return bea


ACTIONS = {
    "Ana L.": ("Review", "Ana L. and "),
    "Wilma L.": ("Find a sponsor", "Wilma L."),
    "Lara L.": ("See the request", "Lara L."),
    "Nora M.": ("See application", "Nora M. would like to sponsor"),
    "Uma M.": ("See the sponsor", "Sponsors"),
    "Paula L.": ("See the pair", "Paula L. and "),
    "Fay L.": ("See who could meet them", "Fay L."),
    "Greta L.": ("See what was reported", "Something was not right with Hugo M."),
    "Everybody who waits": ("See the preview", "round of"),
}


def test_each_line_has_the_one_action_that_leads_to_its_page(
    visitor: Callable[[], Visitor], site: str, day: User
) -> None:
    coordinator = visitor()
    desk = coordinator.page
    sign_in(desk, day, site)
    for who, (action, heading) in ACTIONS.items():
        desk.goto("/coordinate/")
        desk.get_by_role("link", name=line(action, who)).first.click()
        expect(desk.get_by_role("heading", level=1)).to_contain_text(heading)
    assert coordinator.problems == []


def test_a_report_is_settled_and_leaves_the_day(visitor: Callable[[], Visitor], site: str, day: User) -> None:
    desk = visitor().page
    sign_in(desk, day, site)
    desk.goto("/coordinate/?kind=reports")
    desk.get_by_role("link", name=line("See what was reported", "Greta L.")).click()
    desk.get_by_role("button", name="We have looked into it").click()
    desk.goto("/coordinate/?kind=reports")
    expect(desk.get_by_text("Nothing waits here")).to_be_visible()


def test_the_day_is_narrowed_to_what_the_office_holds(visitor: Callable[[], Visitor], site: str, day: User) -> None:
    desk = visitor().page
    sign_in(desk, day, site)
    desk.goto("/coordinate/")
    desk.locator("summary", has_text="Show only some of them").click()
    desk.get_by_label("Held by").select_option(label="Coordinators")
    desk.get_by_role("button", name="Show", exact=True).click()
    rows = desk.locator("td[data-label='Held by']")
    expect(rows.first).to_have_text("Coordinators")
    assert set(rows.all_inner_texts()) == {"Coordinators"}


def test_axe_finds_nothing_on_a_full_day_and_on_an_empty_one(page: Page, site: str, day: User) -> None:
    report = Report.objects.get()
    sign_in(page, day, site)
    found = faults(page, ["/coordinate/", "/coordinate/?kind=decided", f"/coordinate/concerns/{report.pk}/"], site)
    assert found == []
