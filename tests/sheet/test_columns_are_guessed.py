"""What a column is: by its title in three languages, by what stands in it, and as the office said before."""

import pytest

from matching.sheet import Column, decode, guess, is_private, read_table
from matching.sheet.columns import folded
from tests.sheet import samples

NAME, SURNAME, EMAIL, WISH, LANGUAGE, SINCE, NOTHING = Column


def guessed(text: str, before: dict[str, str] | None = None) -> list[Column]:
    table = read_table(decode(text.encode()))
    return guess(table.header, [line.cells for line in table.lines], before or {})


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (samples.BEV, [NAME, NOTHING, EMAIL, LANGUAGE, NOTHING]),
        (samples.PHONE_WITH_THE_NAME, [NAME, EMAIL, WISH, SINCE]),
        (samples.MADRID, [NAME, SURNAME, EMAIL, WISH, SINCE, NOTHING]),
        (samples.LYON, [NAME, SURNAME, EMAIL, LANGUAGE, SINCE, NOTHING]),
        (samples.BARE, [EMAIL, NAME]),
        (samples.EXCEL, [NAME, EMAIL]),
    ],
)
def test_real_lists(text: str, columns: list[Column]) -> None:
    assert guessed(text) == columns


def test_a_title_that_what_stands_below_belies_is_not_believed() -> None:
    text = "Sponsor,Contact\nRuth B,555 010 0123\nTom K,555 010 0124\n"
    assert guessed(text) == [NAME, NOTHING]


def test_each_kind_is_given_once() -> None:
    text = "Email,Second email,Name\na@example.org,b@example.org,Ana\n"
    assert guessed(text) == [EMAIL, NOTHING, NAME]


def test_what_the_office_said_the_last_time_comes_first() -> None:
    before = {folded("Prénom"): "", folded("NOM DE FAMILLE"): "name"}
    assert guessed(samples.LYON, before)[:2] == [NOTHING, NAME]


@pytest.mark.parametrize(
    "title",
    [
        "Address",
        "Home address",
        "DOB",
        "Date of birth",
        "Sobriety Date",
        "Clean date",
        "Notes",
        "Substance",
        "Age",
        "Dirección",
        "Fecha de nacimiento",
        "Observaciones",
        "Fecha de sobriedad",
        "Adresse",
        "Date de naissance",
    ],
)
def test_titles_of_what_is_never_kept(title: str) -> None:
    assert is_private(title)


@pytest.mark.parametrize("title", ["Name", "E-mail address", "Adresse e-mail", "Dirección de correo", "Language", ""])
def test_other_titles_are_not_taken_for_private(title: str) -> None:
    assert not is_private(title)
