"""From text to rows: whatever separates the cells, wherever the header is, if there is one."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from matching.sheet.columns import looks_like_a_header
from matching.sheet.text import Unreadable, Why

MOST_ROWS = 5000
MOST_COLUMNS = 60
LONGEST_CELL = 300
SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 40
_HEADER_WITHIN = 15


@dataclass(frozen=True, slots=True)
class Line:
    """A row with something in it. ``number`` is the one that a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows have as many cells as ``header``, whose names are empty where the list has none.

    ``blank`` counts the rows without anything in them, ``above`` the rows of titles before the header.
    """

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    blank: int
    above: int


def read_table(text: str) -> Table:
    """Split a text into rows. Raises Unreadable when it holds nothing, or more than an office's list could."""
    found, blank = _lines(text)
    if not found:
        raise Unreadable(Why.EMPTY)
    width = max(len(line.cells) for line in found)
    if width > MOST_COLUMNS:
        raise Unreadable(Why.TOO_WIDE)
    place = next((at for at, line in enumerate(found[:_HEADER_WITHIN]) if looks_like_a_header(line.cells)), None)
    header = () if place is None else found[place].cells
    below = found if place is None else found[place + 1 :]
    if not below:
        raise Unreadable(Why.EMPTY)
    lines = tuple(Line(line.number, _filled(line.cells, width)) for line in below)
    return Table(_filled(header, width), lines, blank, place or 0)


def _lines(text: str) -> tuple[list[Line], int]:
    separator, text = _separator(text)
    rows, blank, last = [], 0, 0
    try:
        for number, cells in enumerate(_reader(text, separator), start=1):
            kept = tuple(" ".join(cell.split())[:LONGEST_CELL] for cell in cells)
            if any(kept):
                blank += number - last - 1
                last = number
                rows.append(Line(number, kept))
            if len(rows) > MOST_ROWS:
                raise Unreadable(Why.TOO_LONG)
    except csv.Error as error:
        raise Unreadable(Why.NOT_TEXT) from error
    return rows, blank


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=separator)


def _filled(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))


def _separator(text: str) -> tuple[str, str]:
    """What parts the cells: what the file says itself, or what gives the most rows the same number of cells."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        # Kept as a blank row: the spreadsheet counts it too.
        return first[4], "\n" + rest
    return max(SEPARATORS, key=lambda one: _evenness(text, one)), text


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows agree on a number of cells above one, and on how many."""
    widths: Counter[int] = Counter()
    try:
        for row, _ in zip(_reader(text, separator), range(_LOOKED_AT), strict=False):
            if len(row) > 1:
                widths[len(row)] += 1
    except csv.Error:
        return 0, 0
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
