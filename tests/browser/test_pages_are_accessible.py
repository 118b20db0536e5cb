"""axe finds nothing to complain of on the pages of the main road, in three languages, light and dark."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page

from accounts import clock
from accounts.models import OPEN_END, PauseReason, Sponsor, User
from matching import tokens
from matching.actions import digests, leases, offers, requests, reviews
from matching.actions.health import beat_heart
from matching.actions.leases import End
from matching.actions.outbox import post
from matching.models import ChangeAnswer, ChangeAsk, CheckIn, Pairing
from matching.states import OutboxState
from tests import factories
from tests.browser import axe
from tests.conftest import signed_in
from tests.matching import days, round_story

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ("en", "es", "fr")
PUBLIC = ["/", "/help-now/", "/offline/", "/privacy/", "/accounts/signup/", "/accounts/login/"]
MEMBER = [
    "/home/",
    "/request/",
    "/service/",
    "/profile/",
    "/profile/week/",
    "/privacy/my-data/",
    "/notices/",
    "/notices/calendar/",
]
OFFICE = ["/coordinate/", "/coordinate/sponsors/", "/coordinate/newcomers/"]


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    offer = requests.choose(requests.ask(ana, by=ana), [rosa.pk], by=ana)
    return reviews.approve_offer(offers.accept_offer(offer, by=rosa), by=bea)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A narrow page, as on a phone."""
    context = axe.phone(browser, site)
    yield context.new_page()
    context.close()


def sign_in(page: Page, user: User, site: str) -> None:
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


def faults(page: Page, paths: list[str], site: str) -> list[str]:
    """What is wrong with these pages in any language, in the light or in the dark."""
    found = []
    for language in LANGUAGES:
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, path
            found += _complaints(page, language, path)
    return found


def _complaints(page: Page, language: str, path: str) -> list[str]:
    assert page.locator("html").get_attribute("lang") == language
    return [f"{language} {path} {one}" for one in axe.complaints(page)]


def test_public_pages(page: Page, site: str) -> None:
    assert faults(page, PUBLIC, site) == []


def test_a_members_pages(page: Page, site: str, pairing: Pairing, ana: User) -> None:
    sign_in(page, ana, site)
    assert faults(page, [*MEMBER, f"/pairings/{pairing.pk}/"], site) == []


def test_days_worth_remembering(page: Page, site: str, pairing: Pairing, ana: User, rosa: User) -> None:
    """Without a date, switched off, at first, later; and what a sponsor sees who was let in."""
    sign_in(page, ana, site)
    assert faults(page, ["/days/"], site) == []
    days.dated(ana)
    assert faults(page, ["/days/"], site) == []
    days.remembered(ana)
    assert faults(page, ["/days/"], site) == []
    days.remembered(ana, 90, sponsor_too=True)
    assert faults(page, ["/days/", f"/pairings/{pairing.pk}/"], site) == []
    page.context.clear_cookies()
    sign_in(page, rosa, site)
    assert faults(page, [f"/pairings/{pairing.pk}/"], site) == []


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


def quiet(pairing: Pairing, answer: str = "") -> ChangeAsk:
    """The question to the one who is sponsored, in another silence each time."""
    now = clock.now()
    answered = {"answer": answer, "answered_at": now} if answer else {}
    return ChangeAsk.objects.create(
        pairing=pairing,
        member=pairing.sponsee,
        silence=now,
        asked_at=now,
        **answered,
    )


def test_the_pages_of_a_silence(page: Page, site: str, pairing: Pairing, ana: User, bea: User) -> None:
    asks = [quiet(pairing, answer) for answer in ("", *ChangeAnswer)]
    links = [reverse("change_ask", args=[tokens.change_token(ask)]) for ask in asks]
    assert faults_of_bare_pages(page, links, ana) == []
    sign_in(page, ana, site)
    assert faults(page, ["/home/", f"/pairings/{pairing.pk}/"], site) == []
    page.context.clear_cookies()
    sign_in(page, bea, site)
    assert faults(page, ["/coordinate/", f"/coordinate/talks/{asks[-1].pk}/"], site) == []


def test_the_pages_of_those_who_sponsor(page: Page, site: str, pairing: Pairing, rosa: User, bea: User) -> None:
    CheckIn.objects.create(pairing=pairing, member=rosa, local_date=factories.today(), due_at=clock.now(), state="open")
    sign_in(page, rosa, site)
    digests.choose_digest(rosa, weekday=6, hour=18)
    assert faults(page, ["/questions/", "/notices/"], site) == []
    link = reverse("roster", args=[tokens.roster_token(rosa.pk)])
    rests: list[dict[str, Any]] = [
        {"asks": 1},
        {},
        *({"paused_until": OPEN_END, "pause_reason": why} for why in PauseReason),
    ]
    found = []
    for side in rests:
        Sponsor.objects.filter(pk=rosa.pk).update(**{"asks": 0, **side})
        found += faults_of_bare_pages(page, [link], rosa) + faults(page, ["/home/", "/profile/"], site)
    page.context.clear_cookies()
    sign_in(page, bea, site)
    assert found + faults(page, ["/coordinate/sponsors/"], site) == []


def faults_of_bare_pages(page: Page, paths: list[str], reader: User) -> list[str]:
    """Like :func:`faults`, for pages that speak the language of the member behind the link."""
    found = []
    for language in LANGUAGES:
        User.objects.filter(pk=reader.pk).update(language=language)
        for path in paths:
            page.goto(path)
            found += _complaints(page, language, path)
    return found


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
