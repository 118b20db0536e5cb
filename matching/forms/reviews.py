"""What a coordinator says about an offer or a request."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.text import PlainTextField
from matching.models import RejectReason
from matching.queries.reviews import Candidate


class RejectForm(forms.Form):
    """Why an offer is not approved; kept for the record, told to nobody else."""

    reason = forms.ChoiceField(
        label=_("Why not?"),
        help_text=_("The two only learn that it won't work out this time."),
        choices=RejectReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose one of these reasons.")},
    )


class QuestionForm(forms.Form):
    """A question to one of the two; they read it after signing in, and the letter holds nothing of it."""

    whom = forms.TypedChoiceField(
        label=_("Whom do you ask?"),
        widget=forms.RadioSelect,
        coerce=UUID,
        error_messages={
            "required": _("Choose one of the two."),
            "invalid_choice": _("A question to them waits already, or this review is over."),
        },
    )
    text = PlainTextField(
        label=_("Your question"),
        help_text=_("Ask only what helps you to decide, and nothing about health. They answer in a few words."),
        max_length=300,
        lines=True,
        error_messages={"required": _("Write your question.")},
    )

    def __init__(self, *args: Any, people: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["whom"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(pk), name) for pk, name in people]


class AnswerForm(forms.Form):
    """The answer to a coordinator's question."""

    answer = PlainTextField(
        label=_("Your answer"),
        help_text=_("A few words are enough. Only the coordinators read it."),
        max_length=500,
        lines=True,
        error_messages={"required": _("Write a few words.")},
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


class FullForm(ProposeForm):
    """A sponsor whose seats are taken, and why it should be them; ``names`` are those that the reason must not tell."""

    reason = PlainTextField(
        label=_("Why should it be them?"),
        help_text=_("Coordinators read this, and the log keeps it for twelve months: leave names and health out."),
        max_length=300,
        lines=True,
        error_messages={"required": _("Write why. Without a reason nobody is asked to make room.")},
    )

    def __init__(self, *args: Any, candidates: Iterable[Candidate], names: Iterable[str] = (), **kwargs: Any) -> None:
        found = list(candidates)
        super().__init__(*args, candidates=found, **kwargs)
        self._names = {
            word for name in (*names, *(one.name for one in found)) for word in name.split() if len(word) > 2
        }

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if any(re.search(rf"\b{re.escape(name)}\b", reason, re.IGNORECASE) for name in self._names):
            raise ValidationError(_("Leave names out: the log keeps this."), code="names")
        return reason
