"""Several intergroups on one site, in a browser: whoever serves one meets nothing of another, wherever they go."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import Visitor
from tests.browser.test_pages_are_accessible import sign_in
from tests.security import two_offices
from tests.security.test_offices_kept_apart import address
from tests.security.two_offices import CANARY, TwoOffices

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 60
OFFICE = "/coordinate/"


def walked(page: Page, site: str) -> dict[str, str]:
    """What stands on the office's pages that links lead to, from the day on, by address; files are left out."""
    found, known, ahead = dict[str, str](), {OFFICE}, [OFFICE]
    while ahead and len(found) < MOST:
        path = ahead.pop(0)
        page.goto(f"{site}{path}")
        found[path] = page.content()
        links = page.locator("main a[href], nav a[href]").evaluate_all("all => all.map(one => one.href)")
        for there in (urlsplit(link).path for link in links):
            if there.startswith(OFFICE) and there not in known and not there.endswith(("/sheet/", "/file/")):
                known.add(there)
                ahead.append(there)
    return found


@pytest.fixture
def two() -> TwoOffices:
    return two_offices.build()


def test_no_link_leads_to_anything_of_another_office(
    visitor: Callable[[], Visitor], site: str, two: TwoOffices
) -> None:
    desk = visitor().page
    sign_in(desk, two.coordinators["everything"], site)
    pages = walked(desk, site)
    assert len(pages) > 20
    assert {path: seen for path, text in pages.items() if (seen := two.seen_in(text))} == {}
    for name in ("review", "coordinate_request", "person", "concern", "round"):
        answer = desk.goto(f"{site}{address(name, two.there)}")
        assert answer is not None
        assert answer.status == 404, name


def test_control_whoever_serves_there_meets_it(visitor: Callable[[], Visitor], site: str, two: TwoOffices) -> None:
    """The negative control: the same walk in the other office."""
    desk = visitor().page
    colleague = two.there.people["here"]
    assert isinstance(colleague, User)
    sign_in(desk, colleague, site)
    desk.goto(f"{site}{OFFICE}")
    assert CANARY.lower() in desk.content().lower()
