"""Spanish and French are whole: nothing left in English, no variable lost, compiled files that match the text."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
VARIABLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(_path(language, "po")))


def _path(language: str, kind: str) -> Path:
    folder: Path = settings.LOCALE_PATHS[0]
    return folder / language / "LC_MESSAGES" / f"django.{kind}"


def texts(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def variables_agree(entry: polib.POEntry) -> bool:
    """A translation has the variables of the English, or of its plural: "one day" may leave the number out."""
    allowed = [sorted(VARIABLE.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text]
    return all(sorted(VARIABLE.findall(text)) in allowed for text in texts(entry))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    left = [entry.msgid for entry in catalogue(language) if not all(texts(entry)) or entry.fuzzy]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_variable_is_lost_or_added(language: str) -> None:
    wrong = [entry.msgid for entry in catalogue(language) if not variables_agree(entry)]
    assert wrong == []


def forms(entry: polib.POEntry, known: polib.POFile) -> bool:
    """Whether an entry that counts has each of its language's forms, and no other."""
    [wanted] = re.findall(r"nplurals=(\d)", known.metadata["Plural-Forms"])
    return sorted(entry.msgstr_plural) == list(range(int(wanted)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_counts_has_each_form_of_its_language(language: str) -> None:
    """One that is missing shows in English, for those numbers alone."""
    known = catalogue(language)
    assert [entry.msgid for entry in known if entry.msgid_plural and not forms(entry, known)] == []


def test_a_missing_form_is_noticed() -> None:
    spanish = catalogue("es")
    assert not forms(polib.POEntry(msgid="a", msgid_plural="b", msgstr_plural={0: "a", 1: "b"}), spanish)


def test_a_lost_variable_is_noticed() -> None:
    assert not variables_agree(polib.POEntry(msgid="until %(day)s", msgstr="hasta"))
    assert variables_agree(polib.POEntry(msgid="until %(day)s", msgstr="hasta %(day)s"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    compiled = polib.mofile(str(_path(language, "mo")))
    known = {(entry.msgctxt, entry.msgid): texts(entry) for entry in compiled}
    written = {(entry.msgctxt, entry.msgid): texts(entry) for entry in catalogue(language) if not entry.obsolete}
    assert known == written


def test_no_gettext_goes_by_a_name_that_the_search_for_sentences_does_not_know() -> None:
    """Only these names are looked for: a sentence behind another one would be left in English."""
    alias = re.compile(r"import (?:\w+, )*n?p?gettext(?:_lazy|_noop)? as (?!_\b)\w+")
    files = [one for app in ("accounts", "matching", "recovery_match") for one in (ROOT / app).rglob("*.py")]
    assert [str(one) for one in files if alias.search(one.read_text())] == []
    assert alias.search("from django.utils.translation import gettext as _now")
