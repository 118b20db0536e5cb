"""An offer of one request to one sponsor, and the consents it needs."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import SealedTextField, User
from matching.models.care import in_care, too_near
from matching.models.request import SponsorRequest
from matching.states import HELD_OFFER, LIVE_OFFER, OfferState


class Origin(models.TextChoices):
    NEWCOMER = "newcomer", _("The newcomer")
    COORDINATOR = "coordinator", _("A coordinator")
    ROUND = "round", _("A round")


class RejectReason(models.TextChoices):
    NOT_READY = "not_ready", _("The sponsor is not ready yet")
    TOO_FAR = "too_far", _("It would not work in practice")
    CONCERN = "concern", _("A concern of safety")
    OTHER = "other", _("Something else, the coordinator gets in touch")


class OfferQuerySet(models.QuerySet["Offer"]):
    def live(self) -> "OfferQuerySet":
        """Those that still wait for somebody."""
        return self.filter(state__in=LIVE_OFFER)

    def for_sponsor(self, user: "User | Any") -> "OfferQuerySet":
        """Those made to this member; one that waits for the newcomer is not the sponsor's to see yet."""
        return self.filter(sponsor_id=user.pk).exclude(state__in=[OfferState.PROPOSED, OfferState.REFUSED])

    def for_newcomer(self, user: "User | Any") -> "OfferQuerySet":
        """Those of this member's own requests."""
        return self.filter(request__member_id=user.pk)

    def for_coordinator(self, user: "User | Any") -> "OfferQuerySet":
        """Those that this member may look after: see :mod:`matching.models.care`."""
        own = too_near(user, "sponsor", "request__member")
        return self.filter(in_care(user, "request__intergroup", "request__kind")).exclude(own)


class Offer(models.Model):
    """One request held out to one sponsor. A seat is held from ``in_review`` on.

    ``note`` is the sponsor's first words, shown to the newcomer once paired. ``score`` is points x 1000.
    ``seat_reason`` is why a coordinator proposed a sponsor whose seats are taken: their yes then opens one more for
    this newcomer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(SponsorRequest, on_delete=models.CASCADE, related_name="offers")
    sponsor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="offers")
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.NEWCOMER)
    state = models.CharField(max_length=10, choices=OfferState.choices)
    review_required = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    note = SealedTextField(owner="sponsor_id")
    seat_reason = SealedTextField(owner="sponsor_id")
    reject_reason = models.CharField(max_length=12, choices=RejectReason.choices, blank=True)
    score = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    reasons_back = models.JSONField(default=list)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "sponsor"], condition=Q(state__in=LIVE_OFFER), name="offer_once_while_live"
            ),
            models.UniqueConstraint(fields=["request"], condition=Q(state__in=HELD_OFFER), name="offer_one_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state"),
            models.CheckConstraint(
                condition=~Q(state=OfferState.SENT) | Q(expires_at__isnull=False), name="offer_sent_has_deadline"
            ),
            models.CheckConstraint(
                condition=~Q(state=OfferState.IN_REVIEW) | Q(answered_at__isnull=False), name="offer_review_is_answered"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | Q(expires_at__isnull=True)
                | Q(answered_at__lte=F("expires_at")),
                name="offer_answered_before_it_expires",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="offer_about_to_expire", condition=Q(state=OfferState.SENT)),
            models.Index(fields=["sponsor", "made_at"], name="offer_of_sponsor"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsentRole(models.TextChoices):
    NEWCOMER = "newcomer", _("Newcomer")
    SPONSOR = "sponsor", _("Sponsor")
    COORDINATOR = "coordinator", _("Coordinator")


class OfferConsent(models.Model):
    """Somebody's yes to an offer. A trigger refuses a pairing while one that is needed is missing."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="consents")
    role = models.CharField(max_length=12, choices=ConsentRole.choices)
    actor = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "role"], name="offer_consent_once"),
            models.CheckConstraint(condition=Q(role__in=ConsentRole.values), name="offer_consent_role"),
        ]

    def __str__(self) -> str:
        return self.role
