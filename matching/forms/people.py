"""What the addresses of the lists of people ask for, and the name that is searched, which stands in none."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.text import PlainTextField
from accounts.models import Area, CheckItem, Gender, Language, Mode
from matching.queries.newcomers import NewcomerOrder, Search
from matching.queries.sponsors import Load, Order, Standing

ALL = ("", _("All"))
WAITED = (3, 7, 14, 30)
"""Whole days."""

LONGEST_PAUSE = timedelta(days=366)


def _one_of(label: Any, choices: Any, *, everything: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[*([ALL] if everything else []), *choices], required=False)


class _PeopleFilter(forms.Form):
    """Whom to list; what makes no sense in the address is left out of the filter."""

    language = _one_of(_("Language"), Language.choices)
    gender = _one_of(_("Gender"), Gender.choices)
    mode = _one_of(_("Ways to meet"), Mode.choices)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int, empty_value=None, required=False)
    office = _one_of(_("Intergroup"), ())

    def __init__(self, *args: Any, areas: Sequence[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = {area.intergroup.slug: area.intergroup.name for area in areas}
        self._choose("area", [(str(area.pk), area.name) for area in areas])
        self._choose("office", sorted(offices.items()))
        if len(offices) < 2:
            del self.fields["office"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ALL, *choices]

    def wanted(self) -> dict[str, Any]:
        """The parts of the filter that make sense."""
        self.is_valid()
        return dict(self.cleaned_data)

    @property
    def narrows(self) -> bool:
        """Whether anybody is left out by it."""
        return any(value for name, value in self.wanted().items() if name != "sort")


class SponsorFilter(_PeopleFilter):
    """Which sponsors to list."""

    state = _one_of(_("State"), Standing.choices)
    load = _one_of(_("Seats"), Load.choices)
    sort = _one_of(_("Sorted"), Order.choices, everything=False)
    field_order = ("state", "load", "language", "gender", "mode", "area", "office", "sort")


class NewcomerFilter(_PeopleFilter):
    """Which newcomers to list."""

    state = _one_of(_("State"), Search.choices)
    waiting = forms.TypedChoiceField(
        label=_("Waits"),
        choices=[ALL, *((str(days), format_lazy(_("{days} days or longer"), days=days)) for days in WAITED)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    sort = _one_of(_("Sorted"), NewcomerOrder.choices, everything=False)
    field_order = ("state", "waiting", "language", "gender", "mode", "area", "office", "sort")


class SearchForm(forms.Form):
    """A name to look for."""

    word = PlainTextField(
        label=_("Name"),
        help_text=_("A first name, also half of it or misspelt."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    where = forms.ChoiceField(
        choices=[("sponsors", ""), ("newcomers", "")], widget=forms.HiddenInput, error_messages={"required": ""}
    )


class ChecklistForm(forms.Form):
    """Items of the office's list, each ticked or not: those that an office asks for, or those made sure of."""

    items = forms.MultipleChoiceField(
        label=_("What is made sure of"), choices=CheckItem.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, asked: Iterable[str] = CheckItem.values, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        # What is not ticked yet is still to do: nothing of it is optional.
        field.one_will_do = True  # type: ignore[attr-defined]
        assert isinstance(field, forms.MultipleChoiceField)
        wanted = set(asked)
        field.choices = [(item, CheckItem(item).label) for item in CheckItem.values if item in wanted]


class OfficePauseForm(forms.Form):
    """Until when somebody takes nobody new; a day in their own zone."""

    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        attrs = self.fields["until"].widget.attrs
        attrs["min"], attrs["max"] = (today + timedelta(days=1)).isoformat(), (today + LONGEST_PAUSE).isoformat()

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today < until <= self.today + LONGEST_PAUSE:
            raise ValidationError(_("Choose a day after today, within a year."), code="range")
        return until


class SuspendForm(forms.Form):
    """Why, for those who look after safety; and whether the pairs end as well."""

    reason = PlainTextField(
        label=_("Why?"),
        help_text=_("Only those who look after safety in your office read this. Leave names and health out."),
        max_length=500,
        lines=True,
        error_messages={"required": _("Write why. Whoever looks at it later must understand it.")},
    )
    ends_pairs = forms.BooleanField(label=_("Their pairs end as well"), required=False, initial=True)

    def __init__(self, *args: Any, names: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = {word for name in names for word in name.split() if len(word) > 2}

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if any(re.search(rf"\b{re.escape(name)}\b", reason, re.IGNORECASE) for name in self._names):
            raise ValidationError(_("Leave names out: others of your office read this later."), code="names")
        return reason
