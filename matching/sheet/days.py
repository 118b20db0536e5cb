"""Days as people write them: in figures of either order, with the name of the month, or as a serial number."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

_SERIAL_ZERO = date(1899, 12, 30)
"""The day from which spreadsheets count."""

_MONTHS = (
    "jan ene",
    "feb fev",
    "mar",
    "apr abr avr",
    "may mai",
    "jun juin",
    "jul juil",
    "aug ago aou",
    "sep set",
    "oct",
    "nov",
    "dec dic",
)
_FIGURES = re.compile(r"(\d{1,4})([/.\- ])(\d{1,2})\2(\d{1,4})(?:[ T]\d.*)?")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|º|o)?\W+(?:de\W+)?)?([a-z]{3,10})\.?\W+(?:de[l]?\W+)?"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\W+)?(\d{2,4})"
)
_SERIAL = re.compile(r"[3-5]\d{4}")
_ACCENTS = str.maketrans("éèûúíóá", "eeuuioa")


class Order(StrEnum):
    """Which comes first in 03/04/2024."""

    DAY = "day"
    MONTH = "month"


def looks_like_a_day(cell: str) -> bool:
    """Whether a cell holds a day in some reading."""
    return any(day_of(cell, order) for order in Order)


def day_of(cell: str, order: Order | None) -> date | None:
    """The day in a cell, or None for what is no day, or could be two of them while no order is known."""
    text = cell.strip().lower().translate(_ACCENTS)
    if _SERIAL.fullmatch(text):
        return _SERIAL_ZERO + timedelta(days=int(text))
    if figures := _FIGURES.fullmatch(text):
        return _from_figures(figures[1], figures[3], figures[4], point=figures[2] == ".", order=order)
    named = _NAMED.fullmatch(text)
    if named is None or (named[1] is None) == (named[3] is None):
        return None
    return _made(_year(named[4]), _month(named[2]), int(named[1] or named[3]))


def order_of(cells: Iterable[str]) -> tuple[Order | None, str]:
    """The order that a list itself shows by a figure above twelve, and else a day that could be two, as it is written.

    Neither when nothing is in doubt.
    """
    doubtful, shown = "", set()
    for cell in cells:
        readings = {order: day_of(cell, order) for order in Order}
        possible = {order for order, day in readings.items() if day}
        if len(possible) == 1:
            shown |= possible
        elif len(set(readings.values())) == 2:
            doubtful = doubtful or cell
    if len(shown) == 1:
        return shown.pop(), ""
    return None, doubtful


def both_readings(cell: str) -> tuple[date, date] | None:
    """A doubtful day in its two readings, the day first and the month first."""
    first, second = day_of(cell, Order.DAY), day_of(cell, Order.MONTH)
    return (first, second) if first and second and first != second else None


def _from_figures(first: str, middle: str, last: str, *, point: bool, order: Order | None) -> date | None:
    if len(first) >= 3:
        return _made(int(first), int(middle), int(last))
    year = _year(last)
    day_first, month_first = _made(year, int(middle), int(first)), _made(year, int(first), int(middle))
    if point:
        return day_first
    if order is None:
        return (
            day_first if day_first == month_first else (None if day_first and month_first else day_first or month_first)
        )
    return day_first if order is Order.DAY else month_first


def _year(text: str) -> int:
    return int(text) + (2000 if int(text) < 70 else 1900) if len(text) < 3 else int(text)


def _month(word: str) -> int:
    """The number of a month by the beginning of its name, 0 for another word."""
    return next((at for at, names in enumerate(_MONTHS, 1) if any(word.startswith(one) for one in names.split())), 0)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1930 <= found.year < 2200 else None
