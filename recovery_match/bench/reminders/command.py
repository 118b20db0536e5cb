"""`manage.py bench reminders`: its options, and the process that they start.

The measured processes have engines of their own, of the same build, in a folder that is deleted afterwards: no other
database is filled with made-up people, and nobody else's broker is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recovery_match.bench.contest import Write
from recovery_match.bench.reminders.options import Options
from recovery_match.embedded import folders, keeper

HELP = "Our reminders against the naive way: many at one hour, a steady flow, and a tick before large tables."
OTHERS = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "RECOVERY_MATCH_LOCAL", "EMAIL_URL")
"""What would lead to other engines or another mail server."""

SECONDS_TO_STOP = 30.0


class HostFailedError(RuntimeError):
    """The measuring process ended before it was done."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    default = Options()
    add = parser.add_argument
    add("--members", type=int, default=default.members, help="members whom ours asks at one hour (%(default)s)")
    add("--naive", type=int, default=default.naive, help="members whom the naive way asks at one hour (%(default)s)")
    add("--flow", type=int, default=default.flow, help="messages of the steady flow, 1000 a minute (%(default)s)")
    add("--sizes", type=int, nargs="*", default=default.sizes, help="rows before which a tick is timed (%(default)s)")
    add("--json", type=Path, help="a file for the figures, as a list of rows")


def run(options: dict[str, Any], write: Write) -> None:
    """Measure. Raises HostFailedError if it could not be done."""
    wanted = Options(
        members=options["members"], naive=options["naive"], flow=options["flow"], sizes=tuple(options["sizes"])
    )
    with _folder() as folder:
        for said in _host(folder, wanted):
            if "line" in said:
                write(said["line"])
            elif options["json"]:
                options["json"].write_text(json.dumps(said["rows"], indent=1) + "\n")


def _host(folder: Path, options: Options) -> Iterator[dict[str, Any]]:
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    path = os.pathsep.join(filter(None, [str(folders.PROJECT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "recovery_match.bench.reminders.host", options.told()],
        env={**kept, "RECOVERY_MATCH_DATA": str(folder), "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        with process.stdout as lines:
            yield from map(json.loads, lines)
        if process.wait() != 0:
            raise HostFailedError(f"the measuring process ended with code {process.returncode}")
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _folder() -> Iterator[Path]:
    """A data folder that is gone afterwards, with its engines."""
    folder = Path(tempfile.mkdtemp(prefix="reminders-")).resolve()
    try:
        yield folder
    finally:
        deadline = time.monotonic() + SECONDS_TO_STOP
        while not keeper.stop_if_unused(folder) and time.monotonic() < deadline:
            time.sleep(0.1)
        folders.forget(folder)
