"""A meeting list, as a file or pasted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.meeting_guide import MAX_BYTES
from accounts.models import Fellowship

MOST_PASTED = 200_000


class FeedForm(forms.Form):
    """Either a file or the text itself; the fellowship only where the office serves several."""

    fellowship = forms.ModelChoiceField(
        label=_("Fellowship"),
        queryset=Fellowship.objects.none(),
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    file = forms.FileField(
        label=_("File with the list"),
        help_text=_("A .json file in the Meeting Guide format, as your website exports it."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label=_("Or paste the list"),
        required=False,
        max_length=MOST_PASTED,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={"max_length": _("This is too long to paste. Save it as a file and choose that.")},
    )

    def __init__(self, *args: Any, fellowships: list[Fellowship], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("file", "text"):
            self.fields[name].one_will_do = True  # type: ignore[attr-defined]
        self.only = fellowships[0] if len(fellowships) == 1 else None
        field = self.fields["fellowship"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Fellowship.objects.filter(pk__in=[one.pk for one in fellowships])
        if self.only is not None:
            del self.fields["fellowship"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, text = given.get("file"), given.get("text")
        if not self.errors and bool(file) == bool(text):
            raise ValidationError(_("Choose a file, or paste the list: one of the two."), code="one_of_two")
        return given

    @property
    def data_given(self) -> bytes:
        """The bytes of the list, and never more than one beyond the limit; only for a valid form."""
        file = self.cleaned_data["file"]
        data: bytes = file.read(MAX_BYTES + 1) if file else self.cleaned_data["text"].encode()
        return data

    @property
    def source(self) -> str:
        """What the list is called: the name of its file."""
        file = self.cleaned_data["file"]
        return str(file.name) if file else str(_("Pasted list"))

    @property
    def chosen(self) -> Fellowship:
        """Whose meetings they are; only for a valid form."""
        found: Fellowship = self.only or self.cleaned_data["fellowship"]
        return found
