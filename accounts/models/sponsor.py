"""The sponsor's side of a member: seats, approval, and whether they are still there for somebody new."""

from datetime import date, datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models.people import User

OPEN_END = date(9999, 12, 31)
"""``paused_until`` of somebody who says themself when they are back."""

MOST_SEATS = 8
MOST_ASKS = 3
MOST_SILENT_OFFERS = 3
TAKE_BACK = timedelta(minutes=10)
"""So long a no to an application can be taken back; only then does the applicant hear of it."""


class PauseReason(models.TextChoices):
    """Why a sponsor takes nobody new at present; a pause that is over may still have its reason."""

    CHOSEN = "chosen", _("Chose a pause")
    UNCONFIRMED = "unconfirmed", _("Three letters without an answer")
    UNANSWERED = "unanswered", _("Three offers in a row ran out")
    STEPPED_BACK = "stepped_back", _("Stepped back")
    OFFICE = "office", _("Paused by the office")


class Sponsor(models.Model):
    """The sponsor's side of a member. ``seats_taken`` is a counter that only one conditional UPDATE ever changes.

    ``seats`` holds ``seats_opened`` beyond those that the sponsor chose: each by their yes to one newcomer whom they
    made room for. Such a seat is never free, as it is closed when anybody leaves.

    ``approved_at`` or ``declined_at`` is set by a coordinator, ``confirmed_at`` by the sponsor each 35 days ("still
    glad to sponsor").
    ``asks`` counts how often that was asked since they last said anything, ``ask_next_at`` is when it is asked next
    (UTC), and ``silent_offers`` counts the offers in a row that ran out. Anything they say brings these back to nought.
    ``paused_until`` is a date in their zone, OPEN_END while they name none.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="sponsor")
    seats = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    seats_taken = models.PositiveSmallIntegerField(default=0)
    seats_opened = models.PositiveSmallIntegerField(default=0)
    steps_worked = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(12)])
    has_own_sponsor = models.BooleanField(default=False)
    applied_at = models.DateTimeField(default=clock.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    pause_reason = models.CharField(max_length=12, choices=PauseReason.choices, blank=True)
    asks = models.PositiveSmallIntegerField(default=0)
    ask_next_at = models.DateTimeField(null=True, blank=True)
    silent_offers = models.PositiveSmallIntegerField(default=0)
    last_offer_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seats__range=(1, MOST_SEATS)), name="sponsor_seats_1_to_8"),
            models.CheckConstraint(
                condition=Q(seats_taken__gte=0, seats_taken__lte=F("seats")), name="sponsor_never_exceeds_seats"
            ),
            models.CheckConstraint(
                condition=Q(seats_opened=0) | Q(seats_opened__lt=F("seats"), seats_taken=F("seats")),
                name="sponsor_opened_seat_is_never_free",
            ),
            models.CheckConstraint(condition=Q(steps_worked__lte=12), name="sponsor_twelve_steps"),
            models.CheckConstraint(
                condition=Q(pause_reason="") | Q(pause_reason__in=PauseReason.values, paused_until__isnull=False),
                name="sponsor_reason_of_a_pause",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(declined_at__isnull=True), name="sponsor_yes_or_no"
            ),
            models.CheckConstraint(condition=Q(asks__lte=MOST_ASKS), name="sponsor_asked_three_times"),
            models.CheckConstraint(
                condition=Q(silent_offers__lte=MOST_SILENT_OFFERS), name="sponsor_three_silent_offers"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def seats_free(self) -> int:
        """Seats that nobody holds."""
        return self.seats - self.seats_taken

    @property
    def seats_chosen(self) -> int:
        """Seats that they chose themself, without those they opened for one person each."""
        return self.seats - self.seats_opened

    def declined_for_good(self, now: datetime) -> bool:
        """Whether their application was declined and that can no longer be taken back; they may apply again."""
        return self.declined_at is not None and self.declined_at + TAKE_BACK <= now

    def pauses(self, today: date) -> bool:
        """Whether they take nobody new on a day in their zone."""
        return self.paused_until is not None and self.paused_until > today
