"""Somebody who leaves treatment, as the office asks them: the day, a language, perhaps an address; no name."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from matching.forms.bridging import LATEST, SOONEST


class BridgeInviteForm(forms.Form):
    """The person's own say comes first; without an address the link is handed over."""

    leaves_on = forms.DateField(
        label=_("Day of leaving"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day like 2027-01-31.")},
    )
    language = forms.ChoiceField(label=_("Their language"), choices=settings.LANGUAGES)
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_(
            "Only if nobody else reads it. It is kept until the mail has gone out. Without one you get a link."
        ),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This does not look like an e-mail address.")},
    )
    told = forms.BooleanField(
        label=_("They told me themselves that they would like this"),
        error_messages={"required": _("Ask them first. Without their own yes nothing is kept of them.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        attributes = self.fields["leaves_on"].widget.attrs
        attributes |= {"min": (today + SOONEST).isoformat(), "max": (today + LATEST).isoformat()}

    def clean_leaves_on(self) -> date:
        day: date = self.cleaned_data["leaves_on"]
        if not SOONEST <= day - self.today <= LATEST:
            raise ValidationError(_("Give a day from two weeks ago to three months from now."), code="far")
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What is kept; only for a valid form."""
        return {name: self.cleaned_data[name] for name in ("leaves_on", "language", "email")}
