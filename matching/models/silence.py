"""What follows from a long silence: each of the two is asked, apart, whether they would like a change."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.models.care import in_care, too_near
from matching.models.pairing import Pairing
from matching.states import LIVE_PAIRING


class ChangeAnswer(models.TextChoices):
    WELL = "well", _("All is well")
    CHANGE = "change", _("I would like a change")
    TALK = "talk", _("I would like to talk to a volunteer")


class ChangeAskQuerySet(models.QuerySet["ChangeAsk"]):
    def of(self, user: "User | Any") -> "ChangeAskQuerySet":
        """A member's own; the other of the two never sees them."""
        return self.filter(member_id=user.pk)

    def waiting_for_office(self, user: "User | Any") -> "ChangeAskQuerySet":
        """Members who would like to talk, and with whom no coordinator has talked yet, of the pairings that this member
        may look after."""
        return self.filter(
            in_care(user, "pairing__intergroup", "pairing__offer__request__kind"),
            answer=ChangeAnswer.TALK,
            heard_at__isnull=True,
            member__is_active=True,
            pairing__state__in=LIVE_PAIRING,
        ).exclude(too_near(user, "pairing__sponsor", "pairing__sponsee"))


class ChangeAsk(models.Model):
    """One asking of one member in one silence, which is known by ``silence``: the ``quiet_at`` of its pairing then.

    ``asked_at`` is when their letter may come; ``heard_at`` and ``heard_by`` tell which coordinator talked with them.
    Times are UTC.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="change_asks")
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="change_asks")
    silence = models.DateTimeField()
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=ChangeAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    heard_by = models.UUIDField(null=True, blank=True)

    objects = ChangeAskQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "member", "silence"], name="change_ask_once_a_silence"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=ChangeAnswer.values, answered_at__isnull=False),
                name="change_ask_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(heard_at__isnull=True, heard_by__isnull=True)
                | Q(answer=ChangeAnswer.TALK, heard_at__gte=F("answered_at"), heard_by__isnull=False),
                name="change_ask_heard_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
