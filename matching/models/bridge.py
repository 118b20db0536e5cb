"""A first contact for somebody who leaves treatment: who asks, which volunteer meets them, and how often they met.

The volunteer is nobody's sponsor. They meet up to six times and then step back, so nothing here touches requests for
a sponsor, seats or rounds.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Fellowship, Intergroup, Scope, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching.models.care import too_near
from matching.states import LIVE_BRIDGE, BridgeState

MOST_MEETINGS = 6
LOOK_AFTER_BRIDGES = (Scope.AREA, Scope.BRIDGING)
"""For what somebody serves who looks after first contacts."""


class BridgeVolunteer(models.Model):
    """A member who would meet people that leave treatment; a coordinator approves them once.

    Neither seats nor Steps nor a sponsor of their own are asked, as they sponsor nobody here.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="bridging")
    offered_at = models.DateTimeField(default=clock.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    paused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.pk)


class BridgeQuerySet(models.QuerySet["Bridge"]):
    def live(self) -> "BridgeQuerySet":
        """Those that look for a volunteer or have one."""
        return self.filter(state__in=LIVE_BRIDGE)

    def of(self, user: "User | Any") -> "BridgeQuerySet":
        """Those in which a member has a part, as newcomer or as volunteer."""
        return self.filter(Q(member=user.pk) | Q(volunteer=user.pk))

    def for_coordinator(self, user: "User | Any") -> "BridgeQuerySet":
        """Those of the intergroups that this member serves in this matter, none that touches themself."""
        here = self.filter(intergroup__in=intergroups_coordinated_by(user, *LOOK_AFTER_BRIDGES))
        return here.exclude(too_near(user, "member", "volunteer"))


class Bridge(models.Model):
    """One ask. ``leaves_on`` is a day in the member's zone; ``contact_by`` is noon of that day there and 48 hours.

    ``meetings`` is counted by the two, one a day at most, ``met_on`` being the last day in the newcomer's zone.
    ``needs_coordinator``: nobody fits, or ``contact_by`` went by without a contact.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="bridges")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.PROTECT, related_name="bridges")
    fellowship = models.ForeignKey(Fellowship, on_delete=models.PROTECT, related_name="bridges")
    volunteer = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="bridges_held")
    state = models.CharField(max_length=10, choices=BridgeState.choices, default=BridgeState.OPEN)
    leaves_on = models.DateField(_("day of leaving"))
    contact_by = models.DateTimeField()
    asked_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    meetings = models.PositiveSmallIntegerField(default=0)
    met_on = models.DateField(null=True, blank=True)
    needs_coordinator = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BridgeQuerySet.as_manager()

    class Meta:
        ordering = ["contact_by", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fellowship"], condition=Q(state__in=LIVE_BRIDGE), name="bridge_one_live"
            ),
            models.CheckConstraint(condition=Q(state__in=BridgeState.values), name="bridge_state"),
            models.CheckConstraint(condition=Q(meetings__lte=MOST_MEETINGS), name="bridge_six_meetings"),
            models.CheckConstraint(
                condition=Q(meetings=0, met_on__isnull=True)
                | Q(meetings__gte=1, met_on__isnull=False, first_contact_at__isnull=False),
                name="bridge_met_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=BridgeState.OPEN) | Q(volunteer__isnull=True, agreed_at__isnull=True),
                name="bridge_open_has_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[BridgeState.OFFERED, BridgeState.MEETING]) | Q(volunteer__isnull=False),
                name="bridge_held_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=BridgeState.MEETING) | Q(offered_at__isnull=False, agreed_at__isnull=False),
                name="bridge_both_said_yes",
            ),
            models.CheckConstraint(
                condition=Q(volunteer__isnull=True) | ~Q(volunteer=F("member")), name="bridge_of_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_BRIDGE, ended_at__isnull=True)
                | (~Q(state__in=LIVE_BRIDGE) & Q(ended_at__isnull=False)),
                name="bridge_ended_when_not_live",
            ),
        ]
        indexes = [
            models.Index(fields=["intergroup", "leaves_on"], name="bridge_by_day"),
            models.Index(
                fields=["contact_by"],
                name="bridge_to_watch",
                condition=Q(state__in=LIVE_BRIDGE, first_contact_at__isnull=True, needs_coordinator=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_live(self) -> bool:
        """Whether it looks for a volunteer or has one."""
        return self.state in LIVE_BRIDGE
