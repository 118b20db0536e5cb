"""All open questions on one page, each answered with one tap; only one's own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Profile, User
from matching.actions.checkins import remind_due
from matching.models import CheckIn, Pairing
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db

URL = reverse("questions")


@pytest.fixture
def rosa(db: None) -> User:
    """Rosa sponsors two people and was asked about both."""
    rosa = factories.sponsor(side={"seats": 8})
    for name in ("Nora", "Zoe"):
        pairing = story.paired_at_once(rosa)
        Profile.objects.filter(pk=pairing.sponsee_id).update(first_name=name)
    ask()
    return rosa


def ask() -> None:
    clock.move_on(timedelta(days=1))
    story.due_now()
    remind_due()


def about(rosa: User, name: str) -> CheckIn:
    mine = CheckIn.objects.filter(member=rosa, pairing__sponsee__profile__first_name=name)
    return mine.order_by("-local_date")[0]


def answer(browser: Client, question: object, answer: str = "talked") -> int:
    return browser.post(URL, {"question": str(question), "answer": answer}).status_code


def test_each_question_names_whom_it_is_about(rosa: User) -> None:
    text = office.page(signed_in(rosa), URL)
    for name in ("Nora", "Zoe"):
        assert f"Have you and {name} L. been in touch since we last asked?" in text


def test_one_tap_answers_one_and_leaves_the_others(rosa: User) -> None:
    browser = signed_in(rosa)
    assert answer(browser, about(rosa, "Nora").pk) == 302
    assert about(rosa, "Nora").answer == "talked"
    assert about(rosa, "Zoe").answer == ""
    text = office.page(browser, URL)
    assert "You answered: We talked." in text
    assert text.index("Zoe") < text.index("Nora")
    assert Pairing.objects.filter(contact_at__isnull=False).count() == 1


def test_an_answer_can_be_corrected_there(rosa: User) -> None:
    browser = signed_in(rosa)
    for said in ("talked", "not_yet"):
        answer(browser, about(rosa, "Nora").pk, said)
    assert about(rosa, "Nora").answer == "not_yet"


def test_help_leads_to_whom_to_call(rosa: User) -> None:
    reply = signed_in(rosa).post(URL, {"question": str(about(rosa, "Zoe").pk), "answer": "help"}, follow=True)
    assert "You are not alone with this" in reply.content.decode()


def test_somebody_elses_question_does_not_exist(rosa: User, ana: User) -> None:
    assert answer(signed_in(ana), about(rosa, "Zoe").pk) == 404
    assert answer(signed_in(rosa), uuid4()) == 404
    theirs = CheckIn.objects.exclude(member=rosa)[0]
    assert answer(signed_in(rosa), theirs.pk) == 404
    assert not CheckIn.objects.exclude(answer="").exists()


def test_a_question_that_a_newer_one_closed_is_not_answered(rosa: User) -> None:
    old = about(rosa, "Zoe")
    ask()
    assert answer(signed_in(rosa), old.pk) == 409
    assert not CheckIn.objects.exclude(answer="").exists()


@pytest.mark.parametrize("bad", [("", "talked"), ("x\0", "talked"), (None, "TALKED"), (None, "")])
def test_nonsense_changes_nothing(rosa: User, bad: tuple[str | None, str]) -> None:
    question = about(rosa, "Zoe").pk if bad[0] is None else bad[0]
    assert answer(signed_in(rosa), question, bad[1]) == 422
    assert not CheckIn.objects.exclude(answer="").exists()


def test_without_an_open_question_it_says_so(ana: User) -> None:
    assert "There is no open question at present." in office.page(signed_in(ana), URL)


def test_many_questions_take_no_more_queries(rosa: User) -> None:
    browser = signed_in(rosa)
    with office.at_most(8) as few:
        browser.get(URL)
    for _ in range(4):
        story.paired_at_once(rosa)
    ask()
    with office.at_most(8) as many:
        browser.get(URL)
    assert len(few) == len(many)
