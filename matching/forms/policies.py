"""What coordinators decide about matching in their intergroup."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Policy
from matching.office_words import COMPONENTS
from matching.queries.policies import SETTINGS, overrides, weights_of

MOST_POINTS = 100


def _whole(label: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    message = format_lazy(_("Write a whole number from {least} to {most}."), least=least, most=most)
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        validators=[MinValueValidator(least, message), MaxValueValidator(most, message)],
        widget=forms.NumberInput(attrs={"min": least, "max": most, "step": 1, "inputmode": "numeric"}),
        error_messages={"required": message, "invalid": message},
    )


class WeightsForm(forms.Form):
    """Points of each component, 0 to 100; what is not given is as the intergroup has it."""

    def __init__(self, data: Any = None, *, policy: Policy, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for component, words in COMPONENTS.items():
            self.fields[component.value] = _whole(words, 0, MOST_POINTS)
            self.initial[component.value] = weights_of(policy)[component]

    @property
    def weights(self) -> dict[str, int]:
        """The points by component; of a form that is not valid, as the intergroup has them."""
        given = self.cleaned_data if self.is_valid() else self.initial
        return {component.value: given[component.value] for component in COMPONENTS}


class PolicyForm(WeightsForm):
    """Everything that coordinators set. No setting can switch a hard rule off."""

    review_required = forms.BooleanField(label=SETTINGS["review_required"], required=False)
    offer_hours = _whole(SETTINGS["offer_hours"], 1, 168)
    stuck_hours = _whole(SETTINGS["stuck_hours"], 1, 336)
    confirm_days = _whole(
        SETTINGS["confirm_days"],
        7,
        366,
        _("Whoever does not answer gets no new offers."),
    )
    steps_needed = _whole(SETTINGS["steps_needed"], 0, 12)

    def __init__(self, data: Any = None, *, policy: Policy, **kwargs: Any) -> None:
        super().__init__(data, policy=policy, **kwargs)
        for name in PolicyForm.base_fields:
            self.initial[name] = getattr(policy, name)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the policy as they were given; only for a valid form."""
        return {name: self.cleaned_data[name] for name in PolicyForm.base_fields} | {"weights": overrides(self.weights)}
