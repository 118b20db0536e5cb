"""Measurements in a process whose engines are its own, of the same build, in a folder that is deleted afterwards.

No other database is filled with made-up people, and nobody else's broker is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recovery_match.embedded import folders, keeper

OTHERS = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "RECOVERY_MATCH_LOCAL", "EMAIL_URL")
"""What would lead to other engines or another mail server."""

SECONDS_TO_STOP = 30.0


class HostFailedError(RuntimeError):
    """The measuring process ended before it was done."""


def hosted(module: str, told: str, folder: Path) -> Iterator[dict[str, Any]]:
    """What a module, run as ``python -m module told`` with engines in this folder, says: each line of it is JSON.

    Raises HostFailedError if it ended otherwise than by being done.
    """
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    path = os.pathsep.join(filter(None, [str(folders.PROJECT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, told],
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
def own_folder(name: str) -> Iterator[Path]:
    """A data folder that is gone afterwards, with its engines."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-")).resolve()
    try:
        yield folder
    finally:
        deadline = time.monotonic() + SECONDS_TO_STOP
        while not keeper.stop_if_unused(folder) and time.monotonic() < deadline:
            time.sleep(0.1)
        folders.forget(folder)
