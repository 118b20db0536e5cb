"""The audit: who did what, append-only (a trigger refuses change and deletion), ids only, no content."""

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models

from accounts import clock

if TYPE_CHECKING:
    from accounts.models.people import User


class AuditEntry(models.Model):
    """One deed. ``actor`` is a member's id or null for the clock; ids are plain, so that erasing a member leaves
    a pseudonym behind and not a hole."""

    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=40)
    member = models.UUIDField(null=True, help_text="The member whom the deed concerns, for their own page.")
    intergroup_id = models.BigIntegerField(null=True)
    ids = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["member", "-at"], name="audit_of_member"),
            models.Index(fields=["target_kind", "target_id"], name="audit_of_target"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind}"


def entry(
    actor: "User | None",
    verb: str,
    target: models.Model,
    *,
    member: uuid.UUID | None = None,
    intergroup_id: int | None = None,
    **ids: Any,
) -> AuditEntry:
    """One entry, not written yet. ``actor`` None means the clock; ``ids`` hold ids and counts, and a coordinator's
    written reason where a rule is set aside, which names nobody."""
    return AuditEntry(
        at=clock.now(),
        actor=None if actor is None else actor.pk,
        verb=verb,
        target_kind=target._meta.model_name or "",
        target_id=str(target.pk),
        member=member,
        intergroup_id=intergroup_id,
        ids={key: str(value) for key, value in ids.items()},
    )


def record(
    actor: "User | None",
    verb: str,
    target: models.Model,
    *,
    member: uuid.UUID | None = None,
    intergroup_id: int | None = None,
    **ids: Any,
) -> AuditEntry:
    """Write one entry in the running transaction; see :func:`entry`."""
    made = entry(actor, verb, target, member=member, intergroup_id=intergroup_id, **ids)
    made.save(force_insert=True)
    return made
