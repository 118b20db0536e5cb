"""Every flow of a coordinator by keyboard alone, with scripts and without. Reviews have a file of their own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Invitation, Policy, Suspension, User
from matching.actions import bridging
from matching.models import BridgeVolunteer, Invitee, Offer, Round
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.keyboard import button, choose, fill, press, tick
from tests.browser.test_bridging import at_home
from tests.matching import office, story
from tests.matching.round_story import crowd, preview
from tests.sheet import samples

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rehearsed")]
OFFICE = "/coordinate/riverside"


@pytest.fixture
def coordinator(visitor: Callable[[], Visitor]) -> Visitor:
    return visitor()


@pytest.fixture
def desk(coordinator: Visitor, bea: User, site: str) -> Page:
    return at_home(coordinator, bea, site)


def test_somebody_is_searched_suspended_and_let_in_again(
    desk: Page, coordinator: Visitor, ana: User, rosa: User, bea: User
) -> None:
    story.paired(ana, rosa, bea)
    desk.goto("/coordinate/sponsors/")
    fill(desk, desk.get_by_role("searchbox"), "Rsoa")
    desk.keyboard.press("Enter")
    press(desk, desk.get_by_role("main").get_by_role("link", name="Rosa M.", exact=True))
    press(desk, desk.get_by_role("link", name="Suspend this person"))
    fill(desk, desk.get_by_label("Why?"), "Pressed somebody after a no.")
    press(desk, button(desk, "Suspend them now"))
    expect(desk.get_by_role("heading", name="Rosa M. is suspended")).to_be_visible()
    press(desk, desk.locator("summary", has_text="Let them in again"))
    press(desk, button(desk, "Yes, let them in"))
    expect(desk.get_by_text("They can sign in again.")).to_be_visible()
    assert Suspension.objects.get().lifted_at is not None
    assert coordinator.problems == []


def test_an_application_is_ticked_off_and_approved(desk: Page, coordinator: Visitor) -> None:
    Policy.objects.update(checklist=["talk"])
    zoe = factories.sponsor(first_name="Zoe", side={"approved_at": None})
    desk.goto(f"/coordinate/people/{zoe.pk}/application/")
    tick(desk, desk.get_by_label("A coordinator has talked with them"))
    press(desk, button(desk, "Save the ticks"))
    press(desk, button(desk, "Approve Zoe M."))
    expect(desk.get_by_text("Zoe M. may sponsor now.")).to_be_visible()
    assert coordinator.problems == []


def test_a_round_is_looked_at_and_published(desk: Page, coordinator: Visitor, bea: User) -> None:
    crowd(4, 2)
    round_ = preview(bea)
    desk.goto(f"{OFFICE}/rounds/")
    press(desk, desk.get_by_role("main").locator(f"a[href='/coordinate/rounds/{round_.pk}/']").first)
    press(desk, desk.get_by_role("navigation", name="Parts of this round").get_by_role("link").nth(1))
    expect(desk.get_by_role("main").locator("table")).to_be_visible()
    desk.go_back()
    press(desk, desk.locator("summary", has_text="Propose these pairs"))
    press(desk, button(desk, "Yes, propose them"))
    expect(desk.get_by_text(re.compile("pairs? (is|are) (being )?proposed")).first).to_be_visible()
    assert Round.objects.get(pk=round_.pk).published_by == bea.pk
    assert coordinator.problems == []


def test_weights_are_compared(desk: Page, coordinator: Visitor) -> None:
    crowd(4, 2)
    desk.goto(f"{OFFICE}/weights/")
    fill(desk, desk.get_by_label("Nearness, Setting A"), "60")
    press(desk, button(desk, "Compare"))
    expect(desk.get_by_role("heading", name="Who would be with somebody else")).to_be_visible()
    assert coordinator.problems == []


def test_a_setting_is_tried_saved_and_taken_back(desk: Page, coordinator: Visitor) -> None:
    desk.goto(f"{OFFICE}/settings/")
    press(desk, desk.get_by_role("main").get_by_role("link", name="Fellowships"))
    fill(desk, desk.get_by_label("Days before somebody may sponsor"), "180")
    press(desk, button(desk, "See what would change"))
    press(desk, button(desk, "Save these settings"))
    expect(desk.get_by_text("Saved. You can take it back below.")).to_be_visible()
    assert Policy.objects.get().minimum_days == {"aa": 180}
    press(desk, desk.locator("summary", has_text="Take back").first)
    press(desk, button(desk, "Yes, take it back"))
    expect(desk.get_by_text("Taken back.", exact=True)).to_be_visible()
    assert Policy.objects.get().minimum_days == {}
    assert coordinator.problems == []


def test_a_colleague_is_invited(desk: Page, coordinator: Visitor) -> None:
    desk.goto(f"{OFFICE}/coordinators/")
    form = desk.locator("form", has=desk.get_by_role("button", name="Send the invitation"))
    fill(desk, form.get_by_label("Their e-mail address"), "carla@example.org")
    press(desk, form.get_by_role("button", name="Send the invitation"))
    expect(desk.get_by_text("The invitation goes out now.")).to_be_visible()
    assert Invitation.objects.get().email == "carla@example.org"
    assert coordinator.problems == []


def test_a_list_is_brought_and_its_people_are_invited(desk: Page, coordinator: Visitor, tmp_path: Path) -> None:
    """The one thing that a test cannot do by keys is to choose the file: that window is the browser's own."""
    file = tmp_path / "list.csv"
    file.write_bytes(samples.BEV.encode("latin-1"))
    desk.goto(f"{OFFICE}/import/")
    desk.get_by_label("The list, as a CSV file").set_input_files(file)
    press(desk, button(desk, "Read the file"))
    expect(desk.get_by_role("heading", name="What are these columns?")).to_be_visible()
    choose(desk, desk.get_by_label("Wants to sponsor"))
    press(desk, button(desk, "Look through the list"))
    press(desk, desk.get_by_role("main").get_by_role("button", name="Invite 3 people"))
    expect(desk.get_by_text("3 people are invited.")).to_be_visible()
    assert Invitee.objects.count() == 3
    assert coordinator.problems == []


