"""Which fellowships an office serves, and what it says and asks there in its own way."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.text import PlainTextField
from accounts.models import Fellowship, Policy
from accounts.models.policy import MOST_DAYS

LONGEST_WORDS = 40


@dataclass(frozen=True)
class Part:
    """The fields of one fellowship."""

    fellowship: Fellowship
    serves: forms.BoundField
    days: forms.BoundField
    words: list[forms.BoundField]


class FellowshipsForm(forms.Form):
    """For every fellowship: whether it is served, the days asked of a sponsor, and the name of the date.

    What is left empty is as the fellowship has it, also for the days.
    """

    def __init__(
        self, data: Any = None, *, policy: Policy, served: list[str], fellowships: list[Fellowship], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fellowships = fellowships
        for one in fellowships:
            self._add(one, policy, one.code in served)

    def _add(self, one: Fellowship, policy: Policy, served: bool) -> None:
        self.fields[f"serves-{one.code}"] = forms.BooleanField(label=_("We serve it"), required=False)
        self.initial[f"serves-{one.code}"] = served
        self.fields[f"days-{one.code}"] = _days(one)
        self.initial[f"days-{one.code}"] = policy.minimum_days.get(one.code)
        if not one.has_date:
            return
        own = policy.date_words.get(one.code, {})
        for code, language in settings.LANGUAGES:
            self.fields[f"words-{one.code}-{code}"] = PlainTextField(
                label=format_lazy(_("Name of the date ({language})"), language=language),
                max_length=LONGEST_WORDS,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": one.date_words.get(code, ""), "autocomplete": "off"}),
            )
            self.initial[f"words-{one.code}-{code}"] = own.get(code, "")

    @property
    def parts(self) -> list[Part]:
        """The fields by fellowship, in the order of their names."""
        return [
            Part(
                one,
                self[f"serves-{one.code}"],
                self[f"days-{one.code}"],
                [self[f"words-{one.code}-{code}"] for code, _name in settings.LANGUAGES] if one.has_date else [],
            )
            for one in self.fellowships
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(f"serves-{one.code}") for one in self.fellowships):
            raise ValidationError(_("An office serves at least one fellowship. Tick one."), code="none_served")
        return given

    @property
    def values(self) -> dict[str, Any]:
        """The settings as they were given; only for a valid form."""
        given, minimum_days, date_words = self.cleaned_data, {}, {}
        for one in self.fellowships:
            days = given[f"days-{one.code}"]
            if days is not None and days != one.minimum_days:
                minimum_days[one.code] = days
            words = {code: given.get(f"words-{one.code}-{code}", "") for code, _name in settings.LANGUAGES}
            own = {code: word for code, word in words.items() if word and word != one.date_words.get(code)}
            if own:
                date_words[one.code] = own
        served = sorted(one.code for one in self.fellowships if given[f"serves-{one.code}"])
        return {"fellowships": served, "minimum_days": minimum_days, "date_words": date_words}


def _days(one: Fellowship) -> forms.IntegerField:
    message = format_lazy(_("Write a whole number from {least} to {most}."), least=0, most=MOST_DAYS)
    return forms.IntegerField(
        label=_("Days before somebody may sponsor"),
        help_text=format_lazy(_("Left empty it is {days}, as the fellowship has it."), days=one.minimum_days),
        required=False,
        validators=[MinValueValidator(0, message), MaxValueValidator(MOST_DAYS, message)],
        widget=forms.NumberInput(attrs={"min": 0, "max": MOST_DAYS, "step": 1, "inputmode": "numeric"}),
        error_messages={"invalid": message},
    )
