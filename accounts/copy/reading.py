"""All values of a copy as sections to read, in the order of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.copy.values import shown
from accounts.copy.words import Vocabulary

MOST_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing: its rows all have the same ``labels``. ``wide`` rows are better read one below the other."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def wide(self) -> bool:
        """Whether a row has too much for one line of a page."""
        return len(self.labels) > MOST_COLUMNS

    @property
    def entries(self) -> list[list[tuple[str, str]]]:
        """Each row as labels with their values."""
        return [list(zip(self.labels, row, strict=True)) for row in self.rows]


def readable(copy: Mapping[str, Any], parts: Mapping[str, Vocabulary]) -> list[Section]:
    """The sections of a copy; ``parts`` are the words of each app's part, the first app's own under the empty name.

    Raises NoWords for whatever nobody has a word for, so that nothing is left out unseen.
    """
    return list(_sections(copy, parts))


def _sections(copy: Mapping[str, Any], parts: Mapping[str, Vocabulary]) -> Iterator[Section]:
    for name, held in copy.items():
        if name in parts:
            yield from (_section(inner, rows, parts[name]) for inner, rows in held.items())
        else:
            yield _section(name, held, parts[""])


def _section(name: str, held: Any, words: Vocabulary) -> Section:
    rows = [held] if isinstance(held, dict) else list(held or [])
    fields = tuple(rows[0]) if rows else ()
    return Section(
        title=words.title(name),
        labels=tuple(words.label(one) for one in fields),
        rows=tuple(tuple(shown(row[one], section=name, name=one, words=words) for one in fields) for row in rows),
    )
