"""Who uses the engines: locks that the kernel gives back when their holder dies, however it dies.

Locks are files of the data folder, taken in this order: ``users``, then ``start``. Whoever holds ``users``
exclusively is alone, for nobody starts anything without holding it shared.
"""

import atexit
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from recovery_match.embedded import folders

_held: dict[Path, IO[bytes]] = {}


def open_lock(folder: Path, name: str) -> IO[bytes]:
    """Open the folder's named lock file; it is never deleted, only its folder is."""
    return (folder / f"{name}.lock").open("ab")


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Hold the named lock exclusively; wait for it if need be."""
    with open_lock(folder, name) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_alone(file: IO[bytes]) -> bool:
    """Take an open lock exclusively, now or not at all. A shared lock held by this file is lost either way."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def hold(folder: Path) -> None:
    """Count this process among the users of the folder's engines until it ends."""
    if folder not in _held:
        file = _held[folder] = open_lock(folder, "users")
        # Waits while somebody stops the engines, so that what we find running stays running.
        fcntl.flock(file, fcntl.LOCK_SH)
        atexit.register(_leave, folder, os.getpid())


def release(folder: Path) -> None:
    """Give up this process's use of the engines; the last user stops them before this returns."""
    from recovery_match.embedded import keeper

    file = _held.pop(folder, None)
    if file is None:
        return
    with file:
        if try_alone(file):
            keeper.stop_everything(folder)
        else:
            # The keeper may have been quicker than we: then this waits until it is done. With other users it doesn't.
            fcntl.flock(file, fcntl.LOCK_SH)


def _leave(folder: Path, owner: int) -> None:
    # A forked child runs its parent's exit handlers too, and must not give up its parent's lease.
    if os.getpid() == owner:
        release(folder)


def ensure_keeper(folder: Path) -> None:
    """Start the process that stops the engines for users who could not; call it while holding ``start``."""
    with open_lock(folder, "keeper") as file:
        if not try_alone(file):
            return
    command = [sys.executable, "-m", "recovery_match.embedded.keeper", str(folder)]
    with (folder / "keeper.log").open("ab") as log:
        # The shell leaves at once, so the keeper is nobody's child and no exit of ours has to wait for it.
        subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", '"$@" &', "keeper", *command],
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(folders.PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=True,
        )
