"""A sponsor's answer to an offer."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.sponsoring import PauseForm
from accounts.forms.text import PlainTextField

A_MONTH = timedelta(days=30)


class AcceptForm(forms.Form):
    """The first words to the newcomer, who reads them once the two are introduced."""

    note = PlainTextField(
        label=_("A first word to them"),
        help_text=_("They read it when you are introduced. For example: when you like to be called."),
        max_length=500,
        required=False,
        lines=True,
    )


class DeclineAndPauseForm(PauseForm):
    """Until when nobody else is sent; a month unless another day is chosen."""

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, zone=zone, **kwargs)
        self.fields["until"].initial = self.today + A_MONTH
