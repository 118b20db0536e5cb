"""The day of leaving treatment, and which week the office's list shows."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import clock

SOONEST, LATEST = timedelta(days=-14), timedelta(days=90)


class BridgeForm(forms.Form):
    """When somebody leaves. A day just gone by will do: the first days at home count most."""

    leaves_on = forms.DateField(
        label=_("Which day do you leave, or have you left?"),
        error_messages={
            "required": _("Give the day. If it changes, withdraw and ask again."),
            "invalid": _("There is no such date. Write it like 2027-03-31."),
        },
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = clock.today(zone)
        attributes = self.fields["leaves_on"].widget.attrs
        attributes |= {"min": (self.today + SOONEST).isoformat(), "max": (self.today + LATEST).isoformat()}

    def clean_leaves_on(self) -> date:
        day: date = self.cleaned_data["leaves_on"]
        if not SOONEST <= day - self.today <= LATEST:
            raise ValidationError(_("Give a day from two weeks ago to three months from now."), code="far")
        return day


class WeekForm(forms.Form):
    """A day of the week to show; today's week where none or nonsense is given. ``fridays`` shows that day alone."""

    week = forms.DateField(required=False)
    day = forms.ChoiceField(required=False, choices=[("friday", "friday")])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        found = self.cleaned_data.get("week") or today
        near = date(2020, 1, 1) <= found <= today + timedelta(days=3660)
        self.chosen: date = found if near else today
        self.fridays: bool = self.cleaned_data.get("day") == "friday"
