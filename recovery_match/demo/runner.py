"""The phases of ``manage.py demo``: engines, tables, members, then web, worker and beat until somebody says stop."""

import http.client
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import psutil
import psycopg
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from recovery_match import embedded
from recovery_match.demo.crew import Crew
from recovery_match.embedded import keeper, lease

HOST = "127.0.0.1"
NAME_WIDTH = 7
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest(BaseException):
    """Somebody asked the demo to stop."""


class CannotRunError(Exception):
    """The demo can't run; the text says why and what to do."""


class Runner:
    """One run of the demo. ``write`` gets whole lines; they may come from several threads. ``routine``: see `Crew`."""

    def __init__(
        self, *, port: int, members: int, reset: bool, write: Callable[[str], object], routine: bool = False
    ) -> None:
        self._port, self._members, self._reset, self._write = port, members, reset, write
        self._folder = embedded.data_folder()
        self._lock = threading.Lock()
        self._crew = Crew(self._folder, self.say, routine=routine)

    def say(self, name: str, text: str) -> None:
        """Write one line under a name."""
        with self._lock:
            self._write(f"{name:<{NAME_WIDTH}}| {text}")

    def run(self) -> None:
        """Run until a signal asks to stop; leave nothing running.

        Raises CannotRunError with the reason, ChildEndedError when a process ended on its own.
        """
        with _only_demo(self._folder), suppress(StopRequest):
            _on_stop(_ask_to_stop)
            try:
                self._prepare()
                self._start()
                self._introduce()
                while True:
                    self._crew.check(3600)
            finally:
                # Whatever ended the run: what is going on now must not be cut short by one more Ctrl-C.
                _on_stop(signal.SIG_IGN)
                self.say("demo", "stopping")
                self._crew.stop()
                connections.close_all()
                lease.release(self._folder)
                self.say("demo", "everything has stopped")

    def _prepare(self) -> None:
        began = psutil.Process().create_time()
        self.say("demo", f"engines in {time.time() - began:.1f} s: PostgreSQL and Valkey, data in {self._folder}")
        left = keeper.end_children(self._folder)
        if left:
            self.say("demo", f"ended {left} processes of an earlier demo that was killed")
        _check_port(self._port)
        if self._reset:
            with self._phase("reset"):
                _reset(self._folder)
        with self._phase("tables"):
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            call_command("createcachetable", verbosity=0)
        with self._phase("members"):
            from recovery_match.demo.seed import seed

            seed(members=self._members, progress=lambda text: self.say("seed", text))

    def _start(self) -> None:
        bind = f"{HOST}:{self._port}"
        web = ["gunicorn", "recovery_match.wsgi", "--bind", bind, "--worker-class", "gthread", "--workers", "2"]
        web += ["--threads", "4", "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"]
        web += ["--logger-class", "recovery_match.gunicorn_log.ScrubbedLogger"]
        celery = ["celery", "--quiet", "--no-color", "-A", "recovery_match"]
        worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        schedule = str(self._folder / "beat-schedule")
        beat = [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "INFO"]
        began = time.monotonic()
        self._crew.start("web", web)
        self._crew.start("worker", worker, ready="ready.")
        self._crew.start("beat", beat, ready="beat: Starting")
        tests: dict[str, Callable[[], bool] | None] = {"web": self._web_answers, "worker": None, "beat": None}
        for name, test in tests.items():
            self._crew.wait_until_ready(name, test)
            self.say("demo", f"{name} in {time.monotonic() - began:.1f} s")

    def _introduce(self) -> None:
        from recovery_match.demo.seed import sign_in_links

        began = psutil.Process().create_time()
        address = f"http://localhost:{self._port}"
        self.say("demo", f"ready after {time.time() - began:.1f} s")
        self.say("demo", "")
        self.say("demo", f"  {address}/")
        for role, path in sign_in_links():
            self.say("demo", f"  {role}: {address}{path}")
        self.say("demo", "")
        self.say("demo", "Every member is fictional. Press Ctrl-C to stop.")

    def _web_answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{self._port}"})
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except OSError:
            return False
        finally:
            connection.close()

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.say("demo", f"{name} in {time.monotonic() - began:.1f} s")


def _on_stop(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in STOPS:
        signal.signal(number, handler)


def _ask_to_stop(number: int, frame: FrameType | None) -> None:
    _on_stop(signal.SIG_IGN)
    raise StopRequest


@contextmanager
def _only_demo(folder: Path) -> Iterator[None]:
    with lease.open_lock(folder, "demo") as file:
        if not lease.try_alone(file):
            raise CannotRunError(f"A demo with the data in {folder} is running already. Stop it first.")
        yield


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        # As the web server does: a connection that has just been closed is no reason to refuse.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotRunError(
                f"Port {port} can't be used ({error.strerror}). Choose another one: --port {port + 1}"
            ) from error


def _reset(folder: Path) -> None:
    """Start from nothing: an empty database, an empty broker, no messages, no shifted clock."""
    connections.close_all()
    chosen = settings.DATABASES["default"]
    name = sql.Identifier(chosen["NAME"])
    server = chosen["OPTIONS"]["host"]
    with psycopg.connect(host=server, user=chosen["USER"], dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushall()
    shutil.rmtree(folder / "mail", ignore_errors=True)
    for schedule_or_clock in (*folder.glob("beat-schedule*"), folder / "clock"):
        schedule_or_clock.unlink(missing_ok=True)
