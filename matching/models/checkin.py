"""Check-ins: how often each of the two is asked, and each asking with its answer."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.cadence import QUIET, USUAL_HOUR, Quiet
from matching.models.pairing import Pairing
from matching.states import CheckInState


class Cadence(models.TextChoices):
    DEFAULT = "default", _("Daily at first, then less and less")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    NONE = "none", _("Not at all")


class Answer(models.TextChoices):
    TALKED = "talked", _("We talked")
    NOT_YET = "not_yet", _("Not yet")
    HELP = "help", _("I need help")


class CheckInPlan(models.Model):
    """How one of the two wants to be asked.

    ``hour`` is local; within the quiet hours it counts only if the member chose it (``hour_chosen``). ``next_at`` is
    when the tick looks again (UTC), empty while nothing is planned. ``help_sponsor``: at "I need help" the sponsor is
    told; ``help_coordinator`` likewise. ``unanswered`` counts the questions that lapsed in a row.
    Without ``flag_quiet`` no coordinator sees that the pair has been without contact for a while.
    """

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="plans")
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="checkin_plans")
    cadence = models.CharField(max_length=10, choices=Cadence.choices, default=Cadence.DEFAULT)
    hour = models.PositiveSmallIntegerField(default=USUAL_HOUR, validators=[MaxValueValidator(23)])
    hour_chosen = models.BooleanField(default=False)
    quiet_begins = models.PositiveSmallIntegerField(default=QUIET.begins, validators=[MaxValueValidator(23)])
    quiet_ends = models.PositiveSmallIntegerField(default=QUIET.ends, validators=[MaxValueValidator(23)])
    flag_quiet = models.BooleanField(default=True)
    unanswered = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    help_sponsor = models.BooleanField(default=False)
    help_coordinator = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pairing", "member"], name="plan_once"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="plan_hour"),
            models.CheckConstraint(condition=Q(quiet_begins__lte=23, quiet_ends__lte=23), name="plan_quiet_hours"),
            models.CheckConstraint(
                condition=Q(hour=USUAL_HOUR) | Q(hour_chosen=True), name="plan_other_hour_is_chosen"
            ),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="plan_cadence"),
        ]
        indexes = [models.Index(fields=["next_at"], name="plan_due", condition=Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.pairing_id} / {self.member_id}"

    @property
    def quiet(self) -> Quiet:
        """The member's quiet hours."""
        return Quiet(self.quiet_begins, self.quiet_ends)


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def of(self, user: "User | Any") -> "CheckInQuerySet":
        """A member's own; the other of the two never sees them."""
        return self.filter(member_id=user.pk)


class CheckIn(models.Model):
    """One asking of one member. ``local_date`` is the calendar date in the member's zone when it fell due."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="checkins")
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="checkins")
    local_date = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CheckInState.choices, default=CheckInState.UPCOMING)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["-local_date"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "member", "local_date"], name="checkin_once_a_day"),
            models.UniqueConstraint(
                fields=["pairing", "member"], condition=Q(state=CheckInState.OPEN), name="checkin_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=CheckInState.values), name="checkin_state"),
            models.CheckConstraint(
                condition=(Q(state=CheckInState.ANSWERED, answered_at__isnull=False) & ~Q(answer=""))
                | (~Q(state=CheckInState.ANSWERED) & Q(answer="", answered_at__isnull=True)),
                name="checkin_answered_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
