"""The answer to a check-in: one of three buttons."""

from django import forms

from matching.models import Answer


class AnswerForm(forms.Form):
    """One of the three answers."""

    answer = forms.TypedChoiceField(choices=Answer.choices, coerce=Answer)


class OneOfManyForm(AnswerForm):
    """The answer to one question of a page that has several."""

    question = forms.UUIDField()
