"""Meetings as the intergroup publishes them: public data, without street addresses."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models.intergroup import Area, Fellowship, Intergroup


class Attendance(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")


class Meeting(models.Model):
    """One weekly meeting. ``day`` counts from Sunday = 0 as Meeting Guide does; without day and time: by appointment.

    ``starts`` is local time in ``zone`` (IANA), ``minutes`` the length. ``types`` are Meeting Guide's codes.
    """

    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="meetings")
    fellowship = models.ForeignKey(Fellowship, on_delete=models.PROTECT, related_name="meetings")
    source = models.CharField(max_length=120, help_text=_("Name of the feed this row came from."))
    slug = models.CharField(max_length=160)
    name = models.CharField(max_length=160)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    starts = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=60)
    zone = models.CharField(max_length=64)
    types = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    area = models.ForeignKey(Area, on_delete=models.SET_NULL, null=True, blank=True, related_name="meetings")
    place = models.CharField(max_length=160, blank=True)
    attendance = models.CharField(max_length=10, choices=Attendance.choices, default=Attendance.IN_PERSON)
    conference_url = models.URLField(max_length=400, blank=True)
    conference_phone = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["day", "starts", "name"]
        constraints = [
            models.UniqueConstraint(fields=["intergroup", "slug"], name="meeting_once_per_intergroup"),
            models.CheckConstraint(
                condition=Q(day__isnull=True, starts__isnull=True) | Q(day__range=(0, 6), starts__isnull=False),
                name="meeting_day_and_time_together",
            ),
            models.CheckConstraint(condition=Q(attendance__in=Attendance.values), name="meeting_attendance"),
        ]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="meeting_name_trigrams"),
            models.Index(fields=["day", "starts"], name="meeting_when", condition=Q(active=True)),
        ]

    def __str__(self) -> str:
        return self.name
