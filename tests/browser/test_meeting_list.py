"""A coordinator brings a meeting list, looks it over, publishes it and takes it back, in a browser; and axe on it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Meeting, User
from tests.accounts.meeting_rows import row
from tests.browser.conftest import Visitor
from tests.browser.test_bridging import at_home
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.browser.test_settings import take_back
from tests.matching import lists

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/coordinate/riverside/settings/meetings/"


def test_a_list_is_brought_looked_over_published_and_taken_back(
    visitor: Callable[[], Visitor], site: str, bea: User, tmp_path: Path
) -> None:
    file = tmp_path / "list.json"
    file.write_text(json.dumps([row(), row(slug="nameless", name=None), row(slug="late", name="Late", time="10 PM")]))
    somebody = visitor()
    desk = at_home(somebody, bea, site)
    desk.goto("/coordinate/riverside/settings/")
    desk.get_by_role("link", name="Meeting list").click()
    desk.get_by_label("File with the list").set_input_files(file)
    desk.get_by_role("button", name="Look it over").click()
    expect(desk.get_by_text("2 meetings are new.")).to_be_visible()
    expect(desk.get_by_text("It has no name.")).to_be_visible()
    assert not Meeting.objects.exists()
    desk.get_by_role("button", name="Publish this list").click()
    expect(desk.get_by_text("Members see the new list now.")).to_be_visible()
    assert set(Meeting.objects.values_list("name", flat=True)) == {"Early Risers", "Late"}
    take_back(desk)
    assert not Meeting.objects.exists()
    assert somebody.problems == []


def test_axe_finds_nothing_on_its_pages(page: Page, site: str, bea: User) -> None:
    feed = lists.brought(bea, row(), row(slug="nameless", name=None), row(slug="odd", name="Odd", end_time="?"))
    sign_in(page, bea, site)
    paths = [f"/coordinate/meetings/{feed.pk}/{part}" for part in ("", "?rows=mended", "?rows=taken")]
    assert faults(page, [URL, *paths], site) == []
