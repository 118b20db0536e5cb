"""Whether a sponsor is still there: yes, a pause until a day or until they say so, or stepping back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.forms.sponsoring import PauseForm


class There(models.TextChoices):
    """The buttons; their words stand on the page."""

    YES = "yes", _("Yes, gladly")
    PAUSE = "pause", _("A pause until a day")
    OPEN = "open", _("A pause until I say so")
    BACK = "back", _("I step back")


class RosterForm(PauseForm):
    """One of the buttons; the day is needed for one of them alone."""

    answer = forms.TypedChoiceField(choices=There.choices, coerce=There)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, zone=zone, **kwargs)
        if self.data.get("answer") != There.PAUSE:
            del self.fields["until"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "answer" not in cleaned:
            raise ValidationError(_("Choose one of these."), code="no_answer")
        return {"until": None, **cleaned}
