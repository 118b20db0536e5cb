"""A list is read whatever program saved it."""

import pytest

from matching.sheet import Unreadable, Why, decode, read_table
from matching.sheet.table import MOST_COLUMNS, MOST_ROWS
from tests.sheet import samples

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_usual_encoding_is_understood(encoding: str) -> None:
    table = read_table(decode(samples.BEV.encode(encoding)))
    assert table.header == ("Name", "Phone", "E-Mail", "Language", "Sobriety date")
    assert [line.cells[0] for line in table.lines] == ["Ruth Bergmann", "JOSÉ GARCÍA", "Ned O'Neill", "Zoë Ç."]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_separator_is_found(separator: str) -> None:
    text = f'Name{separator}Email\n"Baker{separator} Tom"{separator}tom@example.org\n'
    assert read_table(text).lines[0].cells == (
        f"Baker{separator.replace(chr(9), ' ')} Tom".replace("  ", " "),
        "tom@example.org",
    )


def test_a_separator_that_the_file_names_is_taken() -> None:
    table = read_table(samples.EXCEL)
    assert (table.header, table.lines[0].cells) == (("Name", "Email"), ("Olga T", "olga@example.org"))


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    table = read_table(samples.BEV)
    assert [line.number for line in table.lines] == [5, 7, 8, 10]
    assert (table.blank, table.above) == (3, 2)
    assert read_table(samples.EXCEL).lines[0].number == 3


def test_a_list_without_a_header_loses_nobody() -> None:
    table = read_table(samples.BARE)
    assert table.header == ("", "")
    assert len(table.lines) == 2


def test_short_rows_are_filled() -> None:
    assert read_table("Name,Email,Phone\nAna\n").lines[0].cells == ("Ana", "", "")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", Why.EMPTY),
        (b"\n \n;;\n", Why.EMPTY),
        (b"Name,Email\n", Why.EMPTY),
        (b"PK\x03\x04workbook", Why.SPREADSHEET),
        (b"\xd0\xcf\x11\xe0old workbook", Why.SPREADSHEET),
        (b"\x89PNG\x00\x00", Why.NOT_TEXT),
        (b"\xff\xfe\x00", Why.NOT_TEXT),
        (b"a,b\n" * (MOST_ROWS + 1), Why.TOO_LONG),
        (b"," * MOST_COLUMNS + b"x\n", Why.TOO_WIDE),
        (b'"' + b"x" * 200_000, Why.NOT_TEXT),
    ],
)
def test_what_is_no_list_is_refused_and_says_why(raw: bytes, why: Why) -> None:
    with pytest.raises(Unreadable) as refused:
        read_table(decode(raw))
    assert refused.value.why is why
