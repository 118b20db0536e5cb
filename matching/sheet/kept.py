"""Lists as plain values for JSON, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matching.sheet.columns import is_private
from matching.sheet.people import Mended, Person, Reading, Refusal, Refused, Wish
from matching.sheet.table import Line, Table

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Open:
    """The columns of a list that may be chosen. ``dropped`` are the titles of those that were not kept at all."""

    titles: tuple[str, ...]
    lines: tuple[Line, ...]
    dropped: tuple[str, ...]
    blank: int

    def cells(self, place: int) -> list[str]:
        """What stands in a column, without its empty cells."""
        return [line.cells[place] for line in self.lines if line.cells[place]]


def without_private(table: Table) -> Open:
    """The table without the columns whose titles say that they hold what is never kept, and without empty ones."""
    named = {at for at, title in enumerate(table.header) if is_private(title)}
    empty = {at for at in range(len(table.header)) if not any(line.cells[at] for line in table.lines)}
    kept = [at for at in range(len(table.header)) if at not in named | empty]
    lines = tuple(Line(line.number, tuple(line.cells[at] for at in kept)) for line in table.lines)
    titles = tuple(table.header[at] for at in kept)
    return Open(titles, lines, tuple(table.header[at] for at in sorted(named)), table.blank)


def open_to_plain(found: Open) -> Plain:
    """For :func:`open_from_plain`."""
    rows = [[line.number, line.cells] for line in found.lines]
    return {"titles": found.titles, "rows": rows, "dropped": found.dropped, "blank": found.blank}


def open_from_plain(plain: Mapping[str, Any]) -> Open:
    """What :func:`open_to_plain` made."""
    lines = tuple(Line(number, tuple(cells)) for number, cells in plain["rows"])
    return Open(tuple(plain["titles"]), lines, tuple(plain["dropped"]), plain["blank"])


def reading_to_plain(reading: Reading) -> Plain:
    """For :func:`reading_from_plain`."""
    return {
        "people": [_person_to_plain(one) for one in reading.people],
        "refused": [[one.line, one.why.value, one.of] for one in reading.refused],
    }


def reading_from_plain(plain: Mapping[str, Any]) -> Reading:
    """What :func:`reading_to_plain` made."""
    refused = tuple(Refused(line, Refusal(why), of) for line, why, of in plain["refused"])
    return Reading(tuple(people_from_plain(plain["people"])), refused)


def people_from_plain(rows: Iterable[list[Any]]) -> list[Person]:
    """Some of the people of :func:`reading_to_plain`."""
    return [
        Person(
            line,
            first_name,
            initial,
            address,
            Wish(wish),
            language,
            date.fromisoformat(since) if since else None,
            tuple(map(Mended, mended)),
        )
        for line, first_name, initial, address, wish, language, since, mended in rows
    ]


def _person_to_plain(one: Person) -> list[Any]:
    since = one.since.isoformat() if one.since else ""
    mended = [what.value for what in one.mended]
    return [one.line, one.first_name, one.initial, one.address, one.wish.value, one.language, since, mended]
