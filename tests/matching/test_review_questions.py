"""A coordinator asks one of the two something: in words behind the sign-in only, and for this review only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock, privacy
from accounts.models import AuditEntry, User
from matching.actions import decisions, requests, retention, reviews
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.review_questions import answer_in_review, ask_in_review
from matching.models import Offer, OutboxMessage, ReviewQuestion, Verdict
from matching.notices import letter
from matching.queries import today
from matching.queries.waits import Holder, Kind
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db

WORDS = "Could you also meet on a Friday?"


@pytest.fixture
def offer(ana: User, rosa: User) -> Offer:
    return office.in_review(ana, rosa)


@pytest.fixture
def question(offer: Offer, ana: User, bea: User) -> ReviewQuestion:
    return ask_in_review(offer, ana.pk, WORDS, by=bea)


def held_by(bea: User) -> Holder:
    (row,) = today.look(bea, today.Wanted((Kind.REVIEW,)), []).rows
    return row.holder


def test_the_question_is_asked_on_the_review_and_answered_behind_the_sign_in(
    offer: Offer, ana: User, bea: User
) -> None:
    desk, page = signed_in(bea), reverse("review", args=[offer.pk])
    answer = desk.post(reverse("review_ask", args=[offer.pk]), {"whom": str(ana.pk), "text": WORDS}, follow=True)
    assert "Waits for the answer" in answer.content.decode()
    asked = ReviewQuestion.objects.get()
    hers, url = signed_in(ana), reverse("review_question", args=[asked.pk])
    assert url in office.page(hers, reverse("home"))
    assert WORDS in office.page(hers, url)
    hers.post(url, {"answer": "Every second one."})
    assert url not in office.page(hers, reverse("home"))
    assert "Every second one." in office.page(desk, page)
    offer.refresh_from_db()
    assert offer.state == OfferState.IN_REVIEW


def test_the_letter_to_the_office_holds_no_word_of_it(question: ReviewQuestion, ana: User, bea: User) -> None:
    answer_in_review(question, "Every second one.", by=ana)
    told = letter(OutboxMessage.objects.get(topic="question_answered", recipient=bea))
    assert told is not None
    assert "Friday" not in str(told.message())
    assert "second" not in str(told.message())


def test_the_letter_goes_to_the_page_and_only_while_it_waits(question: ReviewQuestion, ana: User) -> None:
    message = OutboxMessage.objects.get(topic="question", recipient=ana)
    told = letter(message)
    assert told is not None
    assert "Friday" not in str(told.message())
    assert reverse("review_question", args=[question.pk]) in str(told.body)


def test_today_says_in_whose_hands_it_is(offer: Offer, question: ReviewQuestion, ana: User, bea: User) -> None:
    assert held_by(bea) == Holder.NEWCOMER
    ask_in_review(offer, offer.sponsor_id, "Are mornings fine?", by=bea)
    assert held_by(bea) == Holder.SPONSOR
    for asked in ReviewQuestion.objects.all():
        answer_in_review(asked, "Yes.", by=asked.member)
    assert held_by(bea) == Holder.COORDINATOR


def test_the_other_of_the_two_and_others_see_nothing(question: ReviewQuestion, rosa: User, olga: User) -> None:
    for member in (rosa, olga):
        client = signed_in(member)
        assert client.get(reverse("review_question", args=[question.pk])).status_code == 404
        assert client.post(reverse("review_question", args=[question.pk]), {"answer": "x"}).status_code == 404
    with pytest.raises(NotAllowed):
        answer_in_review(question, "x", by=rosa)


def test_one_question_at_a_time_to_each(offer: Offer, question: ReviewQuestion, bea: User, ana: User) -> None:
    with pytest.raises(TooLate):
        ask_in_review(offer, ana.pk, "And on Saturday?", by=bea)
    ask_in_review(offer, offer.sponsor_id, "Are mornings fine?", by=bea)
    answer_in_review(question, "No.", by=ana)
    ask_in_review(offer, ana.pk, "And on Saturday?", by=bea)


def test_nobody_else_can_be_asked_and_nobody_else_asks(offer: Offer, olga: User, bea: User, ana: User) -> None:
    with pytest.raises(NotAllowed):
        ask_in_review(offer, olga.pk, WORDS, by=bea)
    for by in (olga, ana, factories.coordinator(factories.intergroup("hillside"))):
        with pytest.raises(NotAllowed):
            ask_in_review(offer, ana.pk, WORDS, by=by)


@pytest.mark.parametrize("data", [{}, {"whom": "x", "text": WORDS}, {"text": WORDS}])
def test_a_form_that_lacks_something_says_what(offer: Offer, bea: User, data: dict[str, str]) -> None:
    answer = signed_in(bea).post(reverse("review_ask", args=[offer.pk]), data)
    assert answer.status_code == 422
    assert not ReviewQuestion.objects.exists()


def test_after_a_decision_nobody_is_asked_until_it_is_taken_back(offer: Offer, ana: User, bea: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    with pytest.raises(TooLate):
        ask_in_review(offer, ana.pk, WORDS, by=bea)
    decisions.take_back(offer, by=bea)
    ask_in_review(offer, ana.pk, WORDS, by=bea)


@pytest.mark.parametrize("end", ["approve", "reject", "withdraw"])
def test_it_goes_when_the_review_ends(question: ReviewQuestion, offer: Offer, ana: User, bea: User, end: str) -> None:
    answer_in_review(question, "No.", by=ana)
    if end == "approve":
        reviews.approve_offer(offer, by=bea)
    elif end == "reject":
        reviews.reject_offer(offer, by=bea, reason="other")
    else:
        requests.withdraw_request(offer.request, by=ana)
    assert not ReviewQuestion.objects.exists()
    with pytest.raises(TooLate):
        answer_in_review(question, "Yes.", by=ana)
    page: Client = signed_in(ana)
    assert page.get(reverse("review_question", args=[question.pk])).status_code == 404


def test_it_goes_after_ninety_days_at_the_latest(question: ReviewQuestion) -> None:
    clock.move_on(timedelta(days=59))
    retention.forget()
    assert ReviewQuestion.objects.exists()
    ReviewQuestion.objects.update(asked_at=clock.now() - timedelta(days=91))
    retention.forget()
    assert not ReviewQuestion.objects.exists()


def test_each_has_their_own_words_in_their_copy(question: ReviewQuestion, ana: User, rosa: User, bea: User) -> None:
    answer_in_review(question, "Every second one.", by=ana)
    hers, theirs, office_copy = (str(privacy.export(one)) for one in (ana, rosa, bea))
    assert WORDS in hers
    assert "second" in hers
    assert WORDS not in theirs
    assert WORDS in office_copy
    assert "second" not in office_copy


def test_erasing_either_leaves_no_word_of_theirs(question: ReviewQuestion, ana: User, bea: User) -> None:
    privacy.erase(bea)
    question.refresh_from_db()
    assert question.asked_by is None
    privacy.erase(ana)
    assert not ReviewQuestion.objects.exists()


def test_the_log_keeps_that_it_was_asked_and_no_word(question: ReviewQuestion, ana: User) -> None:
    answer_in_review(question, "Every second one.", by=ana)
    kept = AuditEntry.objects.filter(verb__startswith="offer.question_")
    assert sorted(one.verb for one in kept) == ["offer.question_answered", "offer.question_asked"]
    assert not any("Friday" in str(one.ids) or "second" in str(one.ids) for one in kept)
