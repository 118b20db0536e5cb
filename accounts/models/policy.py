"""What an intergroup decides: how it matches, and how it speaks of its fellowships."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models.intergroup import Fellowship, Intergroup, in_reader_language

MOST_DAYS = 3653
"""Of recovery time that an office may ask of a sponsor: ten years."""


def _holds(column: str, path: str) -> Func:
    """Whether something in a JSON column answers to a path."""
    return Func(
        F(column),
        Value(path),
        function="jsonb_path_exists",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=models.BooleanField(),
    )


class Policy(models.Model):
    """How an intergroup matches. ``weights`` overrides the default weight of a component by its name.

    ``minimum_days`` and ``date_words`` override, by a fellowship's code, what that fellowship asks of a sponsor and
    what it calls its date (by language; a language that is left out stays as the fellowship has it).
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
    minimum_days = models.JSONField(default=dict, blank=True)
    date_words = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(offer_hours__range=(1, 168)), name="policy_offer_hours"),
            models.CheckConstraint(condition=Q(steps_needed__range=(0, 12)), name="policy_steps_needed"),
            models.CheckConstraint(condition=Q(confirm_days__gte=7), name="policy_confirm_days"),
            models.CheckConstraint(
                condition=~_holds("minimum_days", f'$.* ? (@.type() != "number" || @ < 0 || @ > {MOST_DAYS})'),
                name="policy_minimum_days",
            ),
            models.CheckConstraint(
                condition=~_holds("date_words", '$.*.* ? (@.type() != "string" || @ == "")'),
                name="policy_date_words",
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
