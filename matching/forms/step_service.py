"""A piece of Twelfth-Step service."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models.people import EARLIEST_RECOVERY_DATE
from matching.models import ServiceKind

MINUTES_A_DAY = 1440


class ServiceForm(forms.Form):
    """What, when (today unless said otherwise) and how long if one likes. Day and length may stay as they are."""

    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=ServiceKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it was."), "invalid_choice": _("Choose one of these.")},
    )
    on = forms.DateField(
        label=_("Day"),
        error_messages={
            "required": _("Give the day, or leave it at today."),
            "invalid": _("There is no such date. Write it like 2027-03-31."),
        },
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=MINUTES_A_DAY,
        error_messages={
            "invalid": _("Give the minutes as a number, like 45."),
            "min_value": _("Give 1 to 1440 minutes, or leave it empty."),
            "max_value": _("Give 1 to 1440 minutes, or leave it empty."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        self.today = clock.today(zone)
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.today
        self.fields["on"].widget.attrs["max"] = self.today.isoformat()

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("This day is still to come. Log it when it is done."), code="future")
        if on < EARLIEST_RECOVERY_DATE:
            raise ValidationError(_("Give a day after 1930."), code="past")
        return on
