"""Whether milestones are remembered, and what becomes of the date."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MilestonesForm(forms.Form):
    """Both are off until somebody ticks them; the second means nothing without the first."""

    wanted = forms.BooleanField(
        label=_("Keep these days in mind for me"),
        help_text=_(
            "On the day we write you a few words. They never tell what this is about, nor how long it has been."
        ),
        required=False,
    )
    sponsor_too = forms.BooleanField(
        label=_("My sponsor may hear of it"),
        help_text=_("They see your next one on the page you share, and get a few words on the day."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {**cleaned, "sponsor_too": bool(cleaned.get("wanted") and cleaned.get("sponsor_too"))}


class DateChangeForm(forms.Form):
    """Which of the two buttons was pressed."""

    to = forms.ChoiceField(choices=[("today", "today"), ("none", "none")])
