"""A coordinator follows each number to the people behind it, in a browser, and counts them; and axe on the lists."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from matching.models import SponsorRequest
from tests.browser.conftest import Visitor
from tests.browser.keyboard import press
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching.round_story import crowd, preview, waits

__all__ = ["page"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rehearsed")]
OFFICE = "/coordinate/riverside"


@pytest.fixture
def busy(bea: User) -> User:
    """Twelve who wait, a round for them, and two sponsors who share no language with one of them."""
    crowd(11, 4)
    waits(first_name="Nina", languages=["pl"])
    preview(bea)
    return bea


def paths(desk: Page) -> list[tuple[str, int]]:
    """Where the numbers of a page lead, and what they say."""
    found = []
    for link in desk.locator("main td a, main dd a").all():
        number = (link.text_content() or "").split(":")[0].split()
        if number and number[0].isdigit():
            found.append((link.get_attribute("href") or "", int(number[0])))
    return found


def counted(desk: Page, url: str) -> int:
    """How many rows the list has, over all its pages."""
    desk.goto(url)
    rows = desk.locator("main tbody tr").count()
    while desk.get_by_role("link", name="Next page").count():
        desk.get_by_role("link", name="Next page").click()
        rows += desk.locator("main tbody tr").count()
    return rows


def test_each_number_has_as_many_rows_behind_it(visitor: Callable[[], Visitor], site: str, busy: User) -> None:
    one = visitor()
    desk = at_home(one, busy, site)
    request = SponsorRequest.objects.get(member__profile__languages=["pl"])
    seen = 0
    for start in (f"{OFFICE}/report/", f"{OFFICE}/rounds/", f"/coordinate/requests/{request.pk}/?look=1"):
        desk.goto(start)
        for summary in desk.locator("figure summary").all():
            press(desk, summary)
        found = paths(desk)
        assert found, start
        for url, number in found:
            assert counted(desk, url) == number, url
        seen += len(found)
    assert seen >= 4
    assert one.problems == []


def test_a_number_is_followed_to_a_person(visitor: Callable[[], Visitor], site: str, busy: User) -> None:
    one = visitor()
    desk = at_home(one, busy, site)
    desk.goto(f"{OFFICE}/rounds/")
    desk.get_by_role("link", name="See who waits").click()
    expect(desk.get_by_role("heading", name="Who waits without an offer")).to_be_visible()
    expect(desk.get_by_role("status").get_by_text("12 people")).to_be_visible()
    desk.get_by_role("link", name="Nina L.").click()
    expect(desk.get_by_role("heading", name="Nina L.")).to_be_visible()
    assert one.problems == []


def test_axe_finds_nothing_on_the_lists(page: Page, site: str, busy: User) -> None:
    request = SponsorRequest.objects.get(member__profile__languages=["pl"])
    sign_in(page, busy, site)
    lists = [f"{OFFICE}/report/people/{name}/" for name in ("asked", "pairs", "queue")]
    assert faults(page, [*lists, f"/coordinate/requests/{request.pk}/not/language/"], site) == []
