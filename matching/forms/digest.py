"""One letter a week: the weekday and the hour of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.ui import HOURS_A_DAY, hour_name
from matching.cadence import USUAL_HOUR, Quiet
from matching.models.digest import SUNDAY


class DigestForm(forms.Form):
    """The hour may not be a quiet one of any of the member's pairings, ``quiets``."""

    weekday = forms.TypedChoiceField(
        label=_("On which day?"),
        coerce=int,
        choices=lambda: list(WEEKDAYS.items()),
        initial=SUNDAY,
        error_messages={"required": _("Choose a day."), "invalid_choice": _("Choose a day.")},
    )
    hour = forms.TypedChoiceField(
        label=_("At what time?"),
        coerce=int,
        choices=lambda: [(number, hour_name(number)) for number in range(HOURS_A_DAY)],
        initial=USUAL_HOUR,
        error_messages={"required": _("Choose an hour."), "invalid_choice": _("Choose an hour.")},
    )

    def __init__(self, *args: Any, quiets: list[Quiet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quiets = quiets

    def clean_hour(self) -> int:
        hour: int = self.cleaned_data["hour"]
        if any(quiet.covers(hour) for quiet in self.quiets):
            raise ValidationError(
                _("This is one of the hours in which we write you nothing. Choose another one."), code="quiet"
            )
        return hour
