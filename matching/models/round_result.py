"""What a round found: who is brought together, who is left over, and what each sponsor gets.

Every row belongs to its people, so that whoever leaves is in no preview any more. The prices of the certificate stand
in the rows of those whose price it is; without a row a price is nought.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.models.offer import Offer
from matching.models.request import SponsorRequest
from matching.models.round import Round


class PairOutcome(models.TextChoices):
    """What became of a pair of a preview."""

    WAITING = "waiting", _("Not proposed yet")
    PROPOSED = "proposed", _("Proposed to the newcomer")
    OVERTAKEN = "overtaken", _("The request has moved on")
    UNFIT = "unfit", _("They no longer fit")


class RoundPair(models.Model):
    """A newcomer and the sponsor found for them. ``score`` is points x 1000; ``broken`` names the hard rule that had
    come between the two when the round was published: for coordinators, in words that keep what is private."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="pairs")
    request = models.ForeignKey(SponsorRequest, on_delete=models.CASCADE, related_name="+")
    newcomer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    sponsor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveIntegerField()
    price = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=PairOutcome.choices, default=PairOutcome.WAITING)
    broken = models.CharField(max_length=20, blank=True)
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, null=True, related_name="round_pair")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "newcomer"], name="round_pair_once"),
            models.CheckConstraint(condition=~Q(newcomer=F("sponsor")), name="round_pair_of_two_people"),
            models.CheckConstraint(condition=Q(price__gte=0), name="round_pair_price"),
            models.CheckConstraint(condition=Q(outcome__in=PairOutcome.values), name="round_pair_outcome"),
            models.CheckConstraint(
                condition=Q(outcome=PairOutcome.PROPOSED, offer__isnull=False)
                | (~Q(outcome=PairOutcome.PROPOSED) & Q(offer__isnull=True)),
                name="round_pair_proposed_has_offer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newcomer_id} / {self.sponsor_id}"


class RoundLeft(models.Model):
    """A newcomer for whom there was nobody: ``eligible`` sponsors went to others, or how many sponsors each rule was
    the first to exclude."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="left_over")
    request = models.ForeignKey(SponsorRequest, on_delete=models.CASCADE, related_name="+")
    newcomer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    eligible = models.PositiveIntegerField()
    excluded = models.JSONField(default=dict)
    price = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "newcomer"], name="round_left_once"),
            models.CheckConstraint(condition=Q(price__gte=0), name="round_left_price"),
            models.CheckConstraint(condition=Q(eligible=0) | Q(excluded={}), name="round_left_for_one_reason"),
        ]

    def __str__(self) -> str:
        return str(self.newcomer_id)


class RoundSponsor(models.Model):
    """A sponsor who gets somebody, or whose seats have a price: ``given`` of their ``free`` seats."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="loads")
    sponsor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    free = models.PositiveSmallIntegerField()
    given = models.PositiveSmallIntegerField()
    price = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "sponsor"], name="round_sponsor_once"),
            models.CheckConstraint(condition=Q(given__lte=F("free")), name="round_sponsor_within_seats"),
            models.CheckConstraint(condition=Q(price__gte=0), name="round_sponsor_price"),
        ]

    def __str__(self) -> str:
        return str(self.sponsor_id)
