"""Zoom of 400 %, forced colours, more contrast, no motion, and fingers: nothing is lost on the main pages."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page

from accounts.models import User
from matching import tokens
from tests import factories
from tests.browser import moods, seen
from tests.browser.test_pages_are_accessible import MEMBER, OFFICE, PUBLIC, sign_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db(transaction=True)

Look = Callable[[Page], list[str]]


def faint(page: Page) -> list[str]:
    """Words with less than seven to one, or 4.5 to one for large ones, to their ground; one rule leaves to the other
    what is fainter still."""
    rules = ["color-contrast", "color-contrast-enhanced"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [node["html"][:90] for one in found for node in one["nodes"]]


class Way(NamedTuple):
    """How somebody sees a page, and what is measured then. 256 px are left of 1024 at 400 %, 320 of 1280."""

    looks: tuple[Look, ...]
    width: int = 320
    height: int = 800
    media: dict[str, Any] = {}


WAYS = {
    "a finger on a phone": Way((seen.small_targets,)),
    "a finger on a screen": Way((seen.small_targets,), width=1280),
    "400 %": Way((seen.cut_off, seen.lost_focus), height=256),
    "no motion": Way((seen.moving,)),
    "more contrast, light": Way((faint,), media={"contrast": "more"}),
    "more contrast, dark": Way((faint,), media={"contrast": "more", "color_scheme": "dark"}),
    "forced colours": Way((seen.lost_focus, seen.without_a_frame), media={"forced_colors": "active"}),
}
AS_USUAL = {"contrast": "null", "color_scheme": "light", "forced_colors": "null", "reduced_motion": "reduce"}


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that is touched, as on a phone; axe is injected, which the policy of the site forbids."""
    context = browser.new_context(base_url=site, bypass_csp=True, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def places(ana: User, rosa: User, bea: User) -> list[tuple[User | None, list[str]]]:
    """The main pages, and who sees them: everybody, a pair, a newcomer who chooses, a coordinator."""
    pairing = story.paired(ana, rosa, bea)
    link = reverse("check_in", args=[tokens.check_in_token(moods.asked(pairing, ana))])
    reviewed = office.in_review(factories.newcomer(first_name="Wilhelmina"), factories.sponsor(first_name="Rosalind"))
    factories.sponsor(first_name="Maria")
    choosing = office.asked(factories.newcomer(first_name="Chloe")).member
    return [
        (None, [*PUBLIC, link]),
        (ana, [*MEMBER, reverse("pairing", args=[pairing.pk])]),
        (choosing, [reverse("suggestions")]),
        (bea, [*OFFICE, reverse("review", args=[reviewed.pk]), reverse("report", args=["riverside"])]),
    ]


def complaints(page: Page) -> Iterator[str]:
    """What is found wrong with the page that is open, in each of the ways."""
    for name, way in WAYS.items():
        page.set_viewport_size({"width": way.width, "height": way.height})
        page.emulate_media(**{**AS_USUAL, **way.media})
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        for look in way.looks:
            yield from (f"{name}: {one}" for one in look(page))


def test_nothing_is_lost_on_the_main_pages_however_somebody_sees_them(
    page: Page, site: str, places: list[tuple[User | None, list[str]]]
) -> None:
    found = []
    for user, paths in places:
        page.context.clear_cookies()
        if user is not None:
            sign_in(page, user, site)
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, path
            found += [f"{path} {one}" for one in complaints(page)]
    assert not found, "\n".join(found)


def test_each_way_notices_a_page_on_which_it_would_be_lost(page: Page) -> None:
    """The negative control."""
    page.set_content("""<html lang="en"><style>
        a, .button { display: inline-block; color: #777; outline: none; transition: color 2s; border: 0 }
        p { width: 700px; color: #777 }
    </style><a href="#x">A</a><p>Words that are too faint and too wide</p><a class="button" href="#y">B</a></html>""")
    found = list(complaints(page))
    assert {one.split(":")[0] for one in found} == set(WAYS)
