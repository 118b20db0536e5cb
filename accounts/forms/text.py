"""Text that people type: no characters that hide, reverse or break what others read."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Bidirectional controls can make a line read backwards; the others are invisible.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb")
_UNREADABLE = "\ufffd"
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_TAGS = range(0xE0000, 0xE0080)
_LINE_BREAKS = frozenset("\n\t")
_APOSTROPHES_AND_HYPHENS = frozenset("'’ʼ-‐")
_MARKS_IN_A_ROW = 4
"""Enough for every living script; more is stacked up to break the line above."""


def hides_something(character: str, *, lines: bool = False) -> bool:
    """Whether a character is a control, a bidirectional override, invisible, or no character at all."""
    if lines and character in _LINE_BREAKS:
        return False
    return (
        unicodedata.category(character) in _REFUSED_CATEGORIES
        or character in _BIDI
        or character in _INVISIBLE
        or character == _UNREADABLE
        or ord(character) in _TAGS
    )


class PlainTextField(forms.CharField):
    """One line of text, or several with ``lines=True``; normalised to NFC, stripped.

    Refuses NUL and other control characters, bidirectional overrides, invisible characters, and text longer than
    ``max_length`` (required), each with a sentence that says what to do.
    """

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=max_length, **kwargs)
        # The characters are looked at in to_python, and Django's own NUL check says less than ours.
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        if self.lines:
            text = text.replace("\r\n", "\n")
        if self.max_length is not None and len(text) > self.max_length:
            raise ValidationError(
                _("This is too long: %(length)s characters. Use %(limit)s at most."),
                code="max_length",
                params={"length": len(text), "limit": self.max_length},
            )
        if any(hides_something(character, lines=self.lines) for character in text):
            raise ValidationError(
                _("This holds hidden characters. Type it again instead of pasting it."), code="hidden_characters"
            )
        return text


class NameField(PlainTextField):
    """A first name: letters of any script with their marks, apostrophes, hyphens and spaces. No digits, no emoji."""

    def to_python(self, value: Any) -> str:
        name = " ".join(super().to_python(value).split())
        if not name:
            return name
        if not all(_may_stand_in_a_name(character) for character in name) or not any(map(str.isalpha, name)):
            raise ValidationError(_("Use letters, spaces, hyphens and apostrophes only."), code="not_a_name")
        if _longest_run_of_marks(name) > _MARKS_IN_A_ROW:
            raise ValidationError(_("This has too many accents on one letter."), code="not_a_name")
        return name


def _may_stand_in_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in _APOSTROPHES_AND_HYPHENS or character == " "


def _longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character).startswith("M") else 0
        longest = max(longest, run)
    return longest
