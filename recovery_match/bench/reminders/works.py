"""Processes that are measured: started together, ended together, and asked what they used."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from recovery_match.bench import memory
from recovery_match.embedded import keeper

SECONDS_TO_END = 20.0

_running: list["subprocess.Popen[bytes]"] = []


class DidNotStartError(RuntimeError):
    """A process was not ready in time; what it said is in the file that is named."""


@dataclass(frozen=True)
class Load:
    """Seconds of processor time, and the MB that each held at most, summed."""

    seconds: float
    peak_mb: float

    def since(self, before: "Load") -> "Load":
        """The time since then; the peak is that of all the time."""
        return Load(self.seconds - before.seconds, self.peak_mb)


class Works:
    """Some processes of ours, named to the keeper of the folder, so that none outlives us when we are killed.

    ``environment`` is added to this process's own.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._folder, self._environment = folder, environment or {}
        self._said = folder / "works.log"
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str) -> None:
        """Start a module with its arguments."""
        with self._said.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", *command],
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        _running.append(process)
        keeper.name_children(self._folder, [one.pid for one in _running if one.poll() is None])

    def wait_until(self, ready: Callable[[], object], seconds: float) -> None:
        """Wait. Raises DidNotStartError if one ends, or time is up."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self._started):
                raise DidNotStartError(f"not ready within {seconds:.0f} s: {self._said.read_text()[-500:]}")
            time.sleep(0.05)

    def load(self) -> Load:
        """What they and their children have used so far."""
        seconds = peak = 0.0
        for process in self._alive():
            times = process.cpu_times()
            seconds += times.user + times.system
            peak += memory.peak(process.pid)
        return Load(seconds, peak)

    def stop(self) -> None:
        """Ask all to end, and end by force who does not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self._started:
                if process.poll() is None:
                    os.killpg(process.pid, number)
            deadline = time.monotonic() + SECONDS_TO_END
            while time.monotonic() < deadline and any(process.poll() is None for process in self._started):
                time.sleep(0.05)

    def _alive(self) -> Iterator[psutil.Process]:
        for started in self._started:
            leader = psutil.Process(started.pid)
            yield from (leader, *leader.children(recursive=True))
