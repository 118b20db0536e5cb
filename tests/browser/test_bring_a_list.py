"""A list from the file to the invitations, and from the letter to the account, in a browser; and axe on its pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import Profile, User
from matching.actions.invitees import send_invitees
from matching.models import Invitee
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.browser.test_the_whole_story import enter_code
from tests.conftest import signed_in
from tests.matching import people_lists
from tests.sheet import samples

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)

START = "/coordinate/riverside/import/"


def test_a_list_is_brought_and_one_of_its_people_comes(
    visitor: Callable[[], Visitor], javascript: bool, site: str, bea: User, tmp_path: Path
) -> None:
    first, second = visitor(), visitor()
    file = tmp_path / "list.csv"
    # Codes for one address are limited, and the count outlives the test.
    address = f"ruth.{javascript}@example.org".lower()
    file.write_bytes(samples.BEV.replace("ruth.b@example.org", address).encode("latin-1"))
    session = signed_in(bea).cookies[settings.SESSION_COOKIE_NAME].value
    office, ruth = first.page, second.page
    office.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])

    office.goto("/coordinate/")
    office.get_by_role("link", name="Bring a list").click()
    office.get_by_label("The list, as a CSV file").set_input_files(file)
    office.get_by_role("button", name="Read the file").click()
    expect(office.get_by_role("heading", name="What are these columns?")).to_be_visible()
    expect(office.get_by_label("E-Mail")).to_have_value("email")
    office.get_by_label("Wants to sponsor").check()
    office.get_by_role("button", name="Look through the list").click()
    expect(office.get_by_text("So far nobody is invited")).to_be_visible()
    office.get_by_role("link", name="Left out").click()
    expect(office.get_by_text("There is no e-mail address that could be written to.")).to_be_visible()
    office.get_by_role("button", name="Invite 3 people").click()
    expect(office.get_by_text("3 people are invited.")).to_be_visible()
    expect(office.get_by_text("Ruth B.", exact=True)).to_be_visible()

    assert send_invitees() == 3
    letter = next(one for one in mail.outbox if one.to == [address])
    link = next(word for word in str(letter.body).split() if word.startswith(site))
    ruth.goto(link)
    expect(ruth.locator("input[name=email]")).to_have_value(address)
    for box in ruth.get_by_role("checkbox").all():
        box.check()
    ruth.get_by_role("button", name="Send me a code").click()
    enter_code(ruth, address)
    expect(ruth.get_by_role("heading", name="Where do you belong?")).to_be_visible()
    ruth.get_by_role("button", name="Save and go on").click()
    expect(ruth.get_by_label("First name")).to_have_value("Ruth")
    assert Profile.objects.get(first_name="Ruth").completed_at is None
    assert first.problems == second.problems == []


def test_axe_finds_nothing_on_its_pages(page: Page, site: str, bea: User) -> None:
    factories.area()
    sign_in(page, bea, site)
    assert faults(page, [START], site) == []
    people_lists.taken_in(bea, samples.PHONE_WITH_THE_NAME.replace("13/04/2026", "12/04/2026"))
    assert faults(page, [START, f"{START}columns/"], site) == []
    people_lists.checked(bea, samples.BEV)
    assert faults(page, [f"{START}check/{part}" for part in ("", "?show=mended", "?show=refused")], site) == []
    people_lists.invited(bea, samples.BEV)
    people_lists.checked(bea, samples.LYON)
    assert faults(page, [START, "/coordinate/"], site) == []
    assert Invitee.objects.exists()
