"""A first contact from the ask to the offer of a sponsor, in a browser; and axe on its pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from matching.models import Bridge, SponsorRequest
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.conftest import signed_in
from tests.matching import bridges

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


def at_home(visitor: Visitor, user: User, site: str) -> Page:
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return visitor.page


def test_two_find_each_other_meet_and_part(
    visitor: Callable[[], Visitor], site: str, ana: User, rosa: User, bea: User
) -> None:
    first, second, third = visitor(), visitor(), visitor()
    wanda = factories.profile(first_name="Wanda", looking=False).user
    volunteer, newcomer, office = at_home(first, wanda, site), at_home(second, ana, site), at_home(third, bea, site)

    volunteer.goto("/bridging/")
    volunteer.get_by_role("button", name="I can do that").click()
    office.goto("/coordinate/riverside/bridging/")
    office.get_by_role("button", name="They may meet people").click()

    newcomer.goto("/request/")
    newcomer.get_by_role("link", name="Do you leave treatment soon?").click()
    newcomer.get_by_label("Which day do you leave").fill((factories.today() + timedelta(days=1)).isoformat())
    newcomer.get_by_role("button", name="Look for a volunteer").click()
    expect(newcomer.get_by_text("Volunteers who fit have been told")).to_be_visible()

    volunteer.goto("/bridging/")
    volunteer.get_by_role("button", name="I can be there").click()
    newcomer.goto("/home/")
    newcomer.get_by_role("link", name="Look and answer").click()
    newcomer.get_by_role("button", name="Yes, put us in touch").click()
    expect(newcomer.get_by_role("heading", name="How to reach Wanda L.")).to_be_visible()

    volunteer.goto("/home/")
    volunteer.get_by_role("link", name="Go to your shared page").click()
    volunteer.get_by_role("button", name="We met today").click()
    expect(volunteer.get_by_text("You have met 1 of up to 6 times")).to_be_visible()
    newcomer.reload()
    newcomer.get_by_role("button", name="End it", exact=True).click()
    newcomer.get_by_role("button", name="Look for a sponsor").click()
    expect(newcomer.get_by_role("heading", name="Rosa M.")).to_be_visible()
    assert SponsorRequest.objects.get().member == ana
    assert first.problems == second.problems == third.problems == []


def test_axe_finds_nothing_on_its_pages(page: Page, site: str, ana: User, rosa: User, bea: User) -> None:
    vera = bridges.volunteer(bea)
    factories.profile(first_name="Wanda", looking=False)
    sign_in(page, ana, site)
    assert faults(page, ["/bridge/"], site) == []
    bridge = bridges.offered(ana, vera)
    assert faults(page, ["/bridge/", "/home/"], site) == []
    page.context.clear_cookies()
    sign_in(page, vera, site)
    bridges.asked(factories.newcomer(first_name="Nina"))
    assert faults(page, ["/bridging/", f"/bridging/{bridge.pk}/"], site) == []
    page.context.clear_cookies()
    sign_in(page, bea, site)
    week = f"?week={bridge.leaves_on:%Y-%m-%d}"
    waits = Bridge.objects.get(member__profile__first_name="Nina")
    paths = [f"/coordinate/riverside/bridging/{week}", f"/coordinate/bridging/{waits.pk}/", "/coordinate/"]
    assert faults(page, paths, site) == []
