"""The time a report is about: whole calendar months in the intergroup's zone.

Whole months only: two reports whose periods differ by a day would tell what happened on it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MONTHS = 12
"""How many months a report covers when nobody says otherwise, the current one included."""
MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Period:
    """From the first of month ``first`` to the end of the month that begins on ``last``, in ``zone`` (IANA)."""

    first: date
    last: date
    zone: str

    @property
    def ends(self) -> date:
        """The first day after it."""
        return plus(self.last, 1)

    @property
    def begins_at(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.ends, time(), ZoneInfo(self.zone))


def plus(month: date, months: int) -> date:
    """The first of the month so many months later (or earlier)."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def usual(today: date, zone: str) -> Period:
    """The last twelve months, the current one included."""
    last = today.replace(day=1)
    return Period(plus(last, 1 - MONTHS), last, zone)
