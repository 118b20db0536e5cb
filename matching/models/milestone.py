"""Whose milestones are remembered."""

import uuid
from datetime import UTC, datetime

from django.db import models

from accounts import clock
from accounts.models import Fellowship, User

ANEW = datetime(1970, 1, 1, tzinfo=UTC)
"""As ``next_at``: to be counted anew at the next tick."""


class MilestonePlan(models.Model):
    """A member wants their milestones in a fellowship remembered; without a row nothing is.

    ``id`` stands for the member's present date, which is kept in the profile alone: triggers of the database give the
    row another id when the date changes, and delete what was posted under the old one. Then too ``sponsor_too`` ends,
    for the sponsor was let in on another date. ``from_on`` is the first local day that is told, empty until the tick
    has counted; ``next_at`` is when the tick looks again (UTC).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="milestone_plans")
    fellowship = models.ForeignKey(Fellowship, on_delete=models.PROTECT, related_name="+")
    sponsor_too = models.BooleanField(default=False)
    from_on = models.DateField(null=True, blank=True)
    next_at = models.DateTimeField(default=ANEW)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "fellowship"], name="milestone_plan_once")]
        indexes = [models.Index(fields=["next_at"], name="milestone_plan_due")]

    def __str__(self) -> str:
        return str(self.pk)
