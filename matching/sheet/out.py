"""Lists for spreadsheets: CSV files in a zip, written piece by piece, so that a long one takes no more memory than a
short one."""

import csv
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import IO, cast

PIECE = 64 * 1024
"""Bytes that are gathered before they are given on."""

# What makes a spreadsheet take a cell for a formula, with the forms of other scripts, behind blanks as well.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file. ``rows`` gives its rows one by one when they are written."""

    name: str
    header: Sequence[str]
    rows: Callable[[], Iterable[Sequence[str]]]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before what would be one (OWASP, CSV
    injection)."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def zipped(sheets: Iterable[Sheet], *, text: str, at: datetime) -> Iterator[bytes]:
    """A zip with each sheet as a file in UTF-8, and ``text`` as about.txt, in pieces. ``at`` is written as the files'
    time."""
    pipe = _Pipe()
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("about.txt", at), text.encode())
        for sheet in sheets:
            with archive.open(_entry(f"{sheet.name}.csv", at), "w") as raw:
                # The mark at the beginning tells spreadsheets that this is UTF-8.
                file = TextIOWrapper(raw, encoding="utf-8-sig", newline="")
                out = csv.writer(file)
                out.writerow(map(harmless, sheet.header))
                for row in sheet.rows():
                    out.writerow(map(harmless, row))
                    if pipe.held >= PIECE:
                        yield pipe.taken()
                file.detach()
    yield pipe.taken()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


class _Pipe:
    """What a zip is written to; it cannot go back, so nothing has to be kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.held = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.held += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """All that was written since the last time."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        self.held = 0
        return whole
