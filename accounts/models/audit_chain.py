"""The chains of the audit, one for each office and one for what concerns none.

Whoever writes an entry waits for nobody: a trigger notes it as waiting, in the same transaction, and a tick links what
waits. An entry that is committed is therefore waiting or linked, however late it commits and whatever its number is.
"""

from django.db import models
from django.db.models import UniqueConstraint


class AuditWaiting(models.Model):
    """An entry that no chain holds yet."""

    entry = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name_plural = "audit waiting"

    def __str__(self) -> str:
        return str(self.entry)


class AuditLink(models.Model):
    """An entry's place in the chain of ``office`` (0: of none). Plain ids: a link outlives what is taken from beside
    it, and so tells of it."""

    office = models.BigIntegerField()
    place = models.BigIntegerField()
    entry = models.BigIntegerField(unique=True)
    value = models.BinaryField()

    class Meta:
        constraints = [UniqueConstraint(fields=["office", "place"], name="audit_link_place")]

    def __str__(self) -> str:
        return f"{self.office}:{self.place}"


class AuditHeads(models.Model):
    """The one row with the heads of all chains, as :func:`accounts.chain.written` gives them, and their proof."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    chains = models.JSONField(default=dict)
    proof = models.BinaryField()

    class Meta:
        verbose_name_plural = "audit heads"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_heads_once")]

    def __str__(self) -> str:
        return "heads"
