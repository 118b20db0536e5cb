"""What a coordinator decides about a round."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.models import RoundKind


class RoundForm(forms.Form):
    """What the round is to bring about."""

    kind = forms.ChoiceField(
        label=_("What matters most?"),
        choices=RoundKind.choices,
        initial=RoundKind.BEST,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
