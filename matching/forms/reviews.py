"""What a coordinator says about an offer or a request."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.text import PlainTextField
from accounts.models import Area, Language
from matching.models import RejectReason
from matching.queries.reviews import Candidate
from matching.queries.sponsors import Order, Standing


class RejectForm(forms.Form):
    """Why an offer is not approved; kept for the record, told to nobody else."""

    reason = forms.ChoiceField(
        label=_("Why not?"),
        help_text=_("The two only learn that it won't work out this time."),
        choices=RejectReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose one of these reasons.")},
    )


class ProposeForm(forms.Form):
    """One of the sponsors whom the engine found; somebody who does not fit cannot be proposed."""

    sponsor = forms.TypedChoiceField(
        label=_("Whom do you propose?"),
        widget=forms.RadioSelect,
        coerce=UUID,
        error_messages={
            "required": _("Choose a sponsor."),
            "invalid_choice": _("This sponsor no longer fits. Choose one of those below."),
        },
    )

    def __init__(self, *args: Any, candidates: Iterable[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sponsor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.key), one.name) for one in candidates]


class SponsorFilter(forms.Form):
    """Which sponsors to list, from the address; what makes no sense there is left out of the filter."""

    q = PlainTextField(label=_("First name"), max_length=40, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *Standing.choices], required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("All")), *Language.choices], required=False)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int, empty_value=None, required=False)
    sort = forms.ChoiceField(label=_("Sorted"), choices=Order.choices, required=False)

    def __init__(self, *args: Any, areas: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *((str(area.pk), area.name) for area in areas)]

    def wanted(self) -> dict[str, Any]:
        """The parts of the filter that make sense."""
        self.is_valid()
        return dict(self.cleaned_data)