def test_a_volunteer_is_let_meet_people(desk: Page, coordinator: Visitor) -> None:
    wanda = factories.profile(first_name="Wanda", looking=False)
    bridging.volunteer(wanda.user)
    desk.goto(f"{OFFICE}/bridging/")
    press(desk, desk.get_by_role("button", name="They may meet people"))
    expect(desk.get_by_role("main")).to_be_visible()
    assert BridgeVolunteer.objects.get().approved_at is not None
    assert coordinator.problems == []


def test_somebody_is_proposed_to_who_asks(desk: Page, coordinator: Visitor, ana: User, rosa: User) -> None:
    request = office.asked(ana)
    desk.goto("/coordinate/newcomers/")
    press(desk, desk.get_by_role("main").get_by_role("link", name="Ana L.", exact=True))
    press(desk, desk.get_by_role("link", name="See the request"))
    press(desk, desk.get_by_role("main").get_by_role("link", name="Find a sponsor"))
    tick(desk, desk.get_by_role("main").get_by_role("radio").first)
    press(desk, button(desk, "Propose to the newcomer"))
    expect(desk.get_by_role("main")).to_be_visible()
    assert Offer.objects.get(request=request).sponsor == rosa
    assert coordinator.problems == []


def test_the_report_of_another_time_is_opened(desk: Page, coordinator: Visitor, ana: User) -> None:
    for member in (ana, *(factories.newcomer() for _ in range(11))):
        office.asked(member)
    desk.goto(f"{OFFICE}/report/")
    number = desk.get_by_text("People who asked").locator("xpath=following-sibling::dd[1]").get_by_role("link")
    press(desk, number)
    expect(desk.get_by_role("link", name="Ana L.").first).to_be_visible()
    desk.goto(f"{OFFICE}/report/")
    press(desk, button(desk, "Show"))
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    assert coordinator.problems == []
