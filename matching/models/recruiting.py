"""Whom an office could look for: one search for each intergroup, and the people behind its figures."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Intergroup, User
from matching.models.request import SponsorRequest
from matching.states import RecruitingState

RECRUITING_KEPT_FOR = timedelta(days=7)
"""How long it is kept who is behind the figures, and the figures."""


class Recruiting(models.Model):
    """The last search of an intergroup for the sponsors who would let the most people be served.

    ``recruits`` holds one entry for each sponsor who is sought, in the order in which they were found: the kind, how
    many more people they serve, and how many of all who wait they fit. ``next_gain`` is what one more would add.
    ``problem`` holds everybody as they were at ``as_of`` and ``found`` the round without any recruits, both packed by
    ``engine.wire``; both are there only while it is worked on, so that another worker can go on. ``holder`` is the
    worker who has the lease, which is by the database's clock.
    """

    intergroup = models.OneToOneField(Intergroup, on_delete=models.PROTECT, related_name="recruiting")
    state = models.CharField(max_length=10, choices=RecruitingState.choices, default=RecruitingState.WORKING)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    as_of = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.BinaryField(null=True, blank=True)
    found = models.BinaryField(null=True, blank=True)
    newcomers = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    recruits = models.JSONField(default=list, blank=True)
    next_gain = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RecruitingState.values), name="recruiting_state"),
            models.CheckConstraint(
                condition=Q(state=RecruitingState.WORKING) | Q(problem__isnull=True, found__isnull=True),
                name="recruiting_keeps_people_only_while_working",
            ),
            models.CheckConstraint(
                condition=~Q(state=RecruitingState.DONE) | Q(as_of__isnull=False), name="recruiting_done_has_moment"
            ),
            models.CheckConstraint(
                condition=Q(served__lte=models.F("newcomers")), name="recruiting_serves_those_who_wait"
            ),
        ]

    def __str__(self) -> str:
        return str(self.intergroup_id)

    @property
    def left(self) -> int:
        """How many waited in vain."""
        return self.newcomers - self.served

    @property
    def gains(self) -> list[int]:
        """What each recruit adds, and at the end what one more would."""
        added: list[dict[str, Any]] = self.recruits
        return [one["gain"] for one in added] + [self.next_gain]


class RecruitingLine(models.Model):
    """Somebody who waits and for whom few sponsors are possible, or none, or whom a recruit would serve.

    ``excluded`` counts the sponsors whom each rule was the first to exclude; ``step`` is the recruit, from 1, with whom
    they are served.
    """

    recruiting = models.ForeignKey(Recruiting, on_delete=models.CASCADE, related_name="lines")
    request = models.ForeignKey(SponsorRequest, on_delete=models.CASCADE, related_name="+")
    newcomer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    eligible = models.PositiveIntegerField()
    excluded = models.JSONField(default=dict)
    step = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recruiting", "newcomer"], name="recruiting_line_once"),
            models.CheckConstraint(condition=Q(step__isnull=True) | Q(step__gte=1), name="recruiting_line_step"),
        ]

    def __str__(self) -> str:
        return str(self.newcomer_id)
