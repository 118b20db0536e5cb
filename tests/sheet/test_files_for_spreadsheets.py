"""Files that are given out: harmless in any spreadsheet, and no larger in memory for being long."""

import csv
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest

from matching.sheet.out import Sheet, harmless, zipped

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def unpacked(pieces: Iterator[bytes]) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(b"".join(pieces))) as found:
        assert found.testzip() is None
        return {name: found.read(name).decode("utf-8-sig") for name in found.namelist()}


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "＋1", "－1", "＠A1", '=HYPERLINK("x")'],
)
def test_a_formula_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ruth B.", "2026-03-02", "a=b", "0 of 2", "(none)", "O'Neill", "–"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_each_sheet_is_a_file_that_spreadsheets_read() -> None:
    rows = [["Zoë, Ç.", 'says "hi"'], ["=1+1", "two\nlines"]]
    files = unpacked(zipped([Sheet("people", ["Name", "+Words"], lambda: rows)], text="About", at=AT))
    assert files["about.txt"] == "About"
    read = list(csv.reader(StringIO(files["people.csv"], newline="")))
    assert read == [["Name", "'+Words"], ["Zoë, Ç.", 'says "hi"'], ["'=1+1", "two\nlines"]]


def peak(number: int) -> int:
    """The most bytes that were in use while so many rows went out."""
    sheet = Sheet("people", ["Number"], lambda: ([f"{at} {hash(str(at))}"] for at in range(number)))
    tracemalloc.start()
    size = sum(len(piece) for piece in zipped([sheet], text="", at=AT))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > number
    return most


def test_a_long_list_takes_no_more_memory_than_a_short_one() -> None:
    peak(100)
    assert peak(60_000) < peak(6_000) * 1.2 + 100_000


def test_control_a_list_that_is_kept_whole_would_be_noticed() -> None:
    """The negative control: the same rows in a list."""
    tracemalloc.start()
    rows = [[f"{at} {hash(str(at))}"] for at in range(60_000)]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(rows) == 60_000
    assert most > peak(6_000) * 1.2 + 100_000
