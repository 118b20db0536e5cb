"""What the address of the coordinators' day asks for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Intergroup
from matching.queries.waits import Holder, Kind


class TodayFilter(forms.Form):
    """Which rows to show; what makes no sense in the address is left out of the filter."""

    kind = forms.ChoiceField(choices=Kind.choices, required=False, widget=forms.HiddenInput)
    holder = forms.ChoiceField(label=_("Held by"), choices=[("", _("All")), *Holder.choices], required=False)
    office = forms.ChoiceField(label=_("Intergroup"), required=False)

    def __init__(self, *args: Any, offices: Iterable[Intergroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offices = {one.slug: one for one in offices}
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *((one.slug, one.name) for one in self._offices.values())]
        if len(self._offices) < 2:
            del self.fields["office"]
        self.is_valid()

    @property
    def chosen_kind(self) -> Kind | None:
        """The one kind asked for."""
        kind = self.cleaned_data.get("kind")
        return Kind(kind) if kind else None

    @property
    def chosen_holder(self) -> Holder | None:
        """In whose hands."""
        holder = self.cleaned_data.get("holder")
        return Holder(holder) if holder else None

    @property
    def chosen_office(self) -> int | None:
        """The id of the one intergroup asked for, of those where the reader serves."""
        office = self._offices.get(self.cleaned_data.get("office") or "")
        return None if office is None else office.pk
