"""Each row is taken, taken with something mended, or refused; and no surname gets through."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.sheet import Choice, Column, Line, Mended, Order, Reading, Refusal, Wish, guess, read_people, read_table
from matching.sheet.cells import address_of, language_of, name_of, wish_of, without_phone
from tests.sheet import samples

TODAY = date(2026, 6, 1)


def read(text: str, *, wish: Wish | None = Wish.SPONSOR, order: Order | None = None, **more: object) -> Reading:
    table = read_table(text)
    columns = dict(enumerate(guess(table.header, [line.cells for line in table.lines], {})))
    choice = Choice({at: one for at, one in columns.items() if one}, wish, "en", order)
    return read_people(table.lines, choice, invited=more.get("invited", ()), today=TODAY)  # type: ignore[arg-type]


def test_the_list_of_a_central_office() -> None:
    found = read(samples.BEV)
    ruth, jose, ned = found.people
    assert (ruth.first_name, ruth.initial, ruth.address, ruth.line) == ("Ruth", "B", "ruth.b@example.org", 5)
    assert (jose.first_name, jose.initial, jose.language) == ("José", "G", "es")
    assert jose.mended == (Mended.SURNAME_CUT, Mended.NAME_RECASED)
    assert (ned.initial, ned.address, ned.mended) == ("O", "ned@example.org", (Mended.SURNAME_CUT,))
    assert [(one.line, one.why) for one in found.refused] == [(10, Refusal.NO_ADDRESS)]


def test_names_and_telephone_numbers_in_one_cell() -> None:
    found = read(samples.PHONE_WITH_THE_NAME, order=Order.DAY)
    assert [(one.first_name, one.initial) for one in found.people] == [("Maria", "S"), ("Tom", "B"), ("Ana", "L")]
    assert all(Mended.PHONE_LEFT_OUT in one.mended for one in found.people)
    assert [one.wish for one in found.people] == [Wish.NEWCOMER, Wish.SPONSOR, Wish.NEWCOMER]
    assert [one.since for one in found.people] == [date(2026, 3, 31), date(2026, 3, 31), date(2026, 4, 13)]
    assert [(one.line, one.why) for one in found.refused] == [(5, Refusal.NO_NAME)]


def test_lists_in_spanish_and_french() -> None:
    maria, inigo = read(samples.MADRID.removeprefix("\ufeff")).people
    assert (maria.first_name, maria.initial, maria.wish, maria.since) == ("María", "R", "newcomer", date(2026, 4, 3))
    assert (inigo.first_name, inigo.initial, inigo.wish) == ("Íñigo", "P", "sponsor")
    helene, jean = read(samples.LYON).people
    assert (helene.first_name, helene.initial, helene.language) == ("Hélène", "M", "fr")
    assert (jean.first_name, jean.initial, jean.language, jean.since) == ("Jean-Pierre", "P", "en", date(2026, 5, 15))


def test_an_address_twice_is_refused_with_the_row_of_the_first() -> None:
    found = read("Name,Email\nAna,ana@example.org\nAna L,ANA@example.org\n")
    assert [(one.line, one.why, one.of) for one in found.refused] == [(3, Refusal.TWICE, 2)]


def test_who_was_invited_before_is_refused() -> None:
    found = read("Name,Email\nAna,ana@example.org\n", invited={"ana@example.org"})
    assert [one.why for one in found.refused] == [Refusal.INVITED]


def test_a_wish_that_nobody_understands_is_the_lists_own_or_refused() -> None:
    text = "Name,Email,Role\nAna,ana@example.org,sponsor\nBo,bo@example.org,maybe\nCy,cy@example.org,sponsor\n"
    assert read(text).people[1].mended == (Mended.WISH_OF_THE_LIST,)
    assert [one.why for one in read(text, wish=None).refused] == [Refusal.NO_WISH]


def test_a_language_or_a_day_that_nobody_understands_is_left_out() -> None:
    text = "Name,Email,Language,Since\nAna,ana@example.org,Klingon,some day\nBo,bo@example.org,English,2027-01-01\n"
    ana, bo, *_ = read(text + "Cy,cy@example.org,English,2026-01-01\n").people
    assert (ana.language, ana.since) == ("en", None)
    assert ana.mended == (Mended.LANGUAGE_OF_THE_LIST, Mended.DAY_LEFT_OUT)
    assert (bo.since, bo.mended) == (None, (Mended.DAY_LEFT_OUT,))


@pytest.mark.parametrize(
    ("cell", "first", "initial"),
    [
        ("Ruth", "Ruth", ""),
        ("ruth b.", "Ruth", "B"),
        ("Bergmann, Ruth", "Ruth", "B"),
        ("Mr. Tom Baker", "Tom", "B"),
        ('Robert "Bob" Jones', "Robert", "J"),
        ("Ann-Marie St. Clair", "Ann-Marie", "C"),
        ("María de la Cruz", "María", "C"),
        ("d’Arcy O’Neill", "d'Arcy", "O"),
        ("李 王", "李", "王"),
        ("Tom\u202e\u200bBaker", "Tom", "B"),
        ("Dr", "Dr", ""),
    ],
)
def test_of_a_name_the_first_word_and_an_initial_stay(cell: str, first: str, initial: str) -> None:
    name = name_of(cell)
    assert name is not None
    assert (name.first, name.initial) == (first, initial)


@pytest.mark.parametrize("cell", ["", "555 010 0100", "?", "---", "ana@example.org"])
def test_what_is_no_name(cell: str) -> None:
    assert name_of(cell) is None


@given(st.text(max_size=80), st.text(max_size=40))
def test_whatever_stands_in_the_cells_only_letters_come_out(cell: str, surname: str) -> None:
    name = name_of(cell, surname)
    if name is not None:
        assert len(name.first) <= 40
        assert len(name.initial) <= 1
        assert " " not in name.first
        assert not any(one.isdigit() for one in name.first if one.isascii())


@pytest.mark.parametrize(
    ("cell", "address", "mended"),
    [
        ("ana@example.org", "ana@example.org", False),
        (" Ana@Example.ORG. ", "ana@example.org", True),
        ("mailto:ana@example.org", "ana@example.org", True),
        ("Ana <ana@example.org>", "ana@example.org", True),
        ("ana (at) example.org", "ana@example.org", True),
        ("ana @ example.org", "ana@example.org", True),
        ("ana@example", "", False),
        ("none", "", False),
        ("a..b@example.org", "", False),
    ],
)
def test_addresses(cell: str, address: str, mended: bool) -> None:
    assert address_of(cell) == (address, mended)


@pytest.mark.parametrize(
    "number", ["555-010-0100", "(555) 010-0100", "+1 555.010.0100", "5550100100", "010 0100", "06 12 34 56 78"]
)
def test_telephone_numbers_are_cut_out(number: str) -> None:
    assert without_phone(f"Ana L {number}") == ("Ana L", True)
    assert without_phone("Ana L 2") == ("Ana L 2", False)


def test_words_for_wishes_and_languages() -> None:
    newcomers = ["needs a sponsor", "sponsee", "Newcomer", "busca padrino", "ahijado", "cherche un parrain", "filleule"]
    assert {wish_of(one) for one in newcomers} == {"newcomer"}
    assert {wish_of(one) for one in ["Sponsor", "available", "madrina", "parrain", "yes", "sí", "oui", "x"]} == {
        "sponsor"
    }
    assert wish_of("no") is wish_of("") is None
    assert [language_of(one) for one in ("ES", "Spanish/English", "bilingüe", "Français")] == ["es", "es", None, "fr"]


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=5), min_size=1, max_size=12))
def test_every_row_is_accounted_for(rows: list[list[str]]) -> None:
    lines = [Line(number, (*row, *[""] * (5 - len(row)))) for number, row in enumerate(rows, 1)]
    choice = Choice(dict(enumerate(list(Column)[:5])), Wish.SPONSOR, "en")
    found = read_people(lines, choice, invited=(), today=TODAY)
    numbers = [*(one.line for one in found.people), *(one.line for one in found.refused)]
    assert sorted(numbers) == [line.number for line in lines]
