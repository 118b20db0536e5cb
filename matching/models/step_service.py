"""Twelfth-Step service: what a member did to carry the message. Counts and kinds, no words about anybody."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.models.checkin import CheckIn


class ServiceKind(models.TextChoices):
    CONTACT = "contact", _("Talked with a person I sponsor")
    CALL = "call", _("Took a call")
    RIDE = "ride", _("Gave a ride")
    MEETING = "meeting", _("Service at a meeting")
    PANEL = "panel", _("Hospital or prison panel")
    BRIDGE = "bridge", _("Met somebody leaving treatment")
    OTHER = "other", _("Other service")


class ServiceEntryQuerySet(models.QuerySet["ServiceEntry"]):
    def of(self, user: "User | Any") -> "ServiceEntryQuerySet":
        """A member's own; nobody else sees them singly."""
        return self.filter(member_id=user.pk)


class ServiceEntry(models.Model):
    """One piece of service on a calendar date in the member's zone; ``minutes`` when they noted a length.

    ``contact_of`` names the pairing when it came from "We talked": one entry for each sponsor, pairing and day,
    whichever of the two answered, so that two answers never count one talk twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="service_entries")
    kind = models.CharField(max_length=10, choices=ServiceKind.choices)
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    contact_of = models.ForeignKey(
        "matching.Pairing", on_delete=models.SET_NULL, null=True, blank=True, related_name="service_entries"
    )
    checkins = models.ManyToManyField(CheckIn, related_name="service_entries", blank=True)
    at = models.DateTimeField()

    objects = ServiceEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-at"]
        verbose_name_plural = "service entries"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_of", "on"],
                condition=Q(contact_of__isnull=False),
                name="service_one_contact_a_day",
            ),
            models.CheckConstraint(condition=Q(kind__in=ServiceKind.values), name="service_kind"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__range=(1, 1440)), name="service_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
