"""Somebody is invited to serve an intergroup."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models.intergroup import Intergroup, scopes_field, scopes_known

INVITED_FOR = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> "InvitationQuerySet":
        """Those that can still be accepted at a moment."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """Somebody is asked by mail to serve an intergroup until ``ends_on``, a date in its zone.

    ``email`` is blank once the invitation is accepted or withdrawn. It is its own outbox: it goes out while ``sent_at``
    is empty. ``accepted_by`` is a plain id, as in the audit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=5, default="en")
    scopes = scopes_field()
    ends_on = models.DateField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.UUIDField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                "intergroup",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
            ),
            scopes_known("invitation_scopes"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitation_expires_later"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("made_by_id")),
                name="invitation_accepted_by_another",
            ),
            models.CheckConstraint(
                condition=(Q(accepted_at__isnull=True, withdrawn_at__isnull=True) & ~Q(email=""))
                | (Q(email="") & (Q(accepted_at__isnull=False) | Q(withdrawn_at__isnull=False))),
                name="invitation_address_while_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
