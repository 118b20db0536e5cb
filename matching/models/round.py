"""A round: everybody of an intergroup who waits, matched at once, first as a preview; and the parts it is solved in."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Intergroup, User
from matching.models.care import in_care
from matching.states import (
    ENDED_ROUND,
    LIVE_ROUND,
    OPEN_PART,
    SHOWN_ROUND,
    RoundPartState,
    RoundState,
)

KEPT_FOR = timedelta(days=7)
"""How long whom a round brings together with whom is kept."""


class RoundKind(models.TextChoices):
    BEST = "best", _("As many people as possible, then the best matches in total")
    STABLE = "stable", _("No two people who would both rather have each other")


class RoundQuerySet(models.QuerySet["Round"]):
    def for_coordinator(self, user: "User | Any") -> "RoundQuerySet":
        """Those of the intergroups whose work this member's term covers."""
        return self.filter(in_care(user, "intergroup"))


class Round(models.Model):
    """One matching of everybody who waits in an intergroup, as people were at the moment ``as_of``.

    ``weights`` overrides the intergroup's own for this round; ``points`` are all that it was worked out by. ``total``
    and ``lowest`` are points x 1000. For the best round, ``service`` and ``bound`` are the certificate together with
    the prices of its rows; ``verified_at`` is when the checker accepted it, and nothing is shown before. ``rest`` holds
    what the parts don't (see the action) and is there only while they are solved. ``published_by`` of a preview is who
    pressed the button, while a worker publishes it. ``seconds`` runs from ``began_at``. Leases are by the database's
    clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intergroup = models.ForeignKey(Intergroup, on_delete=models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=10, choices=RoundKind.choices, default=RoundKind.BEST)
    weights = models.JSONField(default=dict, blank=True)
    points = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.PLANNING)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    began_at = models.DateTimeField()
    as_of = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rest = models.BinaryField(null=True, blank=True)
    newcomers = models.PositiveIntegerField(default=0)
    sponsors = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(null=True, blank=True)
    left = models.PositiveIntegerField(null=True, blank=True)
    total = models.BigIntegerField(null=True, blank=True)
    lowest = models.IntegerField(null=True, blank=True)
    fairness = models.JSONField(default=dict, blank=True)
    service = models.BigIntegerField(null=True, blank=True)
    bound = models.BigIntegerField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=80, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state"),
            models.CheckConstraint(condition=Q(kind__in=RoundKind.values), name="round_kind"),
            models.UniqueConstraint(
                fields=["intergroup"], condition=Q(state__in=LIVE_ROUND), name="round_one_live_per_intergroup"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SHOWN_ROUND) | Q(verified_at__isnull=False), name="round_shown_is_verified"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SHOWN_ROUND)
                | Q(as_of__isnull=False, served__isnull=False, left__isnull=False, total__isnull=False),
                name="round_shown_has_figures",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SHOWN_ROUND, kind=RoundKind.BEST)
                | Q(service__isnull=False, bound__isnull=False),
                name="round_best_has_certificate",
            ),
            models.CheckConstraint(
                condition=Q(served__isnull=True) | Q(newcomers=F("served") + F("left")),
                name="round_counts_everybody",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.SOLVING, rest__isnull=False)
                | (~Q(state=RoundState.SOLVING) & Q(rest__isnull=True)),
                name="round_keeps_people_only_while_solving",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED_ROUND, ended_at__isnull=False)
                | (~Q(state__in=ENDED_ROUND) & Q(ended_at__isnull=True)),
                name="round_ended_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.PUBLISHED) | Q(published_by__isnull=False),
                name="round_published_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["intergroup", "-made_at"], name="round_of_intergroup")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def names_people(self) -> bool:
        """Whether it is still kept whom it brought together and whom it left over."""
        return self.state in SHOWN_ROUND and self.began_at >= clock.now() - KEPT_FOR

    @property
    def mean(self) -> int | None:
        """The mean score in thousandths of a point, rounded down; None when nobody is served."""
        return self.total // self.served if self.served and self.total is not None else None


class RoundPart(models.Model):
    """People of a round who can be matched with one another only. ``mark`` tells whether they are still as they were.

    ``problem`` holds what the engine needs of them and ``result`` its answer, both packed by ``engine.wire``; both are
    erased once the round is whole, or ended.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RoundPartState.choices, default=RoundPartState.WAITING)
    mark = models.CharField(max_length=64)
    newcomers = models.PositiveIntegerField()
    sponsors = models.PositiveIntegerField()
    problem = models.BinaryField(null=True, blank=True)
    result = models.BinaryField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="round_part_once"),
            models.CheckConstraint(condition=Q(state__in=RoundPartState.values), name="round_part_state"),
            models.CheckConstraint(
                condition=~Q(state=RoundPartState.LEASED) | Q(leased_until__isnull=False), name="round_part_lease_ends"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN_PART) | Q(problem__isnull=False, result__isnull=True),
                name="round_part_open_has_a_problem",
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundPartState.SOLVED)
                | Q(problem__isnull=False, result__isnull=False)
                | Q(problem__isnull=True, result__isnull=True),
                name="round_part_solved_has_both_or_neither",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RoundPartState.CANCELLED, RoundPartState.FAILED])
                | Q(problem__isnull=True, result__isnull=True),
                name="round_part_ended_keeps_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} / {self.number}"
