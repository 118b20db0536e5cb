"""The week of 168 hours by mouse, keyboard and ear, with presets and copies; without scripts, box by box."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import Profile, User, Week
from tests.browser.conftest import Visitor
from tests.browser.keyboard import press, tab_to
from tests.browser.test_pages_are_accessible import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

WEEK = "/profile/week/"
EVENING = [day * 24 + hour for day in (0, 1, 2) for hour in (18, 19)]
"""A rectangle: Monday to Wednesday, six to eight."""

with_scripts = pytest.mark.parametrize("javascript", [True], ids=["with JavaScript"])


@pytest.fixture
def member(ana: User) -> User:
    """Ana, who has marked one hour: Sunday at three in the morning."""
    Profile.objects.filter(pk=ana.pk).update(week=Week.of([147]))
    return ana


@pytest.fixture
def painter(visitor: Callable[[], Visitor], site: str, member: User) -> Visitor:
    somebody = visitor()
    sign_in(somebody.page, member, site)
    somebody.page.goto(WEEK)
    return somebody


def box(page: Page, hour: int) -> Locator:
    return page.locator(f"input[name=hours][value='{hour}']")


def marked(page: Page) -> list[int]:
    found: list[str] = page.locator("input[name=hours]:checked").evaluate_all("all => all.map(one => one.value)")
    return sorted(map(int, found))


def middle(one: Locator) -> tuple[float, float]:
    place = one.bounding_box()
    assert place is not None
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def saved(page: Page, member: User) -> list[int]:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    return Profile.objects.get(pk=member.pk).week.hours


@with_scripts
def test_by_mouse_a_stroke_paints_a_rectangle_and_the_same_stroke_takes_it_away(painter: Visitor, member: User) -> None:
    page = painter.page
    for expected in ([*EVENING, 147], [147], [*EVENING, 147]):
        box(page, 18).scroll_into_view_if_needed()
        page.mouse.move(*middle(box(page, 18)))
        page.mouse.down()
        page.mouse.move(*middle(box(page, 2 * 24 + 19)), steps=5)
        page.mouse.up()
        assert marked(page) == expected
    expect(page.locator("[data-week-count]")).to_have_text("Hours a week: 7")
    assert saved(page, member) == [*EVENING, 147]
    assert painter.problems == []


@with_scripts
def test_by_mouse_a_click_marks_one_hour(painter: Visitor) -> None:
    box(painter.page, 42).click()
    assert marked(painter.page) == [42, 147]


@with_scripts
def test_by_keyboard_the_table_is_one_stop_and_arrows_paint(painter: Visitor, member: User) -> None:
    page = painter.page
    tab_to(page, box(page, 0))
    for key in ["ArrowDown"] * 18 + ["Space", "Shift+ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"]:
        page.keyboard.press(key)
    assert marked(page) == [18, 19, 42, 43, 147]
    expect(box(page, 42)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") != "hours"
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Profile.objects.get(pk=member.pk).week.hours == [18, 19, 42, 43, 147]


def test_by_ear_each_box_has_its_day_and_hour_for_a_name_and_the_count_is_said(
    painter: Visitor, javascript: bool
) -> None:
    page = painter.page
    one = page.get_by_role("checkbox", name="Monday 6 p.m.", exact=True)
    one.check()
    assert marked(page) == [18, 147]
    if javascript:
        expect(page.get_by_role("status").get_by_text("Hours a week: 2")).to_be_visible()


@with_scripts
def test_presets_and_copies_of_a_day(painter: Visitor) -> None:
    page = painter.page
    press(page, page.get_by_role("button", name="Clear all"))
    box(page, 9).click()
    page.locator("[data-copy-from]").select_option(label="Monday")
    page.locator("[data-copy-to]").select_option(label="all weekdays")
    press(page, page.get_by_role("button", name="Copy the day"))
    assert marked(page) == [day * 24 + 9 for day in range(5)]
    page.locator("[data-copy-to]").select_option(label="Sunday")
    press(page, page.get_by_role("button", name="Copy the day"))
    assert 6 * 24 + 9 in marked(page)
    press(page, page.get_by_role("button", name="Clear all"))
    press(page, page.get_by_role("button", name="Weekday evenings"))
    assert marked(page) == [day * 24 + hour for day in range(5) for hour in range(18, 22)]
    assert painter.problems == []


def test_the_hours_in_another_zone_before_anything_is_saved(painter: Visitor, member: User) -> None:
    page = painter.page
    box(page, 18).check()
    page.get_by_label("Time zone to compare with").select_option("Europe/Paris")
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_role("heading", name="Europe/Paris")).to_be_in_viewport()
    expect(page.get_by_text("Tuesday midnight to 1 a.m.")).to_be_visible()
    assert marked(page) == [18, 147]
    assert saved(page, member) == [18, 147]
    assert painter.problems == []


def test_by_finger_a_held_stroke_paints_and_a_short_one_scrolls(browser: Browser, site: str, member: User) -> None:
    context = browser.new_context(
        base_url=site, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700}, locale="en-US"
    )
    page = context.new_page()
    sign_in(page, member, site)
    page.goto(WEEK)
    box(page, 18).evaluate("one => one.scrollIntoView({ block: 'center', behavior: 'instant' })")
    stroke(page, middle(box(page, 18)), middle(box(page, 2 * 24 + 19)), hold_ms=400)
    assert marked(page) == [*EVENING, 147]
    top = page.evaluate("window.scrollY")
    x, y = middle(box(page, 18))
    stroke(page, (x, y), (x, y - 150), hold_ms=0)
    page.wait_for_function("top => window.scrollY > top", arg=top)
    assert marked(page) == [*EVENING, 147]
    context.close()


def stroke(page: Page, start: tuple[float, float], goal: tuple[float, float], *, hold_ms: int) -> None:
    """A finger, as the browser's own input has it."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    steps = [(start[0] + (goal[0] - start[0]) * n / 6, start[1] + (goal[1] - start[1]) * n / 6) for n in range(7)]
    touch("touchStart", start)
    page.wait_for_timeout(hold_ms)
    for _, point in pairwise(steps):
        touch("touchMove", point)
    touch("touchEnd")
    session.detach()
