"""Intergroups, the fellowships they serve, their policy, areas and coordinators."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import clock

if TYPE_CHECKING:
    from datetime import date

    from accounts.models.people import User


LAST_EXTRA_MONTH = 60


class Fellowship(models.Model):
    """A fellowship with its own words; a row of data, never code.

    ``date_words`` names the recovery date in each language ({"en": "sobriety date", ...}); empty where the fellowship
    has no such date (Al-Anon), and then it is never asked. ``extra_milestone_months`` are milestones beyond the usual
    ones, in months after the date (NA: 18).
    """

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    date_words = models.JSONField(default=dict, blank=True)
    minimum_days = models.PositiveIntegerField(
        default=365, help_text=_("Recovery time, or time in the program, before somebody may sponsor, in days.")
    )
    extra_milestone_months = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(extra_milestone_months__contained_by=list(range(1, LAST_EXTRA_MONTH + 1))),
                name="fellowship_extra_milestones",
            ),
            models.CheckConstraint(
                condition=Q(extra_milestone_months=[]) | ~Q(date_words={}), name="fellowship_milestones_need_a_date"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_date(self) -> bool:
        """Whether this fellowship counts from a date at all."""
        return bool(self.date_words)

    @property
    def date_name(self) -> str:
        """What this fellowship calls the recovery date, in the reader's language; empty when it has none."""
        words: dict[str, str] = self.date_words
        return words.get((get_language() or "en")[:2]) or words.get("en", "")


class Intergroup(models.Model):
    """The volunteers' service office of an area. ``zone`` is its IANA time zone, ``country`` an ISO 3166 code."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2, default="US")
    fellowships = models.ManyToManyField(Fellowship, related_name="intergroups")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """How an intergroup matches. ``weights`` overrides the default weight of a component by its name."""

    intergroup = models.OneToOneField(Intergroup, on_delete=models.CASCADE, primary_key=True)
    review_required = models.BooleanField(default=True)
    offer_hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(168)]
    )
    steps_needed = models.PositiveSmallIntegerField(default=12, validators=[MaxValueValidator(12)])
    confirm_days = models.PositiveSmallIntegerField(default=35, validators=[MinValueValidator(7)])
    stuck_hours = models.PositiveSmallIntegerField(default=72)
    weights = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(offer_hours__range=(1, 168)), name="policy_offer_hours"),
            models.CheckConstraint(condition=Q(steps_needed__range=(0, 12)), name="policy_steps_needed"),
            models.CheckConstraint(condition=Q(confirm_days__gte=7), name="policy_confirm_days"),
        ]

    def __str__(self) -> str:
        return f"{self.intergroup}"


class Area(models.Model):
    """A coarse area, such as a district. Its centre is the middle of its meetings; nobody's own place is stored."""

    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="areas")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["intergroup", "code"], name="area_once_per_intergroup"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="area_centre_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CoordinatorQuerySet(models.QuerySet["Coordinator"]):
    def serving(self, on: "date") -> "CoordinatorQuerySet":
        """Those whose term covers a date."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Coordinator(models.Model):
    """A member who serves the office for a term; the rights end with it by themselves."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="coordinating")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="coordinators")
    scopes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "intergroup"], name="coordinator_once_per_intergroup"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="coordinator_term_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.intergroup_id}"


def intergroups_coordinated_by(user: "User | Any") -> models.QuerySet[Intergroup]:
    """The intergroups in which somebody's term runs today; none for a suspended or anonymous visitor."""
    if not user.is_authenticated or not user.is_active:
        return Intergroup.objects.none()
    serving = Coordinator.objects.serving(clock.now().date()).filter(user=user)
    return Intergroup.objects.filter(pk__in=serving.values("intergroup"))
