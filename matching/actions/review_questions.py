"""Questions in a review: a coordinator asks one of the two, who answers; the review stays open all the while."""

from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.models.audit import record
from matching.actions import offers, reviews
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.outbox import post
from matching.models import Offer, ReviewDecision, ReviewQuestion
from matching.queries.coordinators import serving
from matching.states import OfferState


@transaction.atomic
def ask_in_review(offer: Offer, member_id: UUID, text: str, *, by: User) -> ReviewQuestion:
    """Ask one of the two something.

    Raises TooLate when the review is over or decided, or a question to them is open; NotAllowed for whoever may not.
    """
    request, offer = reviews.may_decide(offer, by=by)
    if member_id not in (request.member_id, offer.sponsor_id):
        raise NotAllowed
    decided = ReviewDecision.objects.filter(pk=offer.pk).exists()
    if decided or offer.questions.waiting().filter(member=member_id).exists():
        raise TooLate
    question = ReviewQuestion.objects.create(
        offer=offer, member_id=member_id, asked_by=by, text=text, asked_at=clock.now()
    )
    record(by, "offer.question_asked", offer, member=member_id, intergroup_id=request.intergroup_id)
    post("question", member_id, key=f"question:{question.pk}", question=question.pk)
    return question


@transaction.atomic
def answer_in_review(question: ReviewQuestion, answer: str, *, by: User) -> ReviewQuestion:
    """Answer, or correct the answer; whoever asked hears of it once. Raises TooLate when the review is over."""
    request, offer = offers.locked(question.offer)
    found = ReviewQuestion.objects.select_for_update().filter(pk=question.pk).first()
    if found is None or offer.state != OfferState.IN_REVIEW:
        raise TooLate
    if found.member_id != by.pk:
        raise NotAllowed
    found.answer, found.answered_at = answer, clock.now()
    found.save(update_fields=["answer", "answered_at"])
    record(by, "offer.question_answered", offer, member=by.pk, intergroup_id=request.intergroup_id)
    if found.asked_by_id in serving(request.intergroup_id):
        post("question_answered", found.asked_by_id, key=f"question_answered:{found.pk}", offer=offer.pk)
    return found
