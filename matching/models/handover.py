"""A sponsor who steps down: everybody they sponsor goes on to somebody else, one after the other."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Intergroup, User


class Handover(models.Model):
    """Begun by a coordinator, ``by`` (a plain id), with ``people`` pairs that lasted then; open until ``finished_at``.

    What is left to do is no column: it is the pairs that still last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="handovers")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="+")
    by = models.UUIDField()
    people = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sponsor"], condition=Q(finished_at__isnull=True), name="handover_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["begun_at"], name="handover_open", condition=Q(finished_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)
