"""Two people who said yes to each other."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Fellowship, Intergroup, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching.models.offer import Offer
from matching.states import LIVE_PAIRING, PairingState

TRIAL_DAYS = 90


class EndReason(models.TextChoices):
    CHANGE = "change", _("Time for a change")
    MOVED_ON = "moved_on", _("We reached what we set out for")
    NO_TIME = "no_time", _("Not enough time at present")
    NO_CONTACT = "no_contact", _("We could not reach each other")
    UNSAID = "unsaid", _("I'd rather not say")


class PairingQuerySet(models.QuerySet["Pairing"]):
    def live(self) -> "PairingQuerySet":
        """Those that have not ended."""
        return self.filter(state__in=LIVE_PAIRING)

    def of(self, user: "User | Any") -> "PairingQuerySet":
        """Those in which this member is one of the two."""
        return self.filter(Q(sponsor_id=user.pk) | Q(sponsee_id=user.pk))

    def for_coordinator(self, user: "User | Any") -> "PairingQuerySet":
        """Those of the intergroups where this member's term runs, save their own."""
        return self.filter(intergroup__in=intergroups_coordinated_by(user)).exclude(
            Q(sponsor_id=user.pk) | Q(sponsee_id=user.pk)
        )


class Pairing(models.Model):
    """A pairing, on trial until ``trial_ends_on`` (a date in the intergroup's zone). It holds one of the sponsor's
    seats until it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.OneToOneField(Offer, on_delete=models.RESTRICT, related_name="pairing")
    sponsor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sponsoring")
    sponsee = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sponsored")
    fellowship = models.ForeignKey(Fellowship, on_delete=models.PROTECT, related_name="+")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.PROTECT, related_name="pairings")
    state = models.CharField(max_length=10, choices=PairingState.choices, default=PairingState.ACTIVE)
    began_at = models.DateTimeField()
    trial_ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)

    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sponsee", "fellowship"], condition=Q(state__in=LIVE_PAIRING), name="pairing_one_live"
            ),
            models.CheckConstraint(condition=~Q(sponsor=F("sponsee")), name="pairing_of_two_people"),
            models.CheckConstraint(condition=Q(state__in=PairingState.values), name="pairing_state"),
            models.CheckConstraint(
                condition=Q(state=PairingState.ENDED, ended_at__isnull=False)
                | (~Q(state=PairingState.ENDED) & Q(ended_at__isnull=True)),
                name="pairing_ended_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_live(self) -> bool:
        """Whether the two still work together."""
        return self.state in LIVE_PAIRING

    def other_id(self, user: User) -> uuid.UUID:
        """The id of the other of the two."""
        return self.sponsee_id if self.sponsor_id == user.pk else self.sponsor_id
