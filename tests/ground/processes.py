"""Real processes that use the engines of a data folder, for the tests of this folder."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from recovery_match.embedded import folders, keeper

SECONDS = 120
"""A hanging process fails here; a busy machine does not."""
USE = """
import encodings.idna, json, os, sys
import psycopg, redis
from recovery_match import embedded
from recovery_match.embedded import folders
if sys.argv[1:]:
    # Only now, as the ordinary user may be unable to read root's Python.
    os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1])); os.chdir("/")
folder = embedded.data_folder()
urls = embedded.ensure_postgres(), embedded.ensure_valkey()
with psycopg.connect(urls[0]) as connection:
    version = connection.execute("SHOW server_version").fetchone()[0]
client = redis.Redis.from_url(urls[1])
facts = {
    "database": urls[0], "valkey": urls[1], "version": version, "uid": os.geteuid(),
    "valkey_version": client.info("server")["valkey_version"],
    "postmaster": int((folders.engine_folder(folder, "postgres") / "data/postmaster.pid").read_text().split()[0]),
    "valkey_pid": client.info("server")["process_id"],
}
client.close()
print(json.dumps(facts), flush=True)
sys.stdin.read()
"""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment in which only the engines of this folder can be found."""
    ours = ("DATABASE_URL", "REDIS_URL", "RECOVERY_MATCH_LOCAL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"RECOVERY_MATCH_DATA": str(folder), "PYTHONPATH": str(folders.PROJECT)} | more


class Member:
    """One process that uses the engines until it is told to leave, or is killed."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, *arguments],
            env=environment(folder, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def facts(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=SECONDS)[1]
        return dict(json.loads(line))

    def leave(self) -> None:
        self.process.communicate(timeout=SECONDS)
        assert self.process.returncode == 0

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=SECONDS)


@contextmanager
def member(folder: Path) -> Iterator[dict[str, Any]]:
    """Use the engines for a while, and leave as one should."""
    one = Member(folder)
    try:
        yield one.facts()
        one.leave()
    finally:
        one.kill()


def alive(pid: int) -> bool:
    """Tell whether the process runs; a zombie doesn't."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def eventually(true: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Tell whether something comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return true()


def keepers(folder: Path) -> list[int]:
    """Return the living keepers of a folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "recovery_match.embedded.keeper" in words and words[-1] == str(folder):
            found.append(process.pid)
    return found


def clean_up(folder: Path) -> None:
    """Stop whatever a test left running, and delete what it keeps outside its folder."""
    for pid in keepers(folder):
        psutil.Process(pid).kill()
    assert eventually(lambda: keeper.stop_if_unused(folder))
    folders.forget(folder)
