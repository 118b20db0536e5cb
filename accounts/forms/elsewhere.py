"""In which time zone to read one's own free hours, as somebody elsewhere would."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms.zones import zone_choices


class ElsewhereForm(forms.Form):
    """Stands below the week and is sent along with it, by a button of its own; nothing of it is stored."""

    elsewhere = forms.ChoiceField(
        label=_("Time zone to compare with"),
        widget=forms.Select(attrs={"form": "answer"}),
        error_messages={
            "required": _("Choose your time zone."),
            "invalid_choice": _("We do not know this time zone. Choose one of the list."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, first: str) -> None:
        super().__init__(data, initial={"elsewhere": first})
        field = self.fields["elsewhere"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = zone_choices(first)
