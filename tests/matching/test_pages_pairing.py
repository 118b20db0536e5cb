"""The page that two people share: contact details for those two only, one's own half, and every way out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Bar, BarKind, Contact, Report, User
from matching.actions import checkins, pairings
from matching.models import CheckIn, CheckInPlan, Pairing
from matching.states import PairingState
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db

PLAN = {
    "cadence": "weekly",
    "hour": "7",
    "quiet_begins": "21",
    "quiet_ends": "9",
    "paused_until": "",
    "help_sponsor": "on",
    "help_coordinator": "on",
}
NAMES = ("pairing_continue", "pairing_end", "pairing_plan", "pairing_report")


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    pairing = story.paired(ana, rosa, bea)
    Contact(pk=ana.pk, phone="+1 555 010 0007", hint="CANARY-ana").save(force_update=True)
    Contact(pk=rosa.pk, phone="+1 555 010 0008", hint="CANARY-rosa").save(force_update=True)
    return pairing


def url(pairing: Pairing, name: str = "pairing") -> str:
    return reverse(name, args=[pairing.pk])


def page(user: User, pairing: Pairing) -> str:
    return office.page(signed_in(user), url(pairing))


def post(user: User, pairing: Pairing, name: str, **fields: Any) -> Any:
    return signed_in(user).post(url(pairing, name), fields)


def plan_of(user: User) -> CheckInPlan:
    return CheckInPlan.objects.get(member=user)


def test_each_sees_how_to_reach_the_other(ana: User, rosa: User, pairing: Pairing) -> None:
    mine, theirs = page(ana, pairing), page(rosa, pairing)
    assert "Rosa M." in mine
    assert 'href="tel:+1 555 010 0008"' in mine
    assert "CANARY-rosa" in mine
    assert "Ana L." in theirs
    assert 'href="tel:+1 555 010 0007"' in theirs


def test_the_sponsors_first_note_is_for_the_other(ana: User, rosa: User, pairing: Pairing) -> None:
    assert "Call me after six." in page(ana, pairing)
    assert "Call me after six." not in page(rosa, pairing)


def test_both_see_the_hours_they_share_while_it_lasts(ana: User, rosa: User, pairing: Pairing) -> None:
    for user in (ana, rosa):
        assert "15 hours a week." in page(user, pairing)
    pairings.end_pairing(pairing, by=ana)
    assert "hours a week" not in page(rosa, pairing)


def test_to_everybody_else_the_page_does_not_exist(pairing: Pairing, bea: User, olga: User) -> None:
    for stranger in (bea, olga):
        assert signed_in(stranger).get(url(pairing)).status_code == 404
        for name in NAMES:
            assert post(stranger, pairing, name, reason="unsaid", kind="other", **PLAN).status_code == 404
    assert Client().get(url(pairing)).status_code == 302
    pairing.refresh_from_db()
    assert pairing.state == PairingState.ACTIVE


def test_a_link_changes_nothing(ana: User, pairing: Pairing) -> None:
    """S8."""
    for name in NAMES:
        assert signed_in(ana).get(url(pairing, name)).status_code == 405


def test_one_sees_ones_own_answers_and_never_the_others(ana: User, rosa: User, pairing: Pairing) -> None:
    story.due_now()
    checkins.remind_due()
    for who, answer in ((ana, "help"), (rosa, "not_yet")):
        checkins.answer_checkin(CheckIn.objects.get(member=who), answer, by=who)  # type: ignore[arg-type]
    assert "I need help</td>" in page(ana, pairing)
    assert "Not yet</td>" not in page(ana, pairing)
    assert "Not yet</td>" in page(rosa, pairing)
    assert "I need help</td>" not in page(rosa, pairing)


def test_an_open_question_can_be_answered_right_here(ana: User, pairing: Pairing) -> None:
    story.due_now()
    checkins.remind_due()
    text = page(ana, pairing)
    assert "Waits for your answer" in text
    action = text.split('action="/c/')[1].split('"')[0]
    signed_in(ana).post(f"/c/{action}", {"answer": "talked"})
    assert CheckIn.objects.get(member=ana).answer == "talked"


def test_the_trial_can_go_on(ana: User, pairing: Pairing) -> None:
    assert "We go on together" in page(ana, pairing)
    assert post(ana, pairing, "pairing_continue").status_code == 302
    pairing.refresh_from_db()
    assert pairing.state == PairingState.CONFIRMED
    assert "We go on together" not in page(ana, pairing)


def test_a_second_press_sees_how_it_stands(ana: User, rosa: User, pairing: Pairing) -> None:
    post(ana, pairing, "pairing_continue")
    answer = post(rosa, pairing, "pairing_continue")
    assert answer.status_code == 409
    assert "moved on" in answer.content.decode()


def test_ending_takes_one_press_and_hides_the_details(ana: User, rosa: User, pairing: Pairing) -> None:
    assert "checked" in page(ana, pairing).split('value="unsaid"')[1].split(">")[0]
    assert post(ana, pairing, "pairing_end", reason="unsaid")["Location"] == reverse("request")
    for user in (ana, rosa):
        ended = page(user, pairing)
        assert "This pairing has ended" in ended
        assert "555 010" not in ended
        assert "CANARY" not in ended
        assert "Call me after six." not in ended
    assert story.seats_taken(rosa) == 0
    assert not Bar.objects.exists()


def test_the_sponsor_may_end_it_as_well_and_ask_not_to_meet_again(rosa: User, ana: User, pairing: Pairing) -> None:
    answer = post(rosa, pairing, "pairing_end", reason="no_time", not_again="on")
    assert answer["Location"] == reverse("home")
    assert Bar.objects.get(by=rosa, other=ana).kind == BarKind.NOT_AGAIN


@pytest.mark.parametrize("fields", [{}, {"reason": "bored"}, {"reason": "x" * 10_000}, {"reason": "\0"}])
def test_an_end_without_a_known_reason_ends_nothing(ana: User, pairing: Pairing, fields: dict[str, str]) -> None:
    assert post(ana, pairing, "pairing_end", **fields).status_code == 422
    pairing.refresh_from_db()
    assert pairing.is_live


def test_what_has_ended_cannot_end_go_on_or_be_planned(ana: User, rosa: User, pairing: Pairing) -> None:
    pairings.end_pairing(pairing, by=rosa)
    for name, fields in (("pairing_end", {"reason": "unsaid"}), ("pairing_continue", {}), ("pairing_plan", PLAN)):
        answer = post(ana, pairing, name, **fields)
        assert answer.status_code == 409
        assert "This pairing has ended" in answer.content.decode()


def test_a_report_ends_contact_and_is_possible_after_the_end_too(ana: User, rosa: User, pairing: Pairing) -> None:
    """S14."""
    assert post(ana, pairing, "pairing_report", kind="pressure").status_code == 302
    pairing.refresh_from_db()
    assert not pairing.is_live
    assert Bar.objects.get(by=ana, other=rosa).kind == BarKind.BLOCK
    assert post(rosa, pairing, "pairing_report", kind="other").status_code == 302
    assert Report.objects.count() == 2


def test_a_report_needs_a_kind(ana: User, pairing: Pairing) -> None:
    answer = post(ana, pairing, "pairing_report", kind="gossip")
    assert answer.status_code == 422
    assert "Choose one of these." in answer.content.decode()
    assert not Report.objects.exists()


def test_each_chooses_how_they_are_asked(ana: User, rosa: User, pairing: Pairing) -> None:
    until = clock.today("America/New_York") + timedelta(days=9)
    assert post(ana, pairing, "pairing_plan", **{**PLAN, "paused_until": until.isoformat()}).status_code == 302
    plan = plan_of(ana)
    assert (plan.cadence, plan.hour, plan.paused_until) == ("weekly", 7, until)
    assert plan.help_sponsor
    assert plan.help_coordinator
    assert plan_of(rosa).cadence == "default"


def test_whether_the_sponsor_is_told_is_not_the_sponsors_to_choose(rosa: User, pairing: Pairing) -> None:
    assert "tell my sponsor" not in page(rosa, pairing)
    post(rosa, pairing, "pairing_plan", **PLAN)
    assert not plan_of(rosa).help_sponsor


@pytest.mark.parametrize(
    "bad",
    [
        {"cadence": "hourly"},
        {"cadence": ""},
        {"hour": "24"},
        {"hour": "-1"},
        {"hour": "seven"},
        {"paused_until": "2020-01-01"},
        {"paused_until": "9999-12-31"},
        {"paused_until": "soon"},
        {"paused_until": "2\0"},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_and_kept_on_the_page(
    ana: User, pairing: Pairing, bad: dict[str, str]
) -> None:
    answer = post(ana, pairing, "pairing_plan", **{**PLAN, **bad})
    assert answer.status_code == 422
    assert '<option value="7" selected' in answer.content.decode() or "hour" in bad
    assert plan_of(ana).cadence == "default"


def test_the_page_asks_the_database_little(ana: User, pairing: Pairing) -> None:
    """L3."""
    story.due_now()
    checkins.remind_due()
    client = signed_in(ana)
    with office.at_most(8):
        client.get(url(pairing))
