"""When the next check-in is due. Pure: dates, zones and numbers in, a moment out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# (up to this day of the pairing, days between check-ins); afterwards monthly. A convention, not a finding: no study
# gives an optimal frequency, which is why each person can change it.
CURVE = ((30, 1), (90, 3), (365, 7))
MONTHLY = 30
EVERY = {"daily": 1, "weekly": 7}
USUAL_HOUR = 18
SILENCE = 3
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEAST_SILENCE = timedelta(days=7)


class NeverAwake(Exception):
    """Quiet hours laid over each other leave no time in which anybody may be written to."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours in which nobody is written to, from ``begins`` on and before ``ends``, past midnight if need be.
    The same hour twice means none."""

    begins: int = 21
    ends: int = 9

    def covers(self, hour: int) -> bool:
        """Whether a local hour is a quiet one."""
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends

    def over(self, moment: datetime, zone: str) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls into, in UTC."""
        local = moment.astimezone(ZoneInfo(zone))
        if not self.covers(local.hour):
            return moment
        end = at_hour(local.date(), self.ends, zone)
        return end if end > moment else at_hour(local.date() + timedelta(days=1), self.ends, zone)


QUIET = Quiet()


def waking(moment: datetime, zone: str, quiets: Iterable[Quiet], least: timedelta = HOUR) -> tuple[datetime, timedelta]:
    """When a letter may first come at or after a moment, in UTC, and for how long: until quiet hours begin again, a day
    at most. With less than ``least`` left, the next waking hours count.

    Raises NeverAwake when these quiet hours leave no such time in two days.
    """
    rests, there = tuple(quiets), ZoneInfo(zone)
    start = end = moment
    while end < moment + 2 * DAY:
        if any(rest.covers(end.astimezone(there).hour) for rest in rests):
            start = end = _next_hour(end, there)
            continue
        end = _next_hour(end, there)
        closes = end - start >= DAY or any(rest.covers(end.astimezone(there).hour) for rest in rests)
        if closes and end - start >= least:
            return start, min(end - start, DAY)
    raise NeverAwake


def _next_hour(moment: datetime, there: ZoneInfo) -> datetime:
    """When the clocks there next strike the hour, in UTC."""
    local = moment.astimezone(there)
    return moment + HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def interval(cadence: str, day: int) -> int | None:
    """Days until the next asking, on a given day of the pairing (0 is the first); None for no asking at all.

    Twice a week alternates three and four days.
    """
    if cadence == "none":
        return None
    if cadence in EVERY:
        return EVERY[cadence]
    for until, days in CURVE:
        if day < until:
            return 4 if days == 3 and day % 7 >= 4 else days
    return MONTHLY


def pace(cadence: str, day: int, unanswered: int = 0) -> timedelta | None:
    """How often one is asked on a given day of the pairing, after so many ``unanswered`` in a row; None for not at all.

    Twice a week is every three and a half days.
    """
    days = interval(cadence, day)
    if days is None:
        return None
    usual = timedelta(days=3.5) if days in (3, 4) else timedelta(days=days)
    return 2 * usual if unanswered >= SILENCE else usual


def silence_after(paces: Iterable[timedelta | None]) -> timedelta | None:
    """How long two people are without contact before their pair counts as quiet: a week, or twice the time between the
    questions to the one who is asked more often, whichever is longer; None when neither is asked."""
    asked = [each for each in paces if each is not None]
    return max(LEAST_SILENCE, 2 * min(asked)) if asked else None


def at_hour(day: date, hour: int, zone: str) -> datetime:
    """A local hour of a local day, in UTC. An hour that the clocks skip becomes the first one after the gap; of an hour
    that happens twice, the first counts."""
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def asking_at(day: date, hour: int, zone: str, *, quiet: Quiet = QUIET, chosen: bool = False) -> datetime:
    """When a local day's question is asked, in UTC: at its hour, or when the quiet hours end if it falls into them.

    ``chosen``: the member chose that very hour, quiet or not.
    """
    due = at_hour(day, hour, zone)
    if chosen or not quiet.covers(due.astimezone(ZoneInfo(zone)).hour):
        return due
    return at_hour(day, quiet.ends, zone)


def next_due(
    *,
    cadence: str,
    began_on: date,
    last_on: date | None,
    hour: int,
    zone: str,
    after: datetime,
    paused_until: date | None = None,
    quiet: Quiet = QUIET,
    chosen: bool = False,
    unanswered: int = 0,
) -> datetime | None:
    """The next moment to ask, in UTC and later than ``after``; None when nothing is to be asked.

    ``began_on`` is the first local day of the pairing and ``last_on`` the local day last asked on, both in ``zone``.
    The first asking is on the day after the pairing began. Days that went by are not made up for. ``quiet`` and
    ``chosen`` are those of :func:`asking_at`. After three ``unanswered`` in a row one is asked half as often.
    """
    there = ZoneInfo(zone)
    previous = last_on or began_on
    days = interval(cadence, max((previous - began_on).days, 0))
    if days is None:
        return None
    if unanswered >= SILENCE:
        days *= 2
    day = max(previous + timedelta(days=days if last_on else 1), after.astimezone(there).date())
    if paused_until is not None:
        day = max(day, paused_until)
    while True:
        due = asking_at(day, hour, zone, quiet=quiet, chosen=chosen)
        # A day that the zone leaves out altogether (Apia, 30 December 2011) comes back as another date.
        if due > after and due.astimezone(there).date() == day:
            return due
        day += timedelta(days=1)


def coming(
    *,
    until: datetime,
    cadence: str,
    began_on: date,
    last_on: date | None,
    hour: int,
    zone: str,
    after: datetime,
    paused_until: date | None = None,
    quiet: Quiet = QUIET,
    chosen: bool = False,
    unanswered: int = 0,
) -> Iterator[datetime]:
    """The moments to ask at that lie ahead, later than ``after`` and before ``until``, in UTC.

    What :func:`next_due` gives again and again, if nothing is changed meanwhile and every tick looks in time.
    """
    there = ZoneInfo(zone)
    while True:
        due = next_due(
            cadence=cadence,
            began_on=began_on,
            last_on=last_on,
            hour=hour,
            zone=zone,
            after=after,
            paused_until=paused_until,
            quiet=quiet,
            chosen=chosen,
            unanswered=unanswered,
        )
        if due is None or due >= until:
            return
        yield due
        last_on, after = due.astimezone(there).date(), due
