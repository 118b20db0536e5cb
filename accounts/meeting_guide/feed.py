"""What reading a feed gives: entries to store, and a note for everything that a coordinator should know."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from accounts.meeting_guide.words import say


class Outcome(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    MENDED = "mended"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Note:
    """One remark, mend or refusal: a stable ``key`` for programs; ``str(note)`` is the sentence for people."""

    key: str
    detail: str = ""

    def __str__(self) -> str:
        return say(self.key, self.detail)


class FeedError(Exception):
    """The whole file cannot be used; ``note`` says why. Whoever raises it has changed nothing."""

    def __init__(self, key: str, detail: str = "") -> None:
        self.note = Note(key, detail)
        super().__init__(key, detail)

    def __str__(self) -> str:
        return str(self.note)


class RowError(Exception):
    """One row cannot be used; ``note`` says why. Never leaves this package."""

    def __init__(self, key: str, detail: str = "") -> None:
        self.note = Note(key, detail)
        super().__init__(key, detail)


@dataclass(slots=True)
class Findings:
    """What is noticed while one row is read, each thing once."""

    mends: list[Note] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)

    def mend(self, key: str, detail: str = "") -> None:
        """Note that a value was changed, dropped or filled in."""
        _add_once(self.mends, Note(key, detail))

    def remark(self, key: str, detail: str = "") -> None:
        """Note something worth knowing that changed no value."""
        _add_once(self.remarks, Note(key, detail))


def _add_once(notes: list[Note], note: Note) -> None:
    if note not in notes:
        notes.append(note)


@dataclass(frozen=True, slots=True)
class Entry:
    """One weekly meeting, ready to store.

    ``day`` counts from Sunday = 0, ``starts`` is local time in ``zone`` (IANA); both are None by appointment.
    ``latitude`` and ``longitude`` are in degrees and serve only to find the middle of the area.
    """

    slug: str
    name: str
    day: int | None
    starts: time | None
    minutes: int
    zone: str
    types: tuple[str, ...]
    attendance: str
    active: bool
    place: str
    area_code: str
    area_name: str
    latitude: float | None
    longitude: float | None
    conference_url: str
    conference_phone: str


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row; ``number`` counts from 1 in the file, ``label`` is its name as far as it was readable."""

    number: int
    label: str
    entries: tuple[Entry, ...] = ()
    mends: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()
    refusal: Note | None = None

    @property
    def outcome(self) -> Outcome:
        """Refused, else mended if anything was mended, else taken."""
        if self.refusal is not None:
            return Outcome.REFUSED
        return Outcome.MENDED if self.mends else Outcome.TAKEN


@dataclass(frozen=True, slots=True)
class Feed:
    """A whole file: every row of it exactly once, in its order."""

    rows: tuple[Row, ...]

    @property
    def entries(self) -> list[Entry]:
        """The meetings to store; slugs are unique."""
        return [entry for row in self.rows for entry in row.entries]

    def count(self, outcome: Outcome) -> int:
        """How many rows ended this way."""
        return sum(row.outcome is outcome for row in self.rows)

    def remark_counts(self) -> list[tuple[Note, int]]:
        """Each remark once for the whole file, with the number of rows it is about, the commonest first."""
        return Counter(note for row in self.rows for note in row.remarks).most_common()
