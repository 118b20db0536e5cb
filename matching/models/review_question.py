"""A question that a coordinator asks one of the two while they review an offer."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.models.sealed import SealedTextField
from matching.models.offer import Offer
from matching.states import OfferState


class ReviewQuestionQuerySet(models.QuerySet["ReviewQuestion"]):
    def of(self, user: "User | Any") -> "ReviewQuestionQuerySet":
        """Those to this member that can still be answered."""
        return self.filter(member_id=user.pk, offer__state=OfferState.IN_REVIEW)

    def waiting(self) -> "ReviewQuestionQuerySet":
        """Those without an answer."""
        return self.filter(answered_at__isnull=True)


class ReviewQuestion(models.Model):
    """One question to one of the two, and their answer, which they may correct. The other of the two sees neither.

    Both are gone when the offer's review ends, at the latest after 90 days. Times are UTC.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="questions")
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="review_questions")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = SealedTextField(owner="member_id")
    asked_at = models.DateTimeField()
    answer = SealedTextField(owner="member_id")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "member"], condition=Q(answered_at__isnull=True), name="review_question_one_open"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="review_question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_at__gte=F("asked_at"))),
                name="review_question_answered_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
