"""A place of its own for every test of this folder: engines that may be stopped, a mail server, workers to kill."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import redis
from celery import Celery

from recovery_match.embedded import folders, postgres, valkey
from tests.ground.processes import SECONDS, Member, environment, eventually

INSERT = """
INSERT INTO matching_outboxmessage
       (id, key, topic, recipient_id, ids, state, posted_at, send_after, grace_until, attempts, trouble)
SELECT gen_random_uuid(), gen_random_uuid()::text, 'report_filed', (SELECT id FROM accounts_user LIMIT 1), '{}',
       'waiting', now(), now() + %(due)s * interval '1 second' + number * %(apart)s * interval '1 second',
       now() + %(grace)s * interval '1 second', 0, ''
  FROM generate_series(1, %(count)s) AS number
"""
DAY = 24 * 3600
LOCK_SECONDS = 5
TRIES = 20
AT_WORK_SECONDS = 0.3
SECONDS_TO_WORK = 90


class Place:
    """Engines, a mail server, and a nursery of workers that know only these."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "accepted"
        self.log.touch()
        self.processes: list[subprocess.Popen[str]] = []
        self.user = Member(folder)
        try:
            self._furnish()
        except BaseException:
            self.close()
            raise

    def _furnish(self) -> None:
        facts = self.user.facts()
        self.url: str = facts["database"]
        self.valkey_url: str = facts["valkey"]
        port_file = self.folder / "port"
        path = os.pathsep.join(filter(None, [str(folders.PROJECT), os.environ.get("PYTHONPATH")]))
        self.environment = environment(self.folder, PYTHONPATH=path)
        self._open("-m", "tests.faults.sink", str(self.log), str(port_file))
        assert eventually(port_file.exists)
        self.environment |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{port_file.read_text()}",
            "DJANGO_SETTINGS_MODULE": "recovery_match.settings",
            "LOG_LEVEL": "CRITICAL",
        }
        assert self._open("manage.py", "migrate", "--verbosity", "0").wait(2 * SECONDS) == 0
        self.nursery = self._open("-m", "tests.faults.nursery")
        self.sql(
            "INSERT INTO accounts_user (id, email, password, language, is_active, is_staff, is_superuser, date_joined)"
            " VALUES (gen_random_uuid(), 'ana@example.org', '', 'en', true, false, false, now())"
        )

    def _open(self, *arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folders.PROJECT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def sql(self, statement: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one statement; return its rows. Raises LockNotAvailable rather than wait for a process that is dead."""
        with psycopg.connect(self.url, autocommit=True, options=f"-c lock_timeout={LOCK_SECONDS}s") as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def fresh(self) -> None:
        """Empty outbox, empty log, clock as it was."""
        self.sql("DELETE FROM matching_outboxmessage")
        self.log.write_text("")
        (self.folder / "clock").unlink(missing_ok=True)

    def post(self, count: int, *, due: float = -1, grace: float = DAY, apart: float = 0) -> None:
        """Messages that fall due in so many seconds (each ``apart`` from the one before) and keep until ``grace``."""
        self.sql(INSERT, {"count": count, "due": due, "grace": grace, "apart": apart})

    def plan_check_ins(self, count: int) -> None:
        """So many pairings in which the person sponsored is to be asked at this hour."""
        assert self.run("pair_up", count=count) == 0

    def move_clock(self, seconds: float) -> None:
        """Let the application's time pass."""
        (self.folder / "clock").write_text(str(seconds))

    def start(self, deed: str, **order: Any) -> int:
        """Have a fresh worker do this; return its process number."""
        return self._tell({"deed": deed, **order})

    def wait(self, pid: int) -> int:
        """How a worker ended: 0, 1, or minus the signal that killed it."""
        return self._tell({"wait": pid})

    def run(self, deed: str, **order: Any) -> int:
        """Start a worker and wait for it."""
        return self.wait(self.start(deed, **order))

    def _tell(self, order: dict[str, Any]) -> int:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def leases_run_out(self) -> None:
        """As if three minutes had passed."""
        self.sql("UPDATE matching_outboxmessage SET leased_until = now() - interval '1 second' WHERE state = 'leased'")

    def states(self) -> dict[str, int]:
        """How many messages are in each state."""
        return dict(self.sql("SELECT state, count(*) FROM matching_outboxmessage GROUP BY state"))

    def accepted(self) -> Counter[str]:
        """What the mail server said yes to, by message."""
        return Counter(self.log.read_text().split())

    def posted(self) -> set[str]:
        """Every message there is."""
        return {str(pk) for (pk,) in self.sql("SELECT id FROM matching_outboxmessage")}

    def doubles(self) -> int:
        """Copies beyond the first."""
        return sum(count - 1 for count in self.accepted().values())

    def lost(self) -> set[str]:
        """Messages of which no copy was accepted."""
        return self.posted() - set(self.accepted())

    def lateness(self) -> list[float]:
        """Seconds from the moment each message was due to its mark, which follows the mail server's yes; sorted."""
        rows = self.sql("SELECT extract(epoch FROM ended_at - send_after)::float FROM matching_outboxmessage")
        return sorted(late for (late,) in rows)

    @contextmanager
    def at_work(self, tick: int = 1) -> "Iterator[list[subprocess.Popen[str]]]":
        """A Celery worker, seen alive, and a beat that ticks every so many seconds."""
        self.environment["TICK_SECONDS"] = str(tick)
        self.sql("DELETE FROM matching_heartbeat")
        celery = ["-m", "celery", "--app", "recovery_match"]
        schedule = str(self.folder / "schedule")
        started = [
            self._open(*celery, "worker", "--pool", "solo", "--loglevel", "CRITICAL"),
            self._open(*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "CRITICAL"),
        ]
        try:
            assert eventually(
                lambda: bool(self.sql("SELECT 1 FROM matching_heartbeat WHERE name = 'worker'")), SECONDS_TO_WORK + tick
            )
            yield started
        finally:
            for process in started:
                process.kill()
                process.wait(SECONDS)

    def stop_between_transactions(self, process: "subprocess.Popen[str]", table: str) -> None:
        """Freeze a process at a moment when it holds no lock on a table: frozen with one, it would hold it for ever."""
        for _ in range(TRIES):
            os.kill(process.pid, signal.SIGSTOP)
            with suppress(psycopg.errors.LockNotAvailable):
                self.sql(f"BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE; COMMIT")
                return
            os.kill(process.pid, signal.SIGCONT)
            time.sleep(AT_WORK_SECONDS)  # stopped again at once, it would stand in the very same transaction
        raise AssertionError("The process was never seen between two transactions.")

    def broker(self) -> "redis.Redis":
        """A client of the broker; to be closed."""
        return redis.Redis.from_url(self.valkey_url)

    def queued(self) -> int:
        """How many calls wait in the broker."""
        broker = self.broker()
        try:
            return int(broker.llen("celery"))
        finally:
            broker.close()

    def worker_answers(self) -> bool:
        """Whether a worker answers when it is asked directly, past queue and beat."""
        with Celery(broker=self.valkey_url, set_as_current=False) as app:
            return bool(app.control.ping(timeout=5))

    def stop_broker(self) -> None:
        """Stop Valkey, with all that is in it."""
        valkey.stop(self.folder)

    def start_broker(self) -> None:
        """Start Valkey where it was."""
        assert valkey.ensure(self.folder) == self.valkey_url

    def crash_database(self) -> None:
        """Stop it as a power cut would, and start it again."""
        data = folders.engine_folder(self.folder, "postgres") / "data"
        postgres._run(self.folder, "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        assert postgres.ensure(self.folder) == self.url

    def close(self) -> None:
        """End everything that was started here."""
        for process in self.processes:
            process.kill()
            with suppress(BrokenPipeError):
                process.communicate(timeout=SECONDS)
        self.user.kill()
