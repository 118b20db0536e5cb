"""People as arrays: a row for each person, in the order of their kind, and what the rows share kept once.

People who are alike in all that most hard rules look at (and in their approach) are of one kind, so that such a rule is
asked once of a kind and not once of each person. A row takes 96 bytes; tags and meetings come beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching.engine.places import Places
from matching.engine.vocabulary import WORD, Numbers, Vocabulary
from matching.engine.week import Words

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Numbered = npt.NDArray[np.int32]

UNSTATED = -1
"""A count or a meeting that was not stated."""

ELSEWHERE = np.iinfo(np.int32).max
"""A meeting where nobody of those to be compared with is."""

NEVER = np.iinfo(np.int64).min
"""A moment before all others."""

NO_DAY = 0
"""Stands for a day that was not stated: day 1 of the calendar is 1 January of the year 1."""

MILLION = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

ROW = np.dtype(
    [
        ("id_high", np.uint64),  # the two halves of the id order ids as the ids themselves are ordered
        ("id_low", np.uint64),
        ("hours0", np.uint64),  # the week, see `week.Laid`
        ("hours1", np.uint64),
        ("hours2", np.uint64),
        ("confirmed_at", np.int64),  # microseconds since 1970, or NEVER
        ("last_offer_at", np.int64),
        ("kind", np.int32),
        ("place", np.int32),  # index into `Places`; void of newcomers, see `Scene.place`
        ("max_metres", np.int32),  # farthest to meet in person, or ANY_METRES
        ("home_group", np.int32),  # number of the meeting, or UNSTATED
        ("visits", np.int32),  # where this person's meetings begin in `People.visits`; the home group is one of them
        ("recovery_since", np.int32),  # day of the calendar, or NO_DAY
        ("paused_until", np.int32),
        ("answered", np.int32),  # millionths, or UNSTATED
        ("zone", np.int16),
        ("visit_count", np.uint8),
        ("start", np.uint8),
        ("steps_worked", np.uint8),
        ("seats", np.uint8),
        ("seats_taken", np.uint8),
    ],
    align=True,
)

KIND = np.dtype(
    [
        ("fellowship", np.int64),
        ("gender", np.uint8),  # one bit of GENDERS
        ("comfortable", np.uint8),  # the bits that are acceptable
        ("modes", np.uint8),
        ("approach", np.uint8),  # index into APPROACHES
        ("active", np.bool_),
        ("is_sponsor", np.bool_),
        ("approved", np.bool_),
        ("has_sponsor", np.bool_),
    ],
    align=True,
)

FIELDS = KIND.names or ()
KindKey = tuple[int, int, int, int, int, bool, bool, bool, bool, int, int, int]
"""The fields of KIND in their order, then languages, needs and what can be met, as masks."""


class People(NamedTuple):
    """People as compiled code sees them.

    Attributes:
        rows: (people,) of ROW; kinds: (kinds,) of KIND.
        first: (kinds + 1,) where the rows of each kind begin, if the rows are in the order of kinds.
        languages, needs, can_meet: (kinds, words) masks.
        tags: (people, words) masks of experiences.
        visits: Numbers of meetings, each person's own in rising order.
        wide: (uneven weeks, 11), see `week.Laid`.
    """

    rows: Any
    kinds: Any
    first: Rows
    languages: Words
    needs: Words
    can_meet: Words
    tags: Words
    visits: npt.NDArray[np.int32]
    wide: Words


@dataclass
class Codes:
    """The numbers and bits that two sets of people must have in common to be compared. They only ever grow.

    Attributes:
        kind_of: The kind of whoever says just this, as far as it was asked.
    """

    languages: Vocabulary = field(default_factory=Vocabulary)
    needs: Vocabulary = field(default_factory=Vocabulary)
    tags: Vocabulary = field(default_factory=Vocabulary)
    meetings: Numbers[int] = field(default_factory=Numbers)
    zones: Numbers[str] = field(default_factory=Numbers)
    kinds: Numbers[KindKey] = field(default_factory=Numbers)
    kind_of: dict[tuple[object, ...], int] = field(default_factory=dict)
    places: Places = field(default_factory=Places)


def halves(ids: Iterable[UUID]) -> tuple[Words, Words]:
    """Cut ids in two halves, the high and the low one."""
    both = np.frombuffer(b"".join([one.bytes for one in ids]), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return both[:, 0], both[:, 1]


def id_of(row: Any) -> UUID:
    """Name the person of a row."""
    return UUID(int=int(row["id_high"]) << WORD | int(row["id_low"]))


def ids_of(rows: Any, some: Rows) -> list[UUID]:
    """Name the persons of some rows."""
    both = zip(rows["id_high"][some].tolist(), rows["id_low"][some].tolist(), strict=True)
    return [UUID(int=high << WORD | low) for high, low in both]


def microseconds(moment: datetime | None) -> int:
    """Count a moment from 1970; NEVER where there is none."""
    return NEVER if moment is None else (moment - _EPOCH) // _MICROSECOND
