"""What was changed in an intergroup's policy, so that it can be read and taken back."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models.intergroup import Intergroup

UNCHANGED = uuid.UUID(int=0)
"""In the place of the last change, where nothing has been changed yet."""


class PolicyChange(models.Model):
    """One change. ``before`` and ``after`` hold the changed fields of the policy by name; ``actor`` is a plain id, as
    in the audit. ``undoes`` names the change that this one took back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="policy_changes")
    actor = models.UUIDField()
    at = models.DateTimeField()
    before = models.JSONField()
    after = models.JSONField()
    undoes = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["intergroup", "-at"], name="policy_change_of")]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="policy_change_changes_something"),
            models.CheckConstraint(condition=~Q(undoes=F("id")), name="policy_change_undoes_another"),
        ]

    def __str__(self) -> str:
        return f"{self.intergroup_id} / {self.at}"
