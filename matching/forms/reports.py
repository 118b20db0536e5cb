"""Which months a report is about."""

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Comfort, Language, Mode
from matching.queries.report_period import MOST_MONTHS, Period, plus, usual
from matching.queries.report_rows import DEMAND, NUMBERS, Number


class PeriodForm(forms.Form):
    """From one month to another, both included; whatever is missing or wrong is the last twelve months."""

    first = forms.ChoiceField(label=gettext_lazy("From"))
    last = forms.ChoiceField(label=gettext_lazy("To"))

    def __init__(self, data: Any, *, today: date, zone: str) -> None:
        self.usual = usual(today, zone)
        given = {"first": f"{self.usual.first:%Y-%m}", "last": f"{self.usual.last:%Y-%m}", **data.dict()}
        super().__init__(given)
        months = [plus(self.usual.last, -back) for back in range(MOST_MONTHS)]
        choices = [(f"{month:%Y-%m}", f"{MONTHS[month.month]} {month.year}") for month in months]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Months in their order."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first", "") > cleaned.get("last", "9"):
            self.add_error("last", _("Choose a month that does not come before the first."))
        return cleaned

    @property
    def period(self) -> Period:
        """What was asked for."""
        if not self.is_valid():
            return self.usual
        first, last = (date.fromisoformat(f"{self.cleaned_data[name]}-01") for name in ("first", "last"))
        return Period(first, last, self.usual.zone)


class NumberForm(forms.Form):
    """Behind which number to look, where that is not told by its name alone."""

    language = forms.ChoiceField(choices=Language.choices, required=False)
    comfort = forms.ChoiceField(choices=Comfort.choices, required=False)
    mode = forms.ChoiceField(choices=Mode.choices, required=False)

    def number(self, name: str) -> Number | None:
        """The one asked for; None where the address makes no sense."""
        if name not in NUMBERS or not self.is_valid():
            return None
        rest = [self.cleaned_data[one] for one in ("language", "comfort", "mode")]
        if name != DEMAND:
            return Number(name)
        return Number(name, *rest) if all(rest) else None
