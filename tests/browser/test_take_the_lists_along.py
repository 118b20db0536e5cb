"""The lists of an office are downloaded by a button; and axe on the page, and on the page of those who are told."""

import zipfile
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import Visitor
from tests.browser.test_pages_are_accessible import faults, page, sign_in
from tests.conftest import signed_in
from tests.matching import office

__all__ = ["page"]

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/coordinate/riverside/export/"


def test_a_coordinator_downloads_the_lists(
    visitor: Callable[[], Visitor], site: str, ana: User, rosa: User, bea: User
) -> None:
    office.in_review(ana, rosa)
    found = visitor()
    session = signed_in(bea).cookies[settings.SESSION_COOKIE_NAME].value
    found.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    found.page.goto("/coordinate/")
    found.page.get_by_role("link", name="Take the lists along").click()
    with found.page.expect_download() as download:
        found.page.get_by_role("button", name="Download the lists").click()
    with zipfile.ZipFile(download.value.path()) as lists:
        assert "Ana L." in lists.read("requests.csv").decode()
        assert len(lists.namelist()) == 9
    expect(found.page.get_by_role("heading", name="Take the lists of Riverside Intergroup along")).to_be_visible()
    assert found.problems == []


def test_axe_finds_nothing(page: Page, site: str, ana: User, bea: User) -> None:
    signed_in(bea).post(PAGE)
    sign_in(page, bea, site)
    assert faults(page, [PAGE], site) == []
    page.context.clear_cookies()
    sign_in(page, ana, site)
    assert faults(page, ["/privacy/my-data/"], site) == []
