"""Where a member's devices take notifications."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from accounts import clock
from accounts.crypto import keyed_hash
from accounts.models import SealedTextField, User


def fingerprint(endpoint: str) -> str:
    """What tells whether an address is known already: 64 characters that say nothing without this site's key."""
    return keyed_hash(settings.LOOKUP_KEY, "push address", endpoint).hex()


class PushAddressQuerySet(models.QuerySet["PushAddress"]):
    """What a delivery leaves behind: the channel's own marks, which change nothing that a member said."""

    def reached(self, pk: uuid.UUID, at: datetime) -> None:
        """The push service took something for this address."""
        self.filter(pk=pk).update(reached_at=at, failing_since=None)

    def failing(self, pk: uuid.UUID, at: datetime) -> None:
        """The push service did not take it; the first time of several counts."""
        self.filter(pk=pk, failing_since=None).update(failing_since=at)


class PushAddress(models.Model):
    """One browser of one member, as it registered itself with its maker's push service.

    ``endpoint`` is an address that lets whoever knows it write to the device; ``p256dh`` and ``auth`` are the device's
    keys (URL-safe base64), with which only that device can read what is sent. ``label`` names browser and system in
    a word each. ``reached_at`` and ``failing_since`` are UTC.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_addresses")
    fingerprint = models.CharField(max_length=64)
    endpoint = SealedTextField(owner="member_id")
    p256dh = SealedTextField(owner="member_id")
    auth = SealedTextField(owner="member_id")
    label = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    reached_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    objects = PushAddressQuerySet.as_manager()

    class Meta:
        ordering = ["added_at"]
        constraints = [models.UniqueConstraint(fields=["fingerprint"], name="push_address_once")]

    def __str__(self) -> str:
        return str(self.pk)
