"""What the addresses of the lists of people ask for, and the name that is searched, which stands in none."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.text import PlainTextField
from accounts.models import Area, Gender, Language, Mode
from matching.queries.newcomers import NewcomerOrder, Search
from matching.queries.sponsors import Load, Order, Standing

ALL = ("", _("All"))
WAITED = (3, 7, 14, 30)
"""Whole days."""


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
