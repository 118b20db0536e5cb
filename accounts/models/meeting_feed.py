"""A meeting list that a coordinator brought: looked over first, then published, and taken back if need be."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.intergroup import Fellowship, Intergroup


class MeetingFeed(models.Model):
    """One list. ``rows`` holds what became of each row of the file, ``entries`` the meetings it gives; street addresses
    and people's names, which a feed may hold, are kept nowhere. ``made_by`` is a plain id, as in the audit.

    ``before`` is there once it is published: the meetings as they stood that it changed or took off the list, by id,
    and the ids of those it added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="feeds")
    fellowship = models.ForeignKey(Fellowship, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=120)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    rows = models.JSONField(default=list)
    entries = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["intergroup", "-made_at"], name="meeting_feed_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, before__isnull=True)
                | Q(published_at__isnull=False, before__isnull=False),
                name="meeting_feed_can_be_taken_back",
            ),
            models.CheckConstraint(condition=~Q(entries=[]), name="meeting_feed_has_meetings"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
