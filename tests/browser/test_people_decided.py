"""What an office decides about somebody, in a browser: an application, a pause, a suspension, stepping down."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Policy, Sponsor, User
from matching.actions import applications, handovers, suspensions
from matching.models import SponsorRequest
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.matching import story

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_application_from_the_day_to_the_yes(visitor: Callable[[], Visitor], site: str, bea: User) -> None:
    Policy.objects.update(checklist=["talk", "conduct"])
    factories.sponsor(first_name="Zoe", side={"approved_at": None})
    first = visitor()
    desk = at_home(first, bea, site)
    desk.goto("/coordinate/?kind=sponsors")
    desk.get_by_role("link", name="See application").click()
    expect(desk.get_by_role("heading", name="Zoe M. would like to sponsor")).to_be_visible()
    desk.get_by_label("A coordinator has talked with them").focus()
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="Save the ticks").click()
    expect(desk.get_by_role("button", name="Approve Zoe M.")).to_have_count(0)
    desk.get_by_label("They have read the code of conduct").check()
    desk.get_by_role("button", name="Save the ticks").click()
    desk.get_by_text("Not for now", exact=True).click()
    desk.get_by_role("button", name="Yes, not for now").click()
    desk.get_by_role("button", name="Take it back").click()
    desk.get_by_role("button", name="Approve Zoe M.").click()
    expect(desk.get_by_text("Zoe M. may sponsor now.")).to_be_visible()
    assert Sponsor.objects.get().approved_by == bea
    assert first.problems == []


def test_a_pause_then_stepping_down_by_keyboard(
    visitor: Callable[[], Visitor], site: str, bea: User, ana: User, rosa: User
) -> None:
    story.paired(ana, rosa, bea)
    first = visitor()
    desk = at_home(first, bea, site)
    desk.goto(f"/coordinate/people/{rosa.pk}/")
    desk.get_by_text("Pause", exact=True).focus()
    desk.keyboard.press("Enter")
    desk.get_by_label("Until").fill((factories.today() + timedelta(days=9)).isoformat())
    desk.get_by_role("button", name="Pause until then").click()
    expect(desk.get_by_text("By the office, until")).to_be_visible()
    desk.get_by_role("button", name="End the pause").click()
    desk.get_by_role("link", name="They step down").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("listitem").filter(has_text="Ana L.")).to_be_visible()
    desk.get_by_text("They step down", exact=True).focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Yes, hand everybody on").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status").get_by_text("Done for 1 of 1.")).to_be_visible()
    assert SponsorRequest.objects.live().get().member == ana
    assert first.problems == []


def test_a_suspension_and_its_end(visitor: Callable[[], Visitor], site: str, bea: User, rosa: User) -> None:
    first = visitor()
    desk = at_home(first, bea, site)
    desk.goto(f"/coordinate/people/{rosa.pk}/")
    desk.get_by_role("link", name="Suspend this person").click()
    desk.get_by_label("Why?").fill("Pressed somebody after a no.")
    desk.get_by_role("button", name="Suspend them now").click()
    expect(desk.get_by_role("heading", name="Rosa M. is suspended")).to_be_visible()
    desk.get_by_text("Let them in again", exact=True).click()
    desk.get_by_role("button", name="Yes, let them in").click()
    expect(desk.get_by_text("They can sign in again.")).to_be_visible()
    rosa.refresh_from_db()
    assert rosa.is_active
    assert first.problems == []


def test_axe_finds_nothing_on_these_pages(page: Page, site: str, ana: User, rosa: User, bea: User) -> None:
    Policy.objects.update(checklist=["talk"])
    zoe = factories.sponsor(first_name="Zoe", side={"approved_at": None})
    yara = factories.sponsor(first_name="Yara", side={"approved_at": None})
    applications.decline(yara.sponsor, by=bea)
    story.paired(ana, rosa, bea)
    sign_in(page, bea, site)
    found = faults(page, [f"/coordinate/people/{one.pk}/application/" for one in (zoe, yara)], site)
    found += faults(
        page, ["/coordinate/riverside/settings/checklist/", f"/coordinate/people/{rosa.pk}/hand-over/"], site
    )
    found += faults(page, [f"/coordinate/people/{rosa.pk}/suspend/", f"/coordinate/people/{rosa.pk}/"], site)
    handovers.carry_on(handovers.begin_handover(rosa.sponsor, by=bea))
    suspensions.suspend(rosa, reason="Pressed somebody.", ends_pairs=True, by=bea)
    paths = [f"/coordinate/people/{rosa.pk}/{part}" for part in ("hand-over/", "suspend/")]
    assert found + faults(page, paths, site) == []
