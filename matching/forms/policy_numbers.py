"""Local numbers of an office, beside the site's own, which stay."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.forms.text import PlainTextField
from accounts.models import Policy
from accounts.models.policy import MOST_NUMBERS, REVIEW_EVERY

NUMBER = re.compile(r"\+?[0-9][0-9 ().\-]{1,28}[0-9]")
FIELDS = ("name", "number", "source", "reviewed")


class NumbersForm(forms.Form):
    """Up to six numbers. One of which all fields are empty is none; each of the others needs all of them."""

    def __init__(self, data: Any = None, *, policy: Policy, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.policy, self.today = policy, clock.today(policy.intergroup.zone)
        for place in range(MOST_NUMBERS):
            self._add(place)

    def _add(self, place: int) -> None:
        known = self.policy.crisis_lines[place] if place < len(self.policy.crisis_lines) else {}
        self.fields |= {
            f"name-{place}": PlainTextField(label=_("Whom one reaches"), max_length=60, required=False),
            f"number-{place}": PlainTextField(
                label=_("Number"),
                max_length=30,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            ),
            f"by_text-{place}": forms.BooleanField(label=_("They answer text messages too"), required=False),
            f"source-{place}": PlainTextField(
                label=_("Where you checked it"),
                help_text=_("Such as: their own page, or a call."),
                max_length=120,
                required=False,
            ),
            f"reviewed-{place}": forms.DateField(
                label=_("Checked on"),
                required=False,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "max": self.today.isoformat()}),
                error_messages={"invalid": _("There is no such date. Write it like 2024-03-31.")},
            ),
        }
        for name, value in known.items():
            self.initial[f"{name}-{place}"] = value

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """The fields by number."""
        names = ("name", "number", "by_text", "source", "reviewed")
        return [[self[f"{name}-{place}"] for name in names] for place in range(MOST_NUMBERS)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for place in range(MOST_NUMBERS):
            if any(given.get(f"{name}-{place}") or f"{name}-{place}" in self.errors for name in FIELDS):
                self._check(given, place)
        return given

    def _check(self, given: dict[str, Any], place: int) -> None:
        for name in FIELDS:
            if not given.get(f"{name}-{place}") and f"{name}-{place}" not in self.errors:
                self.add_error(f"{name}-{place}", _("Fill this in too, or empty the whole number to take it off."))
        number, day = given.get(f"number-{place}"), given.get(f"reviewed-{place}")
        if number and not NUMBER.fullmatch(number):
            self.add_error(f"number-{place}", _("Write a phone number, with digits, spaces and hyphens."))
        if day is not None and not self.today - timedelta(days=REVIEW_EVERY) < day <= self.today:
            self.add_error(
                f"reviewed-{place}",
                ValidationError(
                    format_lazy(_("Give a day of the last {days} days, up to today."), days=REVIEW_EVERY),
                    code="not_lately",
                ),
            )

    @property
    def values(self) -> dict[str, Any]:
        """The setting as it was given; only for a valid form."""
        given = self.cleaned_data
        lines = [
            {
                "name": given[f"name-{place}"],
                "number": given[f"number-{place}"],
                "by_text": given[f"by_text-{place}"],
                "source": given[f"source-{place}"],
                "reviewed": given[f"reviewed-{place}"].isoformat(),
            }
            for place in range(MOST_NUMBERS)
            if given[f"name-{place}"]
        ]
        return {"crisis_lines": lines}
