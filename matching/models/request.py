"""A newcomer's request and the people suggested for it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Fellowship, Intergroup, User
from matching.states import LIVE_REQUEST, RequestState


class RequestKind(models.TextChoices):
    SPONSOR = "sponsor", _("A sponsor")
    BRIDGE = "bridge", _("A first contact after treatment")


class SponsorRequestQuerySet(models.QuerySet["SponsorRequest"]):
    def live(self) -> "SponsorRequestQuerySet":
        """Those that still look for somebody."""
        return self.filter(state__in=LIVE_REQUEST)

    def of(self, user: "User | Any") -> "SponsorRequestQuerySet":
        """A member's own."""
        return self.filter(member_id=user.pk)

    def for_coordinator(self, user: "User | Any") -> "SponsorRequestQuerySet":
        """Those that this member may look after: see :mod:`matching.models.care`."""
        from matching.models.care import in_care, too_near

        return self.filter(in_care(user, "intergroup", "kind")).exclude(too_near(user, "member"))


class SponsorRequest(models.Model):
    """One ask. ``decide_by`` is the moment after which the request goes on by itself or to the coordinator, so that
    nothing open is without a deadline; ``refusals`` counts declines and expiries since the newcomer last chose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="requests")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.PROTECT, related_name="requests")
    fellowship = models.ForeignKey(Fellowship, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=RequestKind.choices, default=RequestKind.SPONSOR)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    asked_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    refusals = models.PositiveSmallIntegerField(default=0)
    needs_coordinator = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SponsorRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fellowship"], condition=Q(state__in=LIVE_REQUEST), name="request_one_live"
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state"),
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="request_kind"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_REQUEST, ended_at__isnull=True)
                | (~Q(state__in=LIVE_REQUEST) & Q(ended_at__isnull=False)),
                name="request_ended_when_not_live",
            ),
        ]
        indexes = [
            models.Index(fields=["intergroup", "asked_at"], name="request_queue", condition=Q(state__in=LIVE_REQUEST)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Shown(models.Model):
    """A sponsor whose name a newcomer has seen among suggestions, and when last; kept for a day, to count people."""

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    sponsor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "sponsor"], name="shown_once")]
        indexes = [models.Index(fields=["at"], name="shown_at")]

    def __str__(self) -> str:
        return str(self.pk)


class Suggestion(models.Model):
    """A sponsor suggested for a request. ``rank`` is the newcomer's order (1 first); empty: not chosen.

    ``score`` is points x 1000; ``parts`` holds points x 1000 by component; ``reasons`` the words' keys for the
    newcomer, ``reasons_back`` those for the sponsor, each a list of {"key": ..., "params": {...}}.
    """

    request = models.ForeignKey(SponsorRequest, on_delete=models.CASCADE, related_name="suggestions")
    sponsor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(help_text=_("Order in which the engine found them, 1 first."))
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    score = models.PositiveIntegerField()
    parts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    reasons_back = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["request", "sponsor"], name="suggestion_once"),
            models.UniqueConstraint(
                fields=["request", "rank"], condition=Q(rank__isnull=False), name="suggestion_rank_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} / {self.sponsor_id}"
