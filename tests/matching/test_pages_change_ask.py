"""The page of the question after a silence: three buttons, no sign-in; and the office's page of a wish to talk."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Contact, User
from matching import tokens
from matching.actions import pairings, silence
from matching.models import ChangeAnswer, ChangeAsk, CheckIn, Pairing
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story
from tests.matching.test_pages_check_in import OUTING

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


def asking(pairing: Pairing, member: User) -> ChangeAsk:
    now = clock.now()
    return ChangeAsk.objects.create(pairing=pairing, member=member, silence=now, asked_at=now)


@pytest.fixture
def ask(pairing: Pairing, ana: User) -> ChangeAsk:
    return asking(pairing, ana)


def link(ask: ChangeAsk) -> str:
    return reverse("change_ask", args=[tokens.change_token(ask)])


def text_of(ask: ChangeAsk) -> str:
    return Client().get(link(ask)).content.decode()


def test_a_visit_changes_nothing(ask: ChangeAsk) -> None:
    """S8."""
    for visitor in (Client(), signed_in(ask.member)):
        for method in (visitor.get, visitor.head, visitor.options):
            method(link(ask))
    ask.refresh_from_db()
    assert (ask.answer, ask.answered_at) == ("", None)


def test_one_press_answers_without_a_cookie_and_can_be_changed(ask: ChangeAsk) -> None:
    visitor = Client(enforce_csrf_checks=True)
    for answer in ("well", "change", "talk", "well"):
        visitor.cookies.clear()
        reply = visitor.post(link(ask), {"answer": answer}, headers={"origin": "null"})
        assert reply["Location"] == link(ask)
        ask.refresh_from_db()
        assert ask.answer == answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("well", "Good to know"),
        ("change", "A change is normal"),
        ("talk", "A volunteer of our office gets in touch with you"),
    ],
)
def test_each_answer_says_what_comes_next(ask: ChangeAsk, answer: str, words: str) -> None:
    assert "How would you like to go on?" in text_of(ask)
    Client().post(link(ask), {"answer": answer})
    assert words in text_of(ask)


def test_a_wish_for_change_leads_to_the_page_where_it_is_made(ask: ChangeAsk, pairing: Pairing) -> None:
    Client().post(link(ask), {"answer": "change"})
    assert f"{reverse('pairing', args=[pairing.pk])}#leave" in text_of(ask)
    pairing.refresh_from_db()
    assert pairing.is_live


def test_what_the_other_says_never_shows(ask: ChangeAsk, pairing: Pairing, rosa: User) -> None:
    theirs, before = asking(pairing, rosa), text_of(ask)
    page = signed_in(ask.member).get(reverse("pairing", args=[pairing.pk])).content.decode()
    for answer in ChangeAnswer:
        silence.answer_change(theirs, answer, by=rosa)
        assert text_of(ask) == before
        again = signed_in(ask.member).get(reverse("pairing", args=[pairing.pk])).content.decode()
        assert ("How would you like to go on?" in again) == ("How would you like to go on?" in page) is True


@pytest.mark.parametrize("bad", ["", "yes", "WELL", "well\x00", "\u202ewell"])
def test_what_is_no_answer_changes_nothing_and_asks_again(ask: ChangeAsk, bad: str) -> None:
    reply = Client().post(link(ask), {"answer": bad})
    assert reply.status_code == 422
    assert "How would you like to go on?" in reply.content.decode()


def test_the_page_tells_a_bystander_nothing(ask: ChangeAsk) -> None:
    """S10, S7."""
    visitor = signed_in(ask.member)
    for answer in ("", *ChangeAnswer):
        if answer:
            visitor.post(link(ask), {"answer": answer})
        reply = visitor.get(link(ask))
        text = reply.content.decode()
        assert "<title>Two Lights</title>" in text
        assert "<nav" not in text
        assert not [word for word in (*OUTING, "rosa", "ana ") if word in text.lower()]
        assert reply["Referrer-Policy"] == "no-referrer"
        assert reply["Cache-Control"] == "no-store"


def test_links_that_are_altered_old_or_of_an_ended_pair_say_what_to_do(ask: ChangeAsk, pairing: Pairing) -> None:
    """S9: and a link for another purpose opens nothing here."""
    checkin = CheckIn.objects.create(
        pairing=pairing, member=ask.member, local_date=factories.today(), due_at=clock.now(), state="open"
    )
    foreign = [tokens.check_in_token(checkin), tokens.roster_token(ask.pk), tokens.change_token(ask)[:-2]]
    for token in foreign:
        assert Client().post(reverse("change_ask", args=[token]), {"answer": "well"}).status_code == 404
    assert Client().get(reverse("check_in", args=[tokens.change_token(ask)])).status_code == 404
    good = link(ask)
    with time_machine.travel(clock.now() + tokens.LIFE + timedelta(minutes=1)):
        assert Client().get(good).status_code == 410
    pairings.end_pairing(pairing, by=pairing.sponsor)
    assert Client().post(good, {"answer": "well"}).status_code == 410
    User.objects.filter(pk=ask.member_id).update(is_active=False)
    assert Client().get(good).status_code == 410


def test_the_first_page_and_the_shared_page_ask_as_well_until_it_is_answered(ask: ChangeAsk, pairing: Pairing) -> None:
    browser, shared = signed_in(ask.member), reverse("pairing", args=[pairing.pk])
    assert "It has been quiet with Rosa M." in browser.get(reverse("home")).content.decode()
    with office.at_most(8):
        assert "How would you like to go on?" in browser.get(shared).content.decode()
    Client().post(link(ask), {"answer": "well"})
    assert "It has been quiet with" not in browser.get(reverse("home")).content.decode()
    assert "How would you like to go on?" not in browser.get(shared).content.decode()


def test_the_office_sees_how_to_reach_whoever_would_like_to_talk(ask: ChangeAsk, bea: User) -> None:
    url = reverse("talk", args=[ask.pk])
    desk = signed_in(bea)
    assert desk.get(url).status_code == 404
    Client().post(link(ask), {"answer": "talk"})
    Contact(pk=ask.member_id, phone="+1 555 010 7777", hint="After six.").save(force_update=True)
    text = office.page(desk, url)
    for words in ("Ana L. would like to talk", "+1 555 010 7777", "After six."):
        assert words in text
    assert "Rosa" not in text
    assert AuditEntry.objects.filter(verb="person.viewed", member=ask.member_id, actor=bea.pk).count() == 1
    assert desk.post(url)["Location"] == reverse("coordinate")
    assert desk.get(url).status_code == 404
    assert "A volunteer of our office has been in touch with you" in text_of(ask)


def test_a_wish_taken_back_closes_the_page_of_the_office(ask: ChangeAsk, bea: User) -> None:
    Client().post(link(ask), {"answer": "talk"})
    Client().post(link(ask), {"answer": "change"})
    assert signed_in(bea).get(reverse("talk", args=[ask.pk])).status_code == 404
    assert signed_in(bea).post(reverse("talk", args=[ask.pk])).status_code == 404
