"""From rows to people: each row is taken, taken with something mended, or refused, and says why."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matching.sheet import cells
from matching.sheet.columns import Column
from matching.sheet.days import Order, day_of
from matching.sheet.table import Line


class Wish(StrEnum):
    """What somebody on a list is there for."""

    NEWCOMER = "newcomer"
    SPONSOR = "sponsor"


class Mended(StrEnum):
    """What was not taken as it stood."""

    SURNAME_CUT = "surname_cut"
    PHONE_LEFT_OUT = "phone_left_out"
    ADDRESS_TIDIED = "address_tidied"
    ADDRESS_ELSEWHERE = "address_elsewhere"
    NAME_RECASED = "name_recased"
    WISH_OF_THE_LIST = "wish_of_the_list"
    LANGUAGE_OF_THE_LIST = "language_of_the_list"
    DAY_LEFT_OUT = "day_left_out"


class Refusal(StrEnum):
    """Why a row is not taken."""

    NO_ADDRESS = "no_address"
    NO_NAME = "no_name"
    NO_WISH = "no_wish"
    TWICE = "twice"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Choice:
    """What each column is, and what holds for the whole list where no column says it.

    ``wish`` may be None: then a column has to say it in every row. ``order`` is that of days in figures.
    """

    columns: Mapping[int, Column]
    wish: Wish | None
    language: str
    order: Order | None = None

    def at(self, column: Column) -> int | None:
        """The place of a column, if the list has it."""
        return next((place for place, one in self.columns.items() if one is column), None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be invited; ``line`` is the row in the list, ``since`` the day from which they are on it."""

    line: int
    first_name: str
    initial: str
    address: str
    wish: Wish
    language: str
    since: date | None
    mended: tuple[Mended, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken; ``of`` is the row in which the same address stands before."""

    line: int
    why: Refusal
    of: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows of a list, each in one of the two."""

    people: tuple[Person, ...]
    refused: tuple[Refused, ...]


def read_people(lines: Sequence[Line], choice: Choice, *, invited: Container[str], today: date) -> Reading:
    """Read every row. ``invited`` holds the addresses, in small letters, that the office has invited already."""
    people: list[Person] = []
    refused: list[Refused] = []
    before: dict[str, int] = {}
    for line in lines:
        found = _read(line, choice, today)
        if isinstance(found, Refused):
            refused.append(found)
        elif found.address in before:
            refused.append(Refused(line.number, Refusal.TWICE, before[found.address]))
        elif found.address in invited:
            refused.append(Refused(line.number, Refusal.INVITED))
        else:
            people.append(found)
            before[found.address] = line.number
    return Reading(tuple(people), tuple(refused))


def _read(line: Line, choice: Choice, today: date) -> Person | Refused:
    mended: list[Mended] = []
    address = _address(line, choice, mended)
    if not address:
        return Refused(line.number, Refusal.NO_ADDRESS)
    name = _name(line, choice, mended)
    if name is None:
        return Refused(line.number, Refusal.NO_NAME)
    wish = _wish(line, choice, mended)
    if wish is None:
        return Refused(line.number, Refusal.NO_WISH)
    language = _language(line, choice, mended)
    since = _since(line, choice, mended, today)
    return Person(line.number, name.first, name.initial, address, wish, language, since, tuple(mended))


def _cell(line: Line, choice: Choice, column: Column) -> str:
    place = choice.at(column)
    return "" if place is None else line.cells[place]


def _address(line: Line, choice: Choice, mended: list[Mended]) -> str:
    address, tidied = cells.address_of(_cell(line, choice, Column.EMAIL))
    if tidied:
        mended.append(Mended.ADDRESS_TIDIED)
    if not address:
        # Only from columns that were chosen: the others are not looked at.
        elsewhere = [cells.address_of(line.cells[place])[0] for place, one in choice.columns.items() if one]
        address = next(filter(None, elsewhere), "")
        if address:
            mended.append(Mended.ADDRESS_ELSEWHERE)
    return address


def _name(line: Line, choice: Choice, mended: list[Mended]) -> cells.Name | None:
    bare, had_phone = cells.without_phone(_cell(line, choice, Column.NAME))
    if had_phone:
        mended.append(Mended.PHONE_LEFT_OUT)
    name = cells.name_of(bare, _cell(line, choice, Column.SURNAME))
    if name is not None and name.cut:
        mended.append(Mended.SURNAME_CUT)
    if name is not None and name.recased:
        mended.append(Mended.NAME_RECASED)
    return name


def _wish(line: Line, choice: Choice, mended: list[Mended]) -> Wish | None:
    said = _cell(line, choice, Column.WISH)
    if word := cells.wish_of(said):
        return Wish(word)
    if said and choice.wish:
        mended.append(Mended.WISH_OF_THE_LIST)
    return choice.wish


def _language(line: Line, choice: Choice, mended: list[Mended]) -> str:
    said = _cell(line, choice, Column.LANGUAGE)
    if code := cells.language_of(said):
        return code
    if said:
        mended.append(Mended.LANGUAGE_OF_THE_LIST)
    return choice.language


def _since(line: Line, choice: Choice, mended: list[Mended], today: date) -> date | None:
    said = _cell(line, choice, Column.SINCE)
    day = day_of(said, choice.order) if said else None
    if day is not None and day > today:
        day = None
    if said and day is None:
        mended.append(Mended.DAY_LEFT_OUT)
    return day
