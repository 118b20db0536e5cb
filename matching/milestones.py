"""The days worth remembering after a recovery date. Pure: dates, zones and numbers in, days and moments out.

Everything is reckoned in calendar dates of the member's zone. A month that is too short is clamped to its last day, so
that 29 February is kept on 28 February in every year that has no 29th.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import takewhile
from zoneinfo import ZoneInfo

from matching.cadence import QUIET, USUAL_HOUR, Quiet, asking_at, at_hour

DAYS = (1, 30, 60, 90)
MONTHS = (6, 9)
YEAR = 12
ONE_DAY = timedelta(days=1)
LATEST_AT_NIGHT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Milestone:
    """So many days, or so many calendar months, after a date; one of the two is nought. "24 hours" is one day."""

    days: int = 0
    months: int = 0

    @property
    def code(self) -> str:
        """A short name that never changes, such as "d30" or "m18"."""
        return f"m{self.months}" if self.months else f"d{self.days}"

    def after(self, began: date) -> date:
        """Its calendar date. Raises OverflowError beyond the year 9999."""
        if self.days:
            return began + timedelta(days=self.days)
        years, month = divmod(began.month - 1 + self.months, YEAR)
        if began.year + years > date.max.year:
            raise OverflowError(self.code)
        return _clamped(began.year + years, month + 1, began.day)


@dataclass(frozen=True, slots=True)
class Kept:
    """A milestone and the local day on which it is kept."""

    milestone: Milestone
    on: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The local hour at which somebody is usually written to; ``chosen``: they mean it, quiet hours or not."""

    hour: int = USUAL_HOUR
    chosen: bool = False
    quiet: Quiet = QUIET


def _clamped(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def kept_on(day: date, zone: str) -> date:
    """The day itself; for a day that the zone leaves out (Apia, 30 December 2011), the one that came instead."""
    return at_hour(day, 12, zone).astimezone(ZoneInfo(zone)).date()


def calendar(began: date, zone: str, *, extra: Iterable[int] = (), since: date | None = None) -> Iterator[Kept]:
    """All milestones of a date, one a day, each later than the one before; with ``since`` those from that day on.

    24 hours; 30, 60 and 90 days; 6 and 9 months; each year; and after the ``extra`` months of a fellowship.
    """
    last = date.min
    for milestone, day in merge(_days(began), _months(began, frozenset(extra), since), key=lambda one: one[1]):
        if day >= date.max - ONE_DAY:
            return
        on = kept_on(day, zone)
        if on > last and (since is None or on >= since):
            last = on
            yield Kept(milestone, on)


def _days(began: date) -> Iterator[tuple[Milestone, date]]:
    for days in DAYS:
        milestone = Milestone(days=days)
        try:
            yield milestone, milestone.after(began)
        except OverflowError:
            return


def _months(began: date, extra: frozenset[int], since: date | None) -> Iterator[tuple[Milestone, date]]:
    """From a little before ``since`` on, so that decades need not be counted through."""
    months = 1
    if since is not None:
        months = max(1, (since.year - began.year) * YEAR + since.month - began.month - 1)
    while True:
        if months % YEAR == 0 or months in MONTHS or months in extra:
            milestone = Milestone(months=months)
            try:
                yield milestone, milestone.after(began)
            except OverflowError:
                return
        months += 1


def first_from(since: date, began: date, zone: str, extra: Iterable[int] = ()) -> Kept | None:
    """The first milestone kept on ``since`` or later; None at the end of the calendar."""
    return next(calendar(began, zone, extra=extra, since=since), None)


def until(day: date, began: date, zone: str, extra: Iterable[int] = ()) -> list[Kept]:
    """The milestones kept up to and on a day, the oldest first."""
    return list(takewhile(lambda one: one.on <= day, calendar(began, zone, extra=extra)))


def begins(day: date, zone: str) -> datetime:
    """The first moment of a local day, in UTC."""
    return at_hour(day, 0, zone)


def telling_at(day: date, zone: str, rhythm: Rhythm) -> datetime:
    """When somebody is told on a local day, in UTC: at their hour, or when the quiet hours that cover it end."""
    return asking_at(day, rhythm.hour, zone, quiet=rhythm.quiet, chosen=rhythm.chosen)


def late_after(due: datetime, zone: str, quiet: Quiet) -> datetime:
    """Until when it may still be told: on its own day, and never on into the quiet hours; an hour at most in them."""
    day, hour = due.astimezone(ZoneInfo(zone)).date(), due.astimezone(ZoneInfo(zone)).hour
    if quiet.covers(hour):
        return due + LATEST_AT_NIGHT
    ends = begins(day + ONE_DAY, zone)
    quiet_from = at_hour(day, quiet.begins, zone)
    return min(ends, quiet_from) if quiet.begins != quiet.ends and quiet_from > due else ends
