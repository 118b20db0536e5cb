"""The outbox: messages committed with the change they tell of, and sent afterwards under a lease."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from matching.states import OutboxState

MAIL = "mail"
"""The channel that reaches everybody."""


class OutboxMessage(models.Model):
    """One message to one member at one address. ``key`` names the occasion, so that the same occasion is never posted
    twice to the same address. ``address`` is an id of the channel's own where a member may have several.

    ``ids`` holds ids only; every other fact is read again at delivery. ``grace_until`` is the moment after which
    sending would be unkind or pointless: then the message is ``missed``. Times are UTC, leases by the database's clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120)
    # The database's default: processes of the release before may still write while this one starts.
    channel = models.CharField(max_length=20, default=MAIL, db_default=MAIL)
    address = models.UUIDField(null=True, blank=True)
    topic = models.CharField(max_length=40)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ids = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=OutboxState.choices, default=OutboxState.WAITING)
    posted_at = models.DateTimeField()
    send_after = models.DateTimeField()
    grace_until = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "channel", "address"], nulls_distinct=False, name="outbox_once"),
            models.CheckConstraint(condition=Q(state__in=OutboxState.values), name="outbox_state"),
            models.CheckConstraint(
                condition=~Q(state=OutboxState.LEASED) | Q(leased_until__isnull=False), name="outbox_lease_ends"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "send_after"],
                name="outbox_due",
                condition=Q(state__in=[OutboxState.WAITING, OutboxState.LEASED]),
            ),
            models.Index(fields=["recipient"], name="outbox_recipient"),
            models.Index(fields=["topic"], name="outbox_set_aside", condition=Q(state=OutboxState.FAILED)),
        ]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a part of the works last showed that it consumes: written by a task, read by ``/healthz/``."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
