"""Every flow of a member by keyboard alone, with scripts and without: nobody needs a mouse, nobody needs JavaScript.

A coordinator's are in test_office_by_keyboard.py and test_review_by_keyboard.py; answers behind links of mails
need two keys.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts import clock
from accounts.models import Bar, Profile, Report, Sponsor, User, Week
from matching import tokens
from matching.actions import checkins, reviews
from matching.models import Answer, Bridge, CheckIn, CheckInPlan, Offer, Pairing, ServiceEntry, SponsorRequest
from matching.states import OfferState, RequestState
from tests import factories
from tests.browser.conftest import Visitor, code_in_mail
from tests.browser.keyboard import button, fill, press, send, tab_to, tick
from tests.browser.test_pages_are_accessible import sign_in
from tests.matching import office

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "neu@example.org"


def go_on(page: Page) -> None:
    send(page, button(page, "Save and go on"))


def paired(newcomer: User, sponsor: User, coordinator: User) -> Pairing:
    return reviews.approve_offer(office.in_review(newcomer, sponsor), by=coordinator)


def test_a_newcomer_signs_up_is_welcomed_leaves_comes_back_asks_ranks_and_withdraws(
    visitor: Callable[[], Visitor], intergroup: object, mailoutbox: list[object]
) -> None:
    cache.clear()
    factories.sponsor(week=Week.of([0, 1]))
    newcomer = visitor()
    page = newcomer.page
    page.goto("/accounts/signup/")
    fill(page, page.get_by_label("E-mail address"), NEW)
    for words in ("18 or older", "keep what I enter", "treat people with respect"):
        tick(page, page.get_by_label(words))
    press(page, button(page, "Send me a code"))
    expect(page.get_by_label("Code")).to_be_visible()
    code = page.get_by_label("Code")
    if not code.evaluate("one => one === document.activeElement"):
        tab_to(page, code)
    page.keyboard.type(code_in_mail(NEW))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/welcome/"))
    answer_until_needs(page)

    came_back = page.context.new_page()
    page.close()
    page = came_back
    page.goto("/home/")
    expect(page).to_have_url(re.compile("/welcome/needs/"))
    press(page, page.get_by_role("link", name="Back"))
    expect(page).to_have_url(re.compile("/welcome/approach/"))
    go_on(page)
    go_on(page)
    tick(page, page.get_by_label("I look for a sponsor"))
    go_on(page)
    fill(page, page.get_by_label("Phone"), "+1 555 010 0777")
    go_on(page)
    press(page, page.get_by_role("main").get_by_role("link", name=re.compile("Name")).first)
    fill(page, page.get_by_label("First letter"), "L")
    go_on(page)
    expect(page.get_by_text("Ana L.")).to_be_visible()
    press(page, button(page, "This is right"))
    expect(page).to_have_url(re.compile("/home/"))

    ask_rank_and_withdraw(page)
    assert newcomer.problems == []


def answer_until_needs(page: Page) -> None:
    tick(page, page.get_by_label("Alcoholics Anonymous"))
    go_on(page)
    fill(page, page.get_by_label("First name"), "Ana")
    go_on(page)
    go_on(page)
    # The language of the browser is ticked already.
    expect(page.get_by_role("main").get_by_label("English")).to_be_checked()
    go_on(page)
    tick(page, page.get_by_label("Woman", exact=True))
    tick(page, page.get_by_label("Women"))
    go_on(page)
    tick(page, page.get_by_label("Phone"))
    go_on(page)
    go_on(page)
    tick(page, page.locator("input[name=hours][value='0']"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/welcome/approach/"))
    go_on(page)
    expect(page).to_have_url(re.compile("/welcome/needs/"))


def ask_rank_and_withdraw(page: Page) -> None:
    page.goto("/request/")
    press(page, button(page, "Show me who fits"))
    choice = page.get_by_label("Your choice about Rosa M.")
    tab_to(page, choice)
    page.keyboard.press("ArrowDown")
    press(page, button(page, "Ask in this order"))
    expect(page.get_by_text("Rosa M. is asked now.")).to_be_visible()
    press(page, button(page, "Withdraw my request"))
    expect(page.get_by_text("You have withdrawn your request.")).to_be_visible()
    assert SponsorRequest.objects.get().state == RequestState.WITHDRAWN


def test_a_sponsor_applies_accepts_declines_and_pauses(
    visitor: Callable[[], Visitor], site: str, ana: User, rosa: User
) -> None:
    sponsor = visitor()
    page = sponsor.page
    sign_in(page, factories.newcomer(first_name="Nora", looking=False), site)
    page.goto("/profile/sponsor/")
    tab_to(page, page.get_by_label("How many of the Steps"))
    page.keyboard.type("12")
    tick(page, page.get_by_label("Yes", exact=True))
    press(page, button(page, "Save"))
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Sponsor.objects.get(user__profile__first_name="Nora").steps_worked == 12

    yes, no = office.sent(ana, rosa), office.sent(factories.newcomer(first_name="Olga"), rosa)
    page.context.clear_cookies()
    sign_in(page, rosa, site)
    page.goto(f"/offers/{yes.pk}/")
    fill(page, page.get_by_label("A first word to them"), "Call me any evening.")
    send(page, button(page, "Yes, I would like to"))
    page.goto(f"/offers/{no.pk}/")
    press(page, page.locator("summary", has_text="No, and nobody new for a while"))
    send(page, button(page, "Say no and pause until then"))
    states = {one.pk: one.state for one in Offer.objects.all()}
    assert states == {yes.pk: OfferState.IN_REVIEW, no.pk: OfferState.DECLINED}
    assert Sponsor.objects.get(pk=rosa.pk).paused_until is not None
    assert sponsor.problems == []


def test_two_who_are_paired_answer_note_service_change_reminders_and_report(
    visitor: Callable[[], Visitor], site: str, ana: User, rosa: User, bea: User
) -> None:
    pairing = paired(ana, rosa, bea)
    member = visitor()
    page = member.page
    answer_a_check_in(page, ana)
    sign_in(page, ana, site)
    page.goto(f"/pairings/{pairing.pk}/")
    press(page, page.locator("summary", has_text="Change this"))
    tick(page, page.get_by_label("When I answer “I need help”, tell a coordinator"))
    send(page, button(page, "Save"))
    assert CheckInPlan.objects.get(member=ana).help_coordinator

    press(page, page.locator("summary", has_text="Keep count"))
    tab_to(page, page.get_by_label("At which Step are you two?"))
    page.keyboard.press("ArrowDown")
    send(page, button(page, "Save"))
    expect(page.get_by_text("You two are at Step 1 of 12.")).to_be_visible()

    page.goto("/service/")
    tick(page, page.get_by_role("main").get_by_role("radio").first)
    press(page, button(page, "Log it"))
    expect(page.get_by_role("main").get_by_text(re.compile("Remove")).first).to_be_visible()
    assert ServiceEntry.objects.filter(member=ana).exists()

    page.goto("/notices/")
    boxes = page.get_by_role("main").locator("form").first.get_by_role("checkbox")
    tick(page, boxes.first)
    send(page, page.get_by_role("main").locator("form").first.get_by_role("button", name="Save"))

    page.goto(f"/pairings/{pairing.pk}/")
    press(page, page.locator("summary", has_text="Report something"))
    tick(page, page.locator("form[action$='/report/'] input[type=radio]").first)
    send(page, button(page, "Send the report"))
    assert Report.objects.filter(by=ana, about=rosa).count() == 1
    assert Bar.objects.exists()
    assert member.problems == []


def answer_a_check_in(page: Page, ana: User) -> None:
    plan = CheckInPlan.objects.get(member=ana)
    assert plan.next_at is not None
    clock.move_on(plan.next_at - clock.now() + timedelta(minutes=1))
    checkins.remind_due()
    asked = CheckIn.objects.get(member=ana)
    page.goto(f"/c/{tokens.check_in_token(asked)}/")
    press(page, button(page, "We talked"))
    expect(page.get_by_text("Change my answer")).to_be_visible()
    asked.refresh_from_db()
    assert asked.answer == Answer.TALKED


def test_help_now_a_first_contact_ones_data_and_erasure(visitor: Callable[[], Visitor], site: str, ana: User) -> None:
    member = visitor()
    page = member.page
    page.goto("/")
    press(page, page.get_by_role("link", name="Help now").first)
    expect(page.get_by_role("link", name="988").first).to_be_visible()

    sign_in(page, ana, site)
    page.goto("/bridge/")
    day = page.get_by_label("Which day do you leave")
    tab_to(page, day)
    page.keyboard.type(factories.today().strftime("%m%d%Y"))
    press(page, button(page, "Look for a volunteer"))
    expect(button(page, "Withdraw")).to_be_visible()
    assert Bridge.objects.filter(member=ana).exists()

    page.goto("/privacy/my-data/")
    with page.expect_download():
        press(page, button(page, "Download my data"))
    tick(page, page.get_by_label("Yes, delete everything"))
    press(page, button(page, "Delete my account"))
    expect(page.get_by_text("Everything is deleted.")).to_be_visible()
    assert not Profile.objects.filter(pk=ana.pk).exists()
    assert member.problems == []
