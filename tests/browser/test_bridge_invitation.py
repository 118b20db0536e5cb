"""A link handed over by the office leads somebody to a first contact, or to nothing at all, in a browser."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts import clock
from accounts.models import User
from matching.models import Bridge, BridgeInvitation
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


def make_link(desk: Page) -> str:
    desk.goto("/coordinate/riverside/bridging/")
    desk.get_by_role("link", name="Ask somebody who leaves treatment").click()
    day = clock.today(factories.intergroup().zone) + timedelta(days=2)
    desk.get_by_label("Day of leaving").fill(day.isoformat())
    desk.get_by_label("They told me themselves").check()
    desk.get_by_role("button", name="Make the link").click()
    return urlsplit(desk.locator("code").last.inner_text().strip()).path


def test_a_yes_becomes_their_wish_and_a_no_leaves_nothing(
    visitor: Callable[[], Visitor], site: str, ana: User, bea: User
) -> None:
    first, second, third = visitor(), visitor(), visitor()
    desk, member = at_home(first, bea, site), at_home(second, ana, site)
    link = make_link(desk)
    member.goto(link)
    member.get_by_role("button", name="Yes, look for somebody").click()
    expect(member.get_by_text("You have asked.")).to_be_visible()
    assert Bridge.objects.get().member == ana

    link = make_link(desk)
    third.page.goto(link)
    third.page.get_by_role("button", name="No, thank you").click()
    expect(third.page.get_by_text("Nothing of this is kept")).to_be_visible()
    assert not BridgeInvitation.objects.exists()
    assert Bridge.objects.count() == 1
    assert first.problems == second.problems == third.problems == []


def test_axe_finds_nothing_on_its_pages(page: Page, site: str, bea: User) -> None:
    sign_in(page, bea, site)
    link = make_link(page)
    assert faults(page, ["/coordinate/riverside/bridging/ask/", link], site) == []
