"""The one clock: every "now" of the application comes from here.

In the demo and in browser tests time can be moved on by a file of seconds (``CLOCK_SHIFT_FILE``), which all
processes read; in production there is no such file and the shift is nought.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def shift() -> timedelta:
    """How far the clock is ahead of the machine's; also added to the database's ``now()`` where that decides."""
    if settings.CLOCK_SHIFT_FILE is None:
        return timedelta()
    try:
        return timedelta(seconds=float(settings.CLOCK_SHIFT_FILE.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()


_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _standing.get() or datetime.now(UTC) + shift()


@contextmanager
def standing(at: datetime) -> Iterator[None]:
    """Let the clock stand for whatever asks it within; for others it goes on."""
    before = _standing.set(at)
    try:
        yield
    finally:
        _standing.reset(before)


def today(zone: str) -> date:
    """The calendar date at present in an IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def move_on(by: timedelta) -> None:
    """Let time pass, for the demo and for tests. Raises RuntimeError in production."""
    if settings.CLOCK_SHIFT_FILE is None:
        raise RuntimeError("The clock can only be moved in the demo and in tests.")
    settings.CLOCK_SHIFT_FILE.write_text(str((shift() + by).total_seconds()))
