"""The answer to the question that follows a silence: one of three buttons."""

from django import forms

from matching.models import ChangeAnswer


class ChangeForm(forms.Form):
    """One of the three answers."""

    answer = forms.TypedChoiceField(choices=ChangeAnswer.choices, coerce=ChangeAnswer)
