"""Two people who said yes to each other."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Fellowship, Intergroup, User
from matching.models.care import in_care, too_near
from matching.models.offer import Offer
from matching.states import LIVE_PAIRING, PairingState

TRIAL_DAYS = 90
STEPS = tuple(range(1, 13))


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
        """Those that this member may look after: see :mod:`matching.models.care`."""
        own = too_near(user, "sponsor", "sponsee")
        return self.filter(in_care(user, "intergroup", "offer__request__kind")).exclude(own)


class Pairing(models.Model):
    """A pairing, on trial until ``trial_ends_on`` (a date in the intergroup's zone). It holds one of the sponsor's
    seats until it ends.

    Silence is counted from the later of ``contact_at``, when either last told that they talked, and ``count_from``: the
    beginning, an "All is well", the end of a pause; empty while neither of the two is asked anything. ``quiet_at`` is
    since when the pair counts as quiet, ``change_asked_at`` when both were asked whether they would like a change, and
    ``look_at`` when the tick looks next. All in UTC.

    ``step`` is at which of the Twelve Steps the two are, if they keep count of that: a number, and never a word of what
    is in it. Only the two see it.
    """

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
    contact_at = models.DateTimeField(null=True, blank=True)
    count_from = models.DateTimeField(null=True, blank=True)
    quiet_at = models.DateTimeField(null=True, blank=True)
    change_asked_at = models.DateTimeField(null=True, blank=True)
    look_at = models.DateTimeField(null=True, blank=True)
    step = models.PositiveSmallIntegerField(null=True, blank=True, choices=[(one, str(one)) for one in STEPS])

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
            models.CheckConstraint(
                condition=~Q(state=PairingState.ENDED) | Q(quiet_at__isnull=True, look_at__isnull=True),
                name="pairing_ended_is_not_quiet",
            ),
            models.CheckConstraint(
                condition=Q(quiet_at__isnull=True) | Q(contact_at__isnull=True) | Q(contact_at__lte=F("quiet_at")),
                name="pairing_contact_ends_quiet",
            ),
            models.CheckConstraint(
                condition=Q(change_asked_at__isnull=True) | Q(quiet_at__isnull=False),
                name="pairing_asked_when_quiet",
            ),
            models.CheckConstraint(condition=Q(step__in=STEPS) | Q(step__isnull=True), name="pairing_step"),
        ]
        indexes = [
            models.Index(fields=["look_at"], name="pairing_look", condition=Q(look_at__isnull=False)),
            models.Index(fields=["intergroup", "quiet_at"], name="pairing_quiet", condition=Q(quiet_at__isnull=False)),
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
