"""Reminders that fall due, many at one hour or one after the other, sent by ours or by the naive way."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from accounts import clock
from recovery_match.bench.reminders import letters, naive, people
from recovery_match.bench.reminders.letters import Delivery
from recovery_match.bench.reminders.works import Load, Works
from recovery_match.celery import app as our_app

OURS, NAIVE = "ours", "naive"
APPS = {OURS: our_app, NAIVE: naive.app}
WORKERS = 2
SECONDS_TO_START = 90.0
LEAD = 3.0
"""Seconds before the first is due, once everything stands ready."""

POSTED_IN_A_SECOND = 400
"""Tasks of the naive way, at the very least."""

PATIENCE = 60.0
"""Seconds without a letter after which no other is waited for."""

AFTERMATH = 2.0
"""Seconds in which a second copy may still come."""

HOUR = 18
APART = timedelta(seconds=0.06)
"""Between two messages of the steady flow: a thousand a minute."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One case of one way. ``workers`` and ``server`` are what those used from the due moment on."""

    case: str
    way: str
    delivery: Delivery
    workers: Load
    server: Load


class Scene:
    """A mail server, and workers that are started anew for each case."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._log = folder, folder / "taken"
        port_file = folder / "port"
        self._server = Works(folder)
        self._server.start("recovery_match.bench.reminders.sink", str(self._log), str(port_file))
        self._server.wait_until(port_file.exists, SECONDS_TO_START)
        self._mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port_file.read_text()}"}

    def close(self) -> None:
        """End the mail server."""
        self._server.stop()

    def burst(self, way: str, count: int) -> Outcome:
        """So many people are to be asked at one hour."""
        hour = self._prepare()
        plans = people.to_be_asked(count, hour)
        with self._at_work(way) as works:
            due = _strikes(hour, count, way)
            if way == NAIVE:
                for plan in plans:
                    naive.remind.apply_async((plan.pk,), eta=datetime.fromtimestamp(due, UTC))
            return self._outcome("burst", way, works, {plan.member.email: due for plan in plans})

    def flow(self, way: str, count: int) -> Outcome:
        """So many messages fall due one after the other, a thousand a minute."""
        hour = self._prepare()
        messages = people.waiting(count, hour, APART)
        with self._at_work(way) as works:
            begins = _strikes(hour, count, way)
            due = [begins + number * APART.total_seconds() for number in range(count)]
            if way == NAIVE:
                for message, at in zip(messages, due, strict=True):
                    naive.deliver.apply_async((str(message.pk),), eta=datetime.fromtimestamp(at, UTC))
            addresses = [people.address(number) for number in range(count)]
            return self._outcome("flow", way, works, dict(zip(addresses, due, strict=True)))

    def _prepare(self) -> datetime:
        """Nobody and nothing is there, it is noon, and this is the hour that will strike."""
        people.clear()
        self._log.write_text("")
        hour = clock.now().replace(hour=HOUR, minute=0, second=0, microsecond=0)
        _set_clock(hour - timedelta(hours=6), time.time())
        return hour

    @contextmanager
    def _at_work(self, way: str) -> Iterator[Works]:
        app, works = APPS[way], Works(self._folder, self._mail)
        app.control.purge()
        module = "recovery_match" if way == OURS else naive.__name__
        try:
            celery = ["celery", "--quiet", "--app", module]
            works.start(*celery, "worker", "--concurrency", str(WORKERS), "--loglevel", "ERROR")
            if way == OURS:
                schedule = str(self._folder / "beat")
                works.start(*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "ERROR")
            works.wait_until(lambda: app.control.ping(timeout=0.5), SECONDS_TO_START)
            yield works
        finally:
            works.stop()

    def _outcome(self, case: str, way: str, works: Works, due: Mapping[str, float]) -> Outcome:
        time.sleep(max(min(due.values()) - time.time(), 0))
        before, server_before = works.load(), self._server.load()
        seen, last = 0, max(due.values())
        while seen < len(due) and time.time() < last + PATIENCE:
            time.sleep(0.2)
            if (now := len(letters.taken(self._log))) > seen:
                seen, last = now, max(last, time.time())
        time.sleep(AFTERMATH)
        return Outcome(
            case=f"{case}-{len(due)}",
            way=way,
            delivery=letters.judge(letters.taken(self._log), due),
            workers=works.load().since(before),
            server=self._server.load().since(server_before),
        )


def _strikes(hour: datetime, count: int, way: str) -> float:
    """Let the hour strike soon; return when, in real seconds since 1970."""
    due = time.time() + LEAD + (count / POSTED_IN_A_SECOND if way == NAIVE else 0)
    _set_clock(hour, due)
    return due


def _set_clock(moment: datetime, at: float) -> None:
    """Have all processes take this moment for the one at which so many real seconds since 1970 are over."""
    assert settings.CLOCK_SHIFT_FILE is not None
    settings.CLOCK_SHIFT_FILE.write_text(str(moment.timestamp() - at))
