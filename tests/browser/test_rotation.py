"""A coordinator comes by invitation, serves in their scope, is handed over to, and goes at the end of the term."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts import clock
from accounts.models import Coordinator, Scope, User
from matching.actions import reviews
from matching.actions.invitations import send_invitations
from matching.actions.reports import report_partner
from tests import factories
from tests.browser.conftest import Visitor, code_in_mail
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching import office as stories
from tests.security import signing_in

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)

CARLA = "carla@example.org"


def test_from_the_invitation_to_the_end_of_the_term(
    visitor: Callable[[], Visitor], site: str, ana: User, rosa: User, bea: User
) -> None:
    pairing = reviews.approve_offer(stories.in_review(ana, rosa), by=bea)
    report_partner(pairing, by=ana, kind="other")
    factories.newcomer(user=factories.account(email=CARLA), first_name="Carla", initial="D")
    first, second = visitor(), visitor()
    desk, successor = at_home(first, bea, site), second.page

    invite(desk, scope=str(Scope.SAFETY.label))
    accept(successor)
    expect(successor.get_by_role("heading", name="What waits")).to_be_visible()
    expect(successor.get_by_role("link", name="See what was reported")).to_be_visible()
    for link in ("Settings", "First contacts", "Match everybody who waits"):
        expect(successor.get_by_role("link", name=link)).to_have_count(0)
    for path in ("settings", "rounds", "bridging"):
        answer = successor.goto(f"/coordinate/riverside/{path}/")
        assert answer is not None
        assert answer.status == 404, path
    second.problems.clear()  # the browser reports the three pages that do not exist, and nothing else may follow

    desk.goto("/coordinate/riverside/handover/")
    expect(desk.get_by_role("listitem").filter(has_text="Carla D.").first).to_be_visible()
    expect(desk.get_by_text("What a successor must know")).to_be_visible()

    yesterday = clock.today(factories.intergroup().zone) - timedelta(days=1)
    Coordinator.objects.filter(user__email=CARLA).update(starts_on=yesterday, ends_on=yesterday)
    successor.goto("/home/")
    expect(successor.get_by_role("link", name="Coordinate")).to_have_count(0)
    assert first.problems == second.problems == []
    ended = successor.goto("/coordinate/")
    assert ended is not None
    assert ended.status == 404


def invite(desk: Page, *, scope: str) -> None:
    desk.goto("/coordinate/")
    desk.get_by_role("link", name="Coordinators").click()
    form = desk.locator("form", has=desk.get_by_role("button", name="Send the invitation"))
    form.get_by_label("Their e-mail address").fill(CARLA)
    for one in Scope:
        form.get_by_label(str(one.label)).set_checked(str(one.label) == scope)
    form.locator("input[name=ends_on]").fill((factories.today() + timedelta(days=90)).isoformat())
    form.get_by_role("button", name="Send the invitation").click()
    expect(desk.get_by_text("The invitation goes out now.")).to_be_visible()
    assert send_invitations() == 1


def accept(page: Page) -> None:
    """Open the link of the mail, sign in by a code, set up an app as the second step, say yes."""
    found = re.search(r"https?://\S+/i/\S+", str(mail.outbox[-1].body))
    assert found
    page.goto(urlsplit(found[0]).path)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.goto("/accounts/login/code/?next=/invitation/")
    page.get_by_label("E-mail address").fill(CARLA)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_in_mail(CARLA))
    page.locator("main form").first.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name=re.compile("Would you like to serve"))).to_be_visible()
    expect(page.get_by_role("button", name="Yes, I will serve")).to_have_count(0)
    page.get_by_role("link", name="Set up the second step").click()
    page.get_by_role("link", name="Set it up").click()
    secret = page.locator("#authenticator_secret").inner_text().replace(" ", "")
    page.locator("main input[name=code]").fill(signing_in.app_code(secret))
    page.locator("main form").first.get_by_role("button").first.click()
    page.goto("/invitation/")
    page.get_by_role("button", name="Yes, I will serve").click()


def test_axe_finds_nothing_on_its_pages(page: Page, site: str, bea: User) -> None:
    sign_in(page, bea, site)
    paths = [f"/coordinate/riverside/{path}/" for path in ("coordinators", "handover", "step-down")]
    assert faults(page, paths, site) == []
