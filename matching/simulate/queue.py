"""What happens next. The queue names things and does nothing itself, so that what happens may cause what happened."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from itertools import count


class Happening(StrEnum):
    """Everything that can happen to somebody in a simulated year."""

    SPONSOR_JOINS = "a sponsor joins"
    SPONSOR_LEAVES = "a sponsor leaves"
    SPONSOR_CONFIRMS = "a sponsor confirms"
    EARLIER_PARTED = "a pairing from before the year ends"
    ASKS = "a newcomer asks"
    VISITS = "a newcomer looks at suggestions"
    FINDS_ELSEWHERE = "a newcomer finds somebody elsewhere"
    CLOSES = "a request has waited too long"
    ANSWERS = "a sponsor answers"
    RUNS_OUT = "an offer runs out"
    REVIEWED = "a coordinator reviews"
    STUCK = "a request is stuck"
    HELP_DUE = "a request is to be looked after again"
    LOOKED_AFTER = "a coordinator looks after a request"
    PROPOSAL_ANSWERED = "a newcomer answers a proposal"
    ROUND = "the night's round"
    WEEK_ENDS = "the list is counted"
    TRIAL_ENDS = "a trial ends"
    PARTED = "a pairing ends"


@dataclass(order=True, slots=True, frozen=True)
class Entry:
    """Something at a moment; of two at one moment the one that was put in first comes first."""

    at: datetime
    order: int
    what: Happening = field(compare=False)
    about: object = field(compare=False)


class Queue:
    """Entries in the order of time."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._order = count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, at: datetime, what: Happening, about: object = None) -> None:
        heappush(self._heap, Entry(at, next(self._order), what, about))

    def next(self) -> Entry:
        """Take the earliest entry out.

        Raises:
            IndexError: There is none.
        """
        return heappop(self._heap)
