"""axe finds nothing to complain of on the pages of the main road, in three languages, light and dark."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page

from accounts import clock
from accounts.models import User
from matching.actions import leases, offers, requests, reviews
from matching.actions.health import beat_heart
from matching.actions.leases import End
from matching.actions.outbox import post
from matching.models import Pairing
from matching.states import OutboxState
from tests import factories
from tests.conftest import signed_in
from tests.matching import round_story

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = ["/", "/help-now/", "/privacy/", "/accounts/signup/", "/accounts/login/"]
MEMBER = ["/home/", "/request/", "/service/", "/profile/", "/profile/week/", "/privacy/my-data/"]
OFFICE = ["/coordinate/", "/coordinate/sponsors/"]


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    offer = requests.choose(requests.ask(ana, by=ana), [rosa.pk], by=ana)
    return reviews.approve_offer(offers.accept_offer(offer, by=rosa), by=bea)


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    """A narrow page, as on a phone. axe is injected, which the policy of the site forbids: it is bypassed here only."""
    context = browser.new_context(
        base_url=site, color_scheme=request.param, viewport={"width": 320, "height": 800}, bypass_csp=True
    )
    yield context.new_page()
    context.close()


def sign_in(page: Page, user: User, site: str) -> None:
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


def faults(page: Page, paths: list[str], site: str) -> list[str]:
    found = []
    for language in ("en", "es", "fr"):
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, path
            assert page.locator("html").get_attribute("lang") == language
            found += [f"{language} {path} {one['id']}" for one in Axe().run(page).response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                found.append(f"{language} {path} scrolls sideways")
    return found


def test_public_pages(page: Page, site: str) -> None:
    assert faults(page, PUBLIC, site) == []


def test_a_members_pages(page: Page, site: str, pairing: Pairing, ana: User) -> None:
    sign_in(page, ana, site)
    assert faults(page, [*MEMBER, f"/pairings/{pairing.pk}/"], site) == []


def test_choosing_and_answering(page: Page, site: str, rosa: User) -> None:
    olga = factories.newcomer(first_name="Olga")
    request = requests.ask(olga, by=olga)
    sign_in(page, olga, site)
    assert faults(page, ["/request/suggestions/"], site) == []
    offer = requests.choose(request, [rosa.pk], by=olga)
    page.context.clear_cookies()
    sign_in(page, rosa, site)
    assert faults(page, ["/offers/", f"/offers/{offer.pk}/"], site) == []


def test_the_coordinators_pages(page: Page, site: str, ana: User, rosa: User, bea: User) -> None:
    offer = requests.choose(requests.ask(ana, by=ana), [rosa.pk], by=ana)
    offers.accept_offer(offer, by=rosa)
    olga = factories.newcomer(first_name="Olga")
    requests.ask(olga, by=olga)
    sign_in(page, bea, site)
    paths = [*OFFICE, f"/coordinate/offers/{offer.pk}/", f"/coordinate/requests/{offer.request_id}/"]
    assert faults(page, paths, site) == []


def test_the_pages_of_rounds(page: Page, site: str, bea: User) -> None:
    round_story.crowd()
    found = round_story.preview(bea)
    sign_in(page, bea, site)
    parts = ("", "?part=pairs", "?part=left", "?part=sponsors")
    assert faults(page, [f"/coordinate/rounds/{found.pk}/{part}" for part in parts], site) == []
    at_work = round_story.laid_out(bea)
    assert faults(page, ["/coordinate/riverside/rounds/", f"/coordinate/rounds/{at_work.pk}/"], site) == []


def test_the_operators_page(page: Page, site: str, ana: User, bea: User) -> None:
    beat_heart("worker")
    sign_in(page, User.objects.create_superuser("operator@example.org"), site)
    assert faults(page, ["/operate/"], site) == []
    post("not_this_time", ana, key="one")
    leases.end([End(lease, OutboxState.FAILED, "SMTPDataError") for lease in leases.take()])
    post("paired", ana, key="late", send_after=clock.now() - timedelta(minutes=9))
    round_story.laid_out(bea)
    assert faults(page, ["/operate/"], site) == []
