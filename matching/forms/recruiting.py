"""How many sponsors a coordinator hopes to find."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 10
_BETWEEN = _("Choose a number from 1 to 10.")


class RecruitsForm(forms.Form):
    """The number of people to look for."""

    number = forms.IntegerField(
        label=_("How many people could you ask?"),
        min_value=1,
        max_value=MOST,
        initial=3,
        error_messages={
            "required": _BETWEEN,
            "invalid": _BETWEEN,
            "min_value": _BETWEEN,
            "max_value": _BETWEEN,
        },
    )

    @property
    def chosen(self) -> int:
        """The number, or the usual one where none was given or it was wrong."""
        usual: int = self.fields["number"].initial
        return int(self.cleaned_data["number"]) if self.is_bound and self.is_valid() else usual
