"""The audit: who did what, append-only (a trigger refuses change and deletion), ids only, no content.

Members stand in it as pseudonyms. Fields translate: a query for a member's id finds their entries, and what is read
is the pseudonym. Each entry carries a proof of itself; :mod:`accounts.models.audit_chain` ties them together.
"""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from accounts import chain, clock

if TYPE_CHECKING:
    from accounts.models.people import User

    _Uuid = models.UUIDField[uuid.UUID | None, uuid.UUID | None]
    _Bytes = models.BinaryField[bytes, bytes]
else:
    _Uuid, _Bytes = models.UUIDField, models.BinaryField


def pseudonym(member: uuid.UUID) -> uuid.UUID:
    """What stands for a member in the audit, under the LOOKUP_KEY of the settings."""
    return chain.pseudonym(settings.LOOKUP_KEY, member)


class PseudonymField(_Uuid):
    """A member's id on the way in, also in queries; the pseudonym of it in the database and on the way out.

    An instance that was read is never saved again: that would make the pseudonym of a pseudonym.
    """

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        member = self.to_python(value)
        return super().get_db_prep_value(None if member is None else pseudonym(member), connection, prepared)


class ProofField(_Bytes):
    """The entry's proof of itself, made while it is saved."""

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:
        assert isinstance(model_instance, AuditEntry) or model_instance._meta.model_name == "auditentry"
        return proof_of(model_instance)


class AuditEntry(models.Model):
    """One deed. ``actor`` is a member, or null for the clock; erasing one leaves a pseudonym behind and not a hole."""

    at = models.DateTimeField()
    actor = PseudonymField(null=True)
    verb = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=40)
    member = PseudonymField(null=True, help_text="The member whom the deed concerns, for their own page.")
    intergroup_id = models.BigIntegerField(null=True)
    ids = models.JSONField(default=dict)
    proof = ProofField(unique=True, editable=False)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["member", "-at"], name="audit_of_member"),
            models.Index(fields=["target_kind", "target_id"], name="audit_of_target"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind}"

    def as_read(self) -> chain.Content:
        """What an entry says that was read from the database."""
        return _content(self, self.actor, self.member)


def proof_of(entry: Any) -> bytes:
    """An entry's proof of itself, before it is written."""
    return chain.prove(settings.LOOKUP_KEY, _to_write(entry))


def _to_write(row: Any) -> chain.Content:
    actor, member = (None if one is None else pseudonym(uuid.UUID(str(one))) for one in (row.actor, row.member))
    return _content(row, actor, member)


def _content(row: Any, actor: uuid.UUID | None, member: uuid.UUID | None) -> chain.Content:
    return chain.Content(row.at, actor, row.verb, row.target_kind, row.target_id, member, row.intergroup_id, row.ids)


def entry(
    actor: "User | None",
    verb: str,
    target: models.Model,
    *,
    member: uuid.UUID | None = None,
    intergroup_id: int | None = None,
    **ids: Any,
) -> AuditEntry:
    """One entry, not written yet. ``actor`` None means the clock; ``ids`` hold counts and ids, never a member's, and a
    coordinator's written reason where a rule is set aside, which names nobody."""
    return AuditEntry(
        at=clock.now(),
        actor=None if actor is None else actor.pk,
        verb=verb,
        target_kind=target._meta.model_name or "",
        target_id=str(pseudonym(target.pk) if _is_member(target._meta.model) else target.pk),
        member=member,
        intergroup_id=intergroup_id,
        ids={key: str(value) for key, value in ids.items()},
    )


def _is_member(model: type[models.Model]) -> bool:
    """Whether rows of a table go by their member's own id, as profiles do."""
    key = model._meta.pk
    while isinstance(key, models.ForeignKey):
        model = key.related_model
        key = model._meta.pk
    return model._meta.label == settings.AUTH_USER_MODEL


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
