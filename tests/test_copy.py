"""The words of the field: none that blames, labels or counts people, in any language; no exclamation marks."""

import re

import polib
import pytest
from django.conf import settings

from matching.neutral_words import UNKIND, unkind


def sentences(language: str) -> list[str]:
    folder = settings.LOCALE_PATHS[0]
    code = "es" if language == "en" else language
    found = []
    for entry in polib.pofile(str(folder / code / "LC_MESSAGES" / "django.po")):
        if language == "en":
            found += [entry.msgid, entry.msgid_plural]
        else:
            found += [entry.msgstr, *entry.msgstr_plural.values()]
    return [text for text in found if text]


@pytest.mark.parametrize("language", UNKIND)
def test_no_sentence_blames_or_labels(language: str) -> None:
    assert [text for text in sentences(language) if unkind(text, language)] == []


@pytest.mark.parametrize("language", UNKIND)
def test_nobody_is_shouted_at(language: str) -> None:
    assert [text for text in sentences(language) if re.search(r"[!¡](?!=)", text)] == []


def test_an_unkind_word_would_be_noticed() -> None:
    assert unkind("You missed your check-in", "en")
