"""Intergroups, the fellowships they serve, areas and coordinators."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import clock

if TYPE_CHECKING:
    from accounts.models.people import User

LAST_EXTRA_MONTH = 60
REMINDERS = (30, 7)
"""Days before the end of a term on which a coordinator is reminded of it."""


def in_reader_language(words: Mapping[str, str]) -> str:
    """The words of the reader's language, else the English ones, else none."""
    return words.get((get_language() or "en")[:2]) or words.get("en", "")


def holds(column: str, path: str) -> Func:
    """Whether something in a JSON column answers to a path."""
    return Func(
        F(column),
        Value(path),
        function="jsonb_path_exists",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=models.BooleanField(),
    )


class Fellowship(models.Model):
    """A fellowship with its own words; a row of data, never code.

    ``names`` says what it is called in other languages ({"es": "Alcohólicos Anónimos", ...}); where one is missing it
    goes by its ``name``. ``date_words`` names the recovery date in each language ({"en": "sobriety date", ...}); empty
    where the fellowship has no such date (Al-Anon), and then it is never asked. ``extra_milestone_months`` are
    milestones beyond the usual ones, in months after the date (NA: 18).
    """

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    names = models.JSONField(
        default=dict, blank=True, help_text=_('In other languages, by their code: {"es": "…", "fr": "…"}.')
    )
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
            models.CheckConstraint(
                condition=~holds("names", '$.* ? (@.type() != "string" || @ == "")'), name="fellowship_names"
            ),
        ]

    def __str__(self) -> str:
        """What it is called in the reader's language."""
        return in_reader_language({"en": self.name, **self.names})

    @property
    def has_date(self) -> bool:
        """Whether this fellowship counts from a date at all."""
        return bool(self.date_words)

    @property
    def date_name(self) -> str:
        """What this fellowship calls the recovery date, in the reader's language; empty when it has none."""
        return in_reader_language(self.date_words)


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


class Scope(models.TextChoices):
    """What a coordinator is there for. ``AREA`` covers the queue, the rounds, the sponsors and the settings."""

    AREA = "area", _("The work of the office: requests, pairs, sponsors, rounds, settings")
    BRIDGING = "bridging", _("First contacts after treatment, and nothing else")
    SAFETY = "safety", _("What members report about each other")


def usual_scopes() -> list[str]:
    """What an office of one person needs; a first contact is part of the work of the office."""
    return [Scope.AREA.value, Scope.SAFETY.value]


def scopes_field(**options: Any) -> Any:
    """A column of scopes."""
    return ArrayField(models.CharField(max_length=20, choices=Scope.choices), **options)


def scopes_known(name: str) -> models.CheckConstraint:
    """At least one scope, and none that does not exist."""
    return models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values, scopes__len__gte=1), name=name)


class CoordinatorQuerySet(models.QuerySet["Coordinator"]):
    def serving(self, at: datetime) -> "CoordinatorQuerySet":
        """Those whose term runs at a moment: from the first to the last of its days, in the zone of the intergroup."""
        here = Cast(
            Func(F("intergroup__zone"), Value(at), function="timezone", output_field=models.DateTimeField()),
            models.DateField(),
        )
        begun = self.filter(left_at__isnull=True, user__is_active=True)
        return begun.annotate(here=here).filter(starts_on__lte=F("here"), ends_on__gte=F("here"))

    def with_any(self, *scopes: str) -> "CoordinatorQuerySet":
        """Those who serve in at least one of these scopes; all of them when none is named."""
        return self.filter(scopes__overlap=list(scopes)) if scopes else self


class Coordinator(models.Model):
    """A member who serves the office for a term; the rights end with it by themselves.

    ``starts_on`` and ``ends_on`` are dates in the intergroup's zone, both included. ``left_at`` is when they stepped
    down before. ``extended_by`` is the id of the colleague who last moved the end, ``reminded`` the last of the
    reminders that went out for this end, in days before it.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="coordinating")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.CASCADE, related_name="coordinators")
    scopes = scopes_field(default=usual_scopes)
    starts_on = models.DateField()
    ends_on = models.DateField()
    left_at = models.DateTimeField(null=True, blank=True)
    extended_by = models.UUIDField(null=True, blank=True, editable=False)
    reminded = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "intergroup"], name="coordinator_once_per_intergroup"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="coordinator_term_runs_forward"),
            scopes_known("coordinator_scopes"),
            models.CheckConstraint(
                condition=Q(extended_by__isnull=True) | ~Q(extended_by=F("user_id")),
                name="coordinator_extended_by_another",
            ),
            models.CheckConstraint(
                condition=Q(reminded__isnull=True) | Q(reminded__in=REMINDERS), name="coordinator_reminded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.intergroup_id}"


def intergroups_coordinated_by(user: "User | Any", *scopes: str) -> models.QuerySet[Intergroup]:
    """The intergroups in which somebody's term runs now, in one of these scopes or, when none is named, in any.

    None for a suspended or anonymous visitor.
    """
    if not user.is_authenticated or not user.is_active:
        return Intergroup.objects.none()
    serving = Coordinator.objects.serving(clock.now()).with_any(*scopes).filter(user=user)
    return Intergroup.objects.filter(pk__in=serving.values("intergroup"))
