"""A member who may not take part for a while, by decision of those who look after safety."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models.intergroup import Intergroup
from accounts.models.people import User
from accounts.models.sealed import SealedTextField


class Suspension(models.Model):
    """While it is open the account is not active. ``reason`` is for those who look after safety alone.

    ``by`` and ``lifted_by`` are plain ids, as in the audit. ``ends_pairs`` tells whether the member's pairs end with
    it; ``settled_at`` is when all that follows was done. Times are UTC.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="suspensions")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()
    reason = SealedTextField(owner="member_id")
    ends_pairs = models.BooleanField(default=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(lifted_at__isnull=True), name="suspension_one_open"),
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lifted_at__gte=F("at")),
                name="suspension_lifted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="suspension_unsettled", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)
