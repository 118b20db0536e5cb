"""One newcomer's way from the landing page to a check-in that counts, in a real browser, with a real worker."""

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts import clock
from accounts.models import User
from matching.actions.decisions import CAN_BE_TAKEN_BACK
from matching.models import CheckInPlan, ReviewDecision
from tests.browser.conftest import Visitor, code_in_mail, wait_for
from tests.security import signing_in

pytestmark = pytest.mark.django_db(transaction=True)

NEWCOMER = "ana@example.org"


def test_from_asking_to_a_talk_that_counts(
    visitor: Callable[[], Visitor],
    worker: subprocess.Popen[bytes],
    letters: Path,
    mailoutbox: list[object],
    rosa: User,
    bea: User,
) -> None:
    """S6, S18: on the way nothing is asked of another host, and the console has nothing to complain of."""
    ana, sponsor, office = visitor(), visitor(), visitor()

    sign_up(ana.page, NEWCOMER)
    answer_the_welcome(ana.page)
    ask_and_rank(ana.page)

    sign_in(sponsor.page, rosa)
    accept(sponsor.page, note="Call me any evening.")
    expect_no_contact(ana.page)

    sign_in(office.page, bea)
    approve(office.page)

    see_each_other(ana.page, name="Rosa M.", phone="+1 555 010 0001")
    expect(ana.page.get_by_text("Call me any evening.")).to_be_visible()
    see_each_other(sponsor.page, name="Ana L.", phone="+1 555 010 0777")

    link = the_check_in_link(letters, NEWCOMER)
    tap_talked(visitor().page, link)
    service_shows_a_talk(sponsor.page)

    assert ana.problems + sponsor.problems + office.problems == []


def sign_up(page: Page, address: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Ask for a sponsor").click()
    page.get_by_label("E-mail address").fill(address)
    for words in ("18 or older", "keep what I enter", "treat people with respect"):
        page.get_by_label(words).check()
    page.get_by_role("button", name="Send me a code").click()
    enter_code(page, address)
    expect(page).to_have_url(re.compile("/welcome/"))


def sign_in(page: Page, member: User) -> None:
    """With a code from the mail and one from an app, as everybody does who answers for others."""
    signing_in.with_app(member)
    page.goto("/accounts/login/code/")
    page.get_by_label("E-mail address").fill(member.email)
    page.get_by_role("button", name="Send me a code").click()
    enter_code(page, member.email)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.locator("main input[name=code]").fill(signing_in.app_code())
    page.locator("main form").first.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/home/"))


def enter_code(page: Page, address: str) -> None:
    expect(page.get_by_label("Code")).to_be_visible()
    page.get_by_label("Code").fill(code_in_mail(address))
    page.locator("main form").first.get_by_role("button").first.click()


def answer_the_welcome(page: Page) -> None:
    def go_on() -> None:
        page.get_by_role("button", name="Save and go on").click()

    page.get_by_label("Alcoholics Anonymous").check()
    go_on()
    page.get_by_label("First name").fill("Ana")
    page.get_by_label("First letter").fill("L")
    go_on()
    page.get_by_label("Sobriety date").fill("2026-11-01")
    go_on()
    page.get_by_label("English").check()
    go_on()
    page.get_by_label("Woman", exact=True).check()
    page.get_by_label("Women").check()
    go_on()
    page.get_by_label("Phone").check()
    go_on()
    go_on()
    for hour in (18, 19, 24 + 18):
        page.locator(f"input[name=hours][value='{hour}']").check()
    go_on()
    go_on()
    go_on()
    page.get_by_label("I look for a sponsor").check()
    go_on()
    page.get_by_label("Phone").fill("+1 555 010 0777")
    go_on()
    page.get_by_role("button", name="This is right").click()
    expect(page).to_have_url(re.compile("/home/"))


def ask_and_rank(page: Page) -> None:
    page.goto("/request/")
    page.get_by_role("button", name="Show me who fits").click()
    expect(page).to_have_url(re.compile("/request/suggestions/"))
    expect(page.get_by_text("Rosa M.").first).to_be_visible()
    page.locator("main select").first.select_option("1")
    page.get_by_role("button", name="Ask in this order").click()
    expect(page).to_have_url(re.compile("/request/$"))
    expect(page.get_by_text("Rosa M.").first).to_be_visible()


def accept(page: Page, *, note: str) -> None:
    page.goto("/offers/")
    page.get_by_role("link", name="Look and answer").click()
    page.locator("textarea[name=note]").fill(note)
    page.get_by_role("button", name="Yes, I would like to").click()


def expect_no_contact(page: Page) -> None:
    """Before the coordinator's yes nobody sees how to reach the other."""
    page.goto("/home/")
    expect(page.locator("body")).not_to_contain_text("+1 555")


def approve(page: Page) -> None:
    page.goto("/coordinate/?kind=review")
    page.get_by_role("link", name=re.compile("Review|Look")).first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Decided, and can still be taken back")).to_be_visible()
    clock.move_on(CAN_BE_TAKEN_BACK)
    wait_for(lambda: not ReviewDecision.objects.exists())


def see_each_other(page: Page, *, name: str, phone: str) -> None:
    page.goto("/home/")
    page.locator("main a[href^='/pairings/']").first.click()
    expect(page.get_by_text(name).first).to_be_visible()
    expect(page.get_by_text(phone).first).to_be_visible()


def the_check_in_link(letters: Path, address: str) -> str:
    """Let time pass until Ana's first question is due, and wait for the worker's mail."""
    plan = CheckInPlan.objects.get(member__email=address)
    assert plan.next_at is not None
    clock.move_on(plan.next_at - clock.now() + timedelta(minutes=1))
    wait_for(lambda: _written(letters, address))
    found = _written(letters, address)
    assert found
    return found


def _written(letters: Path, address: str) -> str | None:
    for file in letters.glob("*.log"):
        for letter in file.read_text().split("-" * 79):
            if f"To: {address}" in letter and (link := re.search(r"https?://\S+/c/\S+/", letter)):
                return link[0]
    return None


def tap_talked(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="We talked").click()
    expect(page.get_by_text("Change my answer").first).to_be_visible()


def service_shows_a_talk(page: Page) -> None:
    page.goto("/service/")
    expect(page.locator(".entries").get_by_text("Talked with a person I sponsor").first).to_be_visible()
