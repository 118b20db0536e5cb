"""The demo's processes: started, watched and ended together, each line of theirs under its name."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from recovery_match.embedded import keeper

SECONDS_TO_END = 10
ROUTINE = " INFO "
"""In the lines that say that all goes as usual: several every second, in which the addresses would be lost."""

AS_ROOT = "ignore:You're running the worker with superuser privileges"
"""A demo as root is a choice of the visitor's machine; Celery would warn in six lines."""

Say = Callable[[str, str], None]


class ChildEndedError(Exception):
    """A process of the crew ended on its own."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} ended with code {code}")
        self.name, self.code = name, code


class Crew:
    """Processes that live and end together.

    Each leads a process group of its own: a Ctrl-C in the terminal reaches us only, and we end them in order.
    The keeper of ``folder`` is told of each, so that none outlives us when we are killed. ``routine``: say also
    what they write while all goes as usual.
    """

    def __init__(self, folder: Path, say: Say, *, routine: bool = False) -> None:
        self._folder, self._say, self._routine = folder, say, routine
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._threads: list[threading.Thread] = []
        self._ended: queue.Queue[str] = queue.Queue()
        self._ready: set[str] = set()

    def start(self, name: str, command: Sequence[str], ready: str = "") -> None:
        """Start a process; it counts as ready once it writes a line with these words."""
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": AS_ROOT},
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._running[name] = child
        keeper.name_children(self._folder, [one.pid for one in self._running.values() if one.poll() is None])
        thread = threading.Thread(target=self._pass_on, args=(name, child, ready), daemon=True)
        self._threads.append(thread)
        thread.start()

    def wait_until_ready(self, name: str, test: Callable[[], bool] | None = None, seconds: float = 60) -> None:
        """Wait until the process is ready. Raises ChildEndedError if any ends first, TimeoutError if time is up."""
        deadline = time.monotonic() + seconds
        while not (test() if test else name in self._ready):
            self.check(0.05)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} did not get ready within {seconds:.0f} s")

    def check(self, seconds: float) -> None:
        """Watch for some seconds. Raises ChildEndedError if a process ended."""
        try:
            name = self._ended.get(timeout=seconds)
        except queue.Empty:
            return
        raise ChildEndedError(name, self._running[name].wait())

    def stop(self) -> None:
        """Ask all to end, wait, end by force who does not; return when none is left."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + SECONDS_TO_END
            for child in self._running.values():
                if child.poll() is None:
                    os.killpg(child.pid, number)
            for child in self._running.values():
                try:
                    child.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    continue
        for thread in self._threads:
            thread.join(SECONDS_TO_END)
        (self._folder / keeper.CHILDREN).unlink(missing_ok=True)

    def _pass_on(self, name: str, child: "subprocess.Popen[str]", ready: str) -> None:
        assert child.stdout is not None
        with child.stdout as lines:
            for line in lines:
                if self._routine or ROUTINE not in line:
                    self._say(name, line.rstrip())
                if ready and ready in line:
                    self._ready.add(name)
        child.wait()
        self._ended.put(name)
