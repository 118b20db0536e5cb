"""The keeper: waits until nobody uses the engines of a data folder, then stops them.

Run as ``python -m recovery_match.embedded.keeper FOLDER``. The demo also names the processes it runs here, so that
they don't outlive a demo that was killed.
"""

import fcntl
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from recovery_match.embedded import folders, lease, postgres, valkey

SECONDS_TO_END = 10
CHILDREN = "children.json"


def name_children(folder: Path, pids: list[int]) -> None:
    """Write down the leaders of process groups that must end with this folder's users."""
    born = {str(pid): psutil.Process(pid).create_time() for pid in pids}
    (folder / CHILDREN).write_text(json.dumps(born))


def end_children(folder: Path) -> int:
    """End the process groups that a killed demo left behind; return how many were still there."""
    path = folder / CHILDREN
    if not path.exists():
        return 0
    ended = 0
    for pid, born in json.loads(path.read_text()).items():
        with suppress(psutil.NoSuchProcess):
            leader = psutil.Process(int(pid))
            # The kernel gives numbers out again: only the time of birth tells that this one is ours.
            if abs(leader.create_time() - born) < 1:
                _end_group(leader)
                ended += 1
    path.unlink(missing_ok=True)
    return ended


def _end_group(leader: psutil.Process) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, number)
        if folders.wait_until_gone(leader, SECONDS_TO_END):
            return


def stop_everything(folder: Path) -> None:
    """Stop children and engines of a folder; call it while holding ``users`` exclusively."""
    end_children(folder)
    valkey.stop(folder)
    postgres.stop(folder)
    if folders.is_temporary(folder):
        folders.forget(folder)


def stop_if_unused(folder: Path) -> bool:
    """Stop the folder's engines unless somebody uses them; tell whether they are stopped."""
    with suppress(FileNotFoundError), lease.open_lock(folder, "users") as file:
        if lease.try_alone(file):
            stop_everything(folder)
            return True
    return False


def keep(folder: Path) -> None:
    """Wait for the last user to go, then stop everything, also if the folder was deleted meanwhile."""
    folders.engines_folder(folder)
    with lease.open_lock(folder, "keeper") as alone, lease.open_lock(folder, "users") as users:
        if not lease.try_alone(alone):
            return
        fcntl.flock(users, fcntl.LOCK_EX)
        stop_everything(folder)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
