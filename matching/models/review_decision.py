"""A coordinator's decision on an offer while it can still be taken back."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.models.care import in_care, too_near
from matching.models.offer import Offer, RejectReason


class Verdict(models.TextChoices):
    APPROVE = "approve", _("Approved")
    REJECT = "reject", _("Not approved")


class ReviewDecisionQuerySet(models.QuerySet["ReviewDecision"]):
    def for_coordinator(self, user: "User | Any") -> "ReviewDecisionQuerySet":
        """Those on what this member may look after: see :mod:`matching.models.care`."""
        own = too_near(user, "offer__sponsor", "offer__request__member")
        return self.filter(in_care(user, "offer__request__intergroup", "offer__request__kind")).exclude(own)


class ReviewDecision(models.Model):
    """Made ``at`` a moment and carried out at ``due_at``; until then it binds nobody and can be taken back.

    The row goes when it is carried out or taken back: the audit keeps both.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="decision")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.CharField(max_length=12, choices=RejectReason.choices, blank=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    objects = ReviewDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["due_at"], name="decision_due")]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="decision_verdict"),
            models.CheckConstraint(condition=Q(due_at__gte=F("at")), name="decision_due_after_made"),
            models.CheckConstraint(
                condition=(~Q(verdict=Verdict.REJECT) & Q(reason="")) | (Q(verdict=Verdict.REJECT) & ~Q(reason="")),
                name="decision_no_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} / {self.verdict}"
