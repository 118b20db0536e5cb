"""The office asks somebody who leaves treatment, on their own say, whether they would like a first contact."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import Intergroup, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching.models.bridge import LOOK_AFTER_BRIDGES

OPEN_FOR = timedelta(days=30)
"""How long anything is kept of somebody who has not said yes."""


class BridgeInvitationQuerySet(models.QuerySet["BridgeInvitation"]):
    def open(self, at: datetime) -> "BridgeInvitationQuerySet":
        """Those that can still be answered at a moment."""
        return self.filter(expires_at__gt=at)

    def for_coordinator(self, user: "User | Any") -> "BridgeInvitationQuerySet":
        """Those of the offices whose first contacts this member looks after."""
        return self.filter(intergroup__in=intergroups_coordinated_by(user, *LOOK_AFTER_BRIDGES))


class BridgeInvitation(models.Model):
    """One question to somebody who may have no account. No name is kept; the row goes with any answer, or after 30
    days without one.

    ``email`` is there until the mail is handed over, which is once; without an address the coordinator hands the link
    over. ``leaves_on`` is a day where the office is. ``made_by`` is a plain id, as in the audit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="bridge_invitations")
    language = models.CharField(max_length=5, default="en")
    leaves_on = models.DateField()
    email = models.EmailField(max_length=254, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = BridgeInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["leaves_on", "made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"), expires_at__lte=F("made_at") + OPEN_FOR),
                name="bridge_invitation_thirty_days",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(email=""), name="bridge_invitation_sent_keeps_no_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
