"""The office's own words: on two pages and at the foot of letters, in each language."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.text import PlainTextField
from accounts.models import Policy, TextPlace
from matching.neutral_words import outing, unkind

LONGEST = {TextPlace.WELCOME: 400, TextPlace.WAITING: 400, TextPlace.LETTERS: 160}
HELP = {
    TextPlace.WELCOME: _("Stands on the first page of each member. Up to 400 characters."),
    TextPlace.WAITING: _("Stands where somebody sees how their request goes on. Up to 400 characters."),
    TextPlace.LETTERS: _(
        "Stands at the end of each letter, which others may see. So no word of what this is about: no fellowship, no "
        "meeting, no sponsor. Up to 160 characters."
    ),
}


@dataclass(frozen=True)
class Part:
    """The fields of one place, a language each."""

    place: TextPlace
    help: Any
    fields: list[forms.BoundField]


class TextsForm(forms.Form):
    """Plain text without links or marks; what is left empty shows nothing, another language falls back on English."""

    def __init__(self, data: Any = None, *, policy: Policy, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for place in TextPlace:
            for code, language in settings.LANGUAGES:
                self.fields[f"{place.value}-{code}"] = PlainTextField(
                    label=format_lazy("{place} ({language})", place=place.label, language=language),
                    max_length=LONGEST[place],
                    lines=place != TextPlace.LETTERS,
                    required=False,
                    widget=None if place == TextPlace.LETTERS else forms.Textarea(attrs={"rows": 3}),
                )
                self.initial[f"{place.value}-{code}"] = policy.texts.get(place.value, {}).get(code, "")

    @property
    def parts(self) -> list[Part]:
        """The fields by place."""
        return [
            Part(place, HELP[place], [self[f"{place.value}-{code}"] for code, _name in settings.LANGUAGES])
            for place in TextPlace
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for place in TextPlace:
            for code, _name in settings.LANGUAGES:
                text = given.get(f"{place.value}-{code}", "")
                try:
                    _check(text, place, code)
                except ValidationError as error:
                    self.add_error(f"{place.value}-{code}", error)
        return given

    @property
    def values(self) -> dict[str, Any]:
        """The setting as it was given; only for a valid form."""
        texts: dict[str, dict[str, str]] = {}
        for place in TextPlace:
            own = {code: self.cleaned_data[f"{place.value}-{code}"] for code, _name in settings.LANGUAGES}
            if any(own.values()):
                texts[place.value] = {code: text for code, text in own.items() if text}
        return {"texts": texts}


def _check(text: str, place: TextPlace, language: str) -> None:
    if found := unkind(text, language):
        raise ValidationError(
            _("These words blame or label people: %(words)s. Say it in another way."),
            code="unkind",
            params={"words": ", ".join(found)},
        )
    if "!" in text or "¡" in text:
        raise ValidationError(_("Leave out the exclamation mark. The site speaks calmly."), code="loud")
    if "://" in text or "www." in text.lower():
        raise ValidationError(_("Leave out the web address. A link can't be opened from here."), code="link")
    if place == TextPlace.LETTERS and (found := outing(text, language)):
        raise ValidationError(
            _("These words tell whoever sees the letter what it is about: %(words)s. Leave them out."),
            code="outing",
            params={"words": ", ".join(dict.fromkeys(found))},
        )
