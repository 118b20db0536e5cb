"""From bytes to text: the encodings in which spreadsheet programs save lists."""

from enum import StrEnum

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .ods, and how .xls begin."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAMPLE = 2000


class Why(StrEnum):
    """Why a file can't be read."""

    SPREADSHEET = "spreadsheet"
    NOT_TEXT = "not_text"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_WIDE = "too_wide"


class Unreadable(Exception):
    """The file is no list that can be read; ``why`` says so, without a word of it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def decode(raw: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16, each with or without its mark, or in Windows-1252 or Latin-1.

    Raises Unreadable for a workbook, for a file that is no text, and for an empty one.
    """
    if raw.startswith(_SPREADSHEETS):
        raise Unreadable(Why.SPREADSHEET)
    text = _decoded(raw)
    if "\x00" in text:
        raise Unreadable(Why.NOT_TEXT)
    if not text.strip():
        raise Unreadable(Why.EMPTY)
    return text


def _decoded(raw: bytes) -> str:
    try:
        if raw.startswith(_UTF16):
            return raw.decode("utf-16")
        if wide := _utf16_without_mark(raw[:_SAMPLE]):
            return raw.decode(wide)
    except UnicodeDecodeError as error:
        raise Unreadable(Why.NOT_TEXT) from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Five bytes mean nothing in Windows-1252; Latin-1 takes every byte.
    return raw.decode("latin-1")


def _utf16_without_mark(sample: bytes) -> str:
    """Western text in UTF-16 has a zero in every other byte."""
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.7 * half and not sample[::2].count(0):
        return "utf-16-le"
    if half and sample[::2].count(0) > 0.7 * half and not sample[1::2].count(0):
        return "utf-16-be"
    return ""
