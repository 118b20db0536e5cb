"""The copy that is made to be read holds all that the JSON file holds, in each language, and loads nothing."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts import privacy
from accounts.copy import NoWords, readable
from accounts.copy.style import STYLE
from accounts.copy.values import NOTHING
from accounts.models import User
from tests.accounts.test_every_table_is_answered_for import PEOPLE, everything
from tests.conftest import signed_in
from tests.matching.world import World

__all__ = ["everything"]
LANGUAGES = [code for code, _ in settings.LANGUAGES]
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


class Page(HTMLParser):
    """What stands in a readable copy: for each section its rows, each as pairs of a label and a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sections: dict[str, list[list[tuple[str, str]]]] = {}
        self.loads: list[str] = []
        self._into: list[str] | None = None
        self._heads: list[str] = []
        self._cells: list[str] = []
        self._rows: list[list[tuple[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in ("a",):
            self.loads += [values[name] or "" for name in ("src", "href", "action", "data", "srcset") if name in values]
        if tag in ("h2", "th", "dt", "td", "dd"):
            self._into = []
        elif tag == "dl":
            self._heads, self._cells = [], []
        elif tag == "br" and self._into is not None:
            self._into.append("\n")
        elif tag == "table":
            self._heads = []
        elif tag == "tr":
            self._cells = []

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._into or [])
        if tag == "h2":
            self._rows = self.sections.setdefault(text, [])
        elif tag in ("th", "dt"):
            self._heads.append(text)
        elif tag in ("td", "dd"):
            self._cells.append(text)
        elif tag in ("tr", "dl") and self._cells:
            self._rows.append(list(zip(self._heads, self._cells, strict=True)))
        if tag in ("h2", "th", "dt", "td", "dd"):
            self._into = None


def read(user: User, language: str) -> str:
    """The page as the member gets it."""
    client = signed_in(user)
    answer = client.post(reverse("my_data_read"), headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def of_file(user: User) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Each section of the JSON file: its part, its name, its rows."""
    copy = privacy.export(user)
    parts = privacy.vocabularies()
    for name, held in copy.items():
        inner = held.items() if name in parts else [(name, held)]
        for section, rows in inner:
            yield (name if name in parts else ""), section, [rows] if isinstance(rows, dict) else list(rows or [])


def agree(value: Any, text: str) -> bool:
    """Whether a text can be what is said of a value, as far as one can tell without the words for it."""
    if value is None or value in ("", [], {}):
        return text == NOTHING
    if isinstance(value, bool):
        return text in {"Yes", "No", "Sí", "Oui", "Non"}
    if isinstance(value, datetime | date):
        return str(value.year) in text
    if isinstance(value, list | dict):
        return bool(text) and text != NOTHING
    return bool(text) and (str(value).replace("\r\n", "\n") == text or str(value).islower() or isinstance(value, int))


@pytest.mark.parametrize("name", PEOPLE)
@IN_EACH_LANGUAGE
def test_every_row_and_every_field_of_the_file_is_on_the_page(everything: World, name: str, language: str) -> None:
    user = everything[name]
    assert isinstance(user, User)
    page = Page(read(user, language))
    parts, met = privacy.vocabularies(), 0
    with translation.override(language):
        for part, section, rows in of_file(User.objects.get(pk=user.pk)):
            words = parts[part]
            shown = page.sections[words.title(section)]
            assert len(shown) == len(rows), section
            for row, said in zip(rows, shown, strict=True):
                assert [label for label, _ in said] == [words.label(field) for field in row], section
                wrong = [
                    (field, value, text)
                    for (field, value), (_, text) in zip(row.items(), said, strict=True)
                    if not agree(value, text)
                ]
                assert wrong == [], section
                met += len(row)
    assert met > 40


def test_what_stands_sealed_or_in_words_of_ones_own_is_there_as_it_was_written(everything: World) -> None:
    ana = everything["ana"]
    assert isinstance(ana, User)
    text = read(ana, "en")
    for value in (ana.email, ana.contact.phone, "Ana", "192.0.2.1"):
        assert value in text


@IN_EACH_LANGUAGE
def test_it_loads_nothing_and_its_style_is_the_one_that_browsers_are_told_of(ana: User, language: str) -> None:
    """S6, S18."""
    answer = signed_in(ana).post(reverse("my_data_read"), headers={"accept-language": language})
    text = answer.content.decode()
    assert [one for one in Page(text).loads if one != "data:,"] == []
    assert "<script" not in text
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}';" in policy + ";"
    assert "unsafe" not in policy
    assert f'lang="{language}"' in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_is_made_by_a_button_and_not_by_a_link(ana: User) -> None:
    client = signed_in(ana)
    assert client.get(reverse("my_data_read")).status_code == 405
    assert reverse("my_data_read") in client.get(reverse("my_data")).content.decode()


def test_control_a_column_that_nobody_has_a_word_for_is_noticed(ana: User) -> None:
    """The negative control: the page is refused, rather than shown without it."""
    words = privacy.vocabularies()
    copy = {**privacy.export(ana), "diary": [{"page": 1}]}
    with pytest.raises(NoWords):
        readable(copy, words)
    known = replace(words[""], titles={**words[""].titles, "diary": "Diary"})
    with pytest.raises(NoWords):
        readable(copy, {**words, "": known})


def test_every_name_is_a_word_that_is_translated() -> None:
    """The catalogues are complete by a test of their own."""
    for words in privacy.vocabularies().values():
        assert all(isinstance(one, Promise) for one in (*words.titles.values(), *words.labels.values()))


def test_the_file_is_as_it_was(ana: User) -> None:
    kept = json.loads(signed_in(ana).post(reverse("my_data_export")).content)
    assert set(privacy.vocabularies()) - {""} <= set(kept)
