"""What an intergroup decides: how it matches, and how it speaks of its fellowships."""

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.crisis import LocalLine, local_lines
from accounts.models.checklist import CheckItem, checklist_field
from accounts.models.intergroup import Fellowship, Intergroup, holds, in_reader_language
from accounts.models.meeting_feed import MeetingFeed

MOST_DAYS = 3653
"""Of recovery time that an office may ask of a sponsor: ten years."""

MOST_NUMBERS = 6
REVIEW_EVERY = 365
"""Days after which a local number is to be looked over again."""


class TextPlace(models.TextChoices):
    """Where an office may add words of its own."""

    WELCOME = "welcome", _("On the first page of members")
    WAITING = "waiting", _("Where somebody waits")
    LETTERS = "letters", _("At the end of letters")


class Policy(models.Model):
    """How an intergroup matches. ``weights`` overrides the default weight of a component by its name; ``checklist``
    holds what is made sure of before somebody may sponsor.

    ``minimum_days`` and ``date_words`` override, by a fellowship's code, what that fellowship asks of a sponsor and
    what it calls its date (by language; a language that is left out stays as the fellowship has it). ``texts`` are the
    office's own words by place and language, ``crisis_lines`` its local numbers beside the site's own.
    ``numbers_reminded_on`` is a day in its zone, ``meeting_feed`` the list that a coordinator published last, as long
    as it can be taken back.
    """

    intergroup = models.OneToOneField(Intergroup, on_delete=models.CASCADE, primary_key=True)
    review_required = models.BooleanField(default=True)
    offer_hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(168)]
    )
    steps_needed = models.PositiveSmallIntegerField(default=12, validators=[MaxValueValidator(12)])
    confirm_days = models.PositiveSmallIntegerField(default=35, validators=[MinValueValidator(7)])
    stuck_hours = models.PositiveSmallIntegerField(default=72)
    weights = models.JSONField(default=dict, blank=True)
    checklist = checklist_field()
    minimum_days = models.JSONField(default=dict, blank=True)
    date_words = models.JSONField(default=dict, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    crisis_lines = models.JSONField(default=list, blank=True)
    meeting_feed = models.ForeignKey(
        MeetingFeed, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    numbers_reminded_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(offer_hours__range=(1, 168)), name="policy_offer_hours"),
            models.CheckConstraint(condition=Q(steps_needed__range=(0, 12)), name="policy_steps_needed"),
            models.CheckConstraint(condition=Q(confirm_days__gte=7), name="policy_confirm_days"),
            models.CheckConstraint(condition=Q(checklist__contained_by=CheckItem.values), name="policy_checklist"),
            models.CheckConstraint(
                condition=~holds("minimum_days", f'$.* ? (@.type() != "number" || @ < 0 || @ > {MOST_DAYS})'),
                name="policy_minimum_days",
            ),
            models.CheckConstraint(
                condition=~holds("date_words", '$.*.* ? (@.type() != "string" || @ == "")'),
                name="policy_date_words",
            ),
            models.CheckConstraint(
                condition=~holds("texts", '$.*.* ? (@.type() != "string" || @ == "")'), name="policy_texts"
            ),
            models.CheckConstraint(
                # The database counts to 255 at most at once.
                condition=~holds("texts", '$.*.* ? (@ like_regex "^.{200}.{200}." flag "s")'),
                name="policy_texts_are_short",
            ),
            models.CheckConstraint(
                condition=~holds("crisis_lines", f"$[{MOST_NUMBERS}]"), name="policy_crisis_lines_are_few"
            ),
            models.CheckConstraint(
                condition=~holds(
                    "crisis_lines",
                    '$[*] ? (!(@.name != "" && @.number != "" && @.source != "" && @.reviewed != ""))',
                ),
                name="policy_crisis_lines_are_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intergroup}"

    def minimum_days_in(self, fellowship: Fellowship) -> int:
        """Days of recovery, or in the program, that the office asks of a sponsor in a fellowship."""
        return int(self.minimum_days.get(fellowship.code, fellowship.minimum_days))

    def date_name_in(self, fellowship: Fellowship) -> str:
        """What the office calls a fellowship's date, in the reader's language; empty when there is none."""
        if not fellowship.has_date:
            return ""
        own: dict[str, str] = self.date_words.get(fellowship.code, {})
        return in_reader_language({**fellowship.date_words, **own})

    def text_at(self, place: TextPlace) -> str:
        """The office's own words at a place, in the reader's language; empty when there are none."""
        return in_reader_language(self.texts.get(place.value, {}))

    @property
    def local_lines(self) -> list[LocalLine]:
        """The office's local numbers."""
        return local_lines(self.crisis_lines)

    def numbers_due(self, today: date) -> bool:
        """Whether a local number was last looked over a year ago or earlier; ``today`` is in the office's zone."""
        return any(line.reviewed <= today - timedelta(days=REVIEW_EVERY) for line in self.local_lines)
