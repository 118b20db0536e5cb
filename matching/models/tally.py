"""Counters of what became of messages: they only ever grow, and outlive the messages that they counted."""

from django.db import models

LATENESS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300, 900, 3600)
"""Upper bounds, in seconds, of the lateness of sent messages; each includes its own bound, the last bucket has none."""

BEFORE = "1970-01-01T00:00:00+00:00"
"""The hour under which everything older than two days stands, once it was folded together."""


class TallyKind(models.TextChoices):
    """What is counted; the words stand in the trigger of migration 0008 too. Operators see them as names of metrics."""

    SENT = "sent"
    MISSED = "missed"
    FAILED = "failed"
    PUT_OFF = "put_off"
    DUPLICATE = "duplicate"


class Tally(models.Model):
    """How often something happened to messages of a topic in one hour (UTC), as one database connection counted it.

    Each connection (``backend``, its process number at the server) has rows of its own, so that no sender ever waits
    for another's counter; the sum is what counts. ``bucket`` is the place in `LATENESS` of sent messages, 0 for the
    others; ``seconds`` the sum of their lateness. No row names a member or a message.
    """

    kind = models.CharField(max_length=10, choices=TallyKind.choices)
    topic = models.CharField(max_length=40)
    hour = models.DateTimeField()
    bucket = models.PositiveSmallIntegerField(default=0)
    backend = models.IntegerField()
    number = models.BigIntegerField()
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "topic", "hour", "bucket", "backend"], name="tally_once"),
            models.CheckConstraint(condition=models.Q(kind__in=TallyKind.values), name="tally_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.topic}: {self.number}"
