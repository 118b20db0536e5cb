"""The one letter a week that a sponsor may have instead of a mail for each question."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from matching.cadence import USUAL_HOUR

SUNDAY = 6


class Digest(models.Model):
    """Whoever has a row gets their questions in one letter a week, for all pairings in which they are the sponsor.

    ``weekday`` counts from Monday, 0, and ``hour`` is local. ``next_at`` is when the tick writes next, in UTC.
    """

    member = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="digest")
    weekday = models.PositiveSmallIntegerField(default=SUNDAY, validators=[MaxValueValidator(6)])
    hour = models.PositiveSmallIntegerField(default=USUAL_HOUR, validators=[MaxValueValidator(23)])
    next_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="digest_weekday"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="digest_hour"),
        ]
        indexes = [models.Index(fields=["next_at"], name="digest_due")]

    def __str__(self) -> str:
        return str(self.pk)


def by_the_week() -> Exists:
    """Whether the questions of a plan, or a check-in, come in one letter a week: its member is the sponsor and chose
    so."""
    weekly = Digest.objects.filter(member=OuterRef("member"))
    return Exists(weekly.filter(member=OuterRef("pairing__sponsor")))
