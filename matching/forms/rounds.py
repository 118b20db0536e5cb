"""What a coordinator decides about a round."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.models import PairOutcome, RoundKind

OUTCOMES = {
    "proposed": [PairOutcome.PROPOSED],
    "changed": [PairOutcome.OVERTAKEN, PairOutcome.UNFIT],
    "waiting": [PairOutcome.WAITING],
}
"""What became of pairs, as the address names it."""


class RoundForm(forms.Form):
    """What the round is to bring about."""

    kind = forms.ChoiceField(
        label=_("What matters most?"),
        choices=RoundKind.choices,
        initial=RoundKind.BEST,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )


class PairsForm(forms.Form):
    """Which pairs of a round to list; what makes no sense in the address is left out."""

    sponsor = forms.UUIDField(required=False)
    outcome = forms.ChoiceField(choices=[(name, name) for name in OUTCOMES], required=False)

    @property
    def wanted(self) -> dict[str, Any]:
        """The parts of it that make sense, as :func:`matching.queries.round_pages.pairs` takes them."""
        self.is_valid()
        sponsor, outcome = self.cleaned_data.get("sponsor"), self.cleaned_data.get("outcome")
        found: dict[str, Any] = {"sponsor": sponsor} if sponsor else {}
        return {**found, "outcomes": OUTCOMES[outcome]} if outcome else found
