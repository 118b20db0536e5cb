"""PostgreSQL and Valkey from wheels, for the demo, for development and for tests.

Settings call :func:`ensure_postgres` and :func:`ensure_valkey` when DATABASE_URL and REDIS_URL are unset. A real
production never does: it names its own servers.

How it works:

- The first process that asks starts the engines; every later one finds them running and shares them.
- Each process that uses them holds a shared lock for as long as it lives, so even SIGKILL gives it back. The last
  one to leave stops the engines. A small keeper process waits for the same lock and does it for those who could not
  (killed, or left by ``os._exit``).
- Engines that outlived everybody are adopted by the next process; stale pid files and sockets are cleared.
- A pytest session gets a folder, and so engines, of its own, deleted at its end. Several sessions and a running demo
  never meet. Test workers share their session's engines through the environment.
"""

import os
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

from recovery_match.embedded import folders, lease, postgres, valkey
from recovery_match.embedded.folders import EngineError, data_folder

__all__ = [
    "EngineError",
    "data_folder",
    "ensure_postgres",
    "ensure_valkey",
    "lookup_key",
    "master_key",
    "secret_key",
    "vapid_key",
]


def ensure_postgres() -> str:
    """Return a DATABASE_URL that answers; start PostgreSQL 18 first if nobody has.

    The engines stay up at least as long as this process. Raises EngineError with the reason when it can't start.
    """
    return _ensured(data_folder())[0]


def ensure_valkey() -> str:
    """Return a REDIS_URL that answers; start Valkey 9 (append-only, never evicting) first if nobody has.

    The engines stay up at least as long as this process. Raises EngineError with the reason when it can't start.
    """
    return _ensured(data_folder())[1]


@cache
def _ensured(folder: Path) -> tuple[str, str]:
    lease.hold(folder)
    with lease.alone(folder, "start"):
        urls = postgres.ensure(folder), valkey.ensure(folder)
        lease.ensure_keeper(folder)
    folders.sweep(folder)
    return urls


def secret_key() -> str:
    """Return this folder's own SECRET_KEY: random, made once, readable by its owner only."""
    return _kept("secret_key", lambda: secrets.token_urlsafe(50))


def vapid_key() -> str:
    """Return this folder's own VAPID_PRIVATE_KEY, made once: a number of 256 random bits is a key of that curve."""
    return _kept("vapid_private_key", lambda: secrets.token_urlsafe(32))


def master_key() -> str:
    """Return this folder's own MASTER_KEYS: one key, made once."""
    return _kept("master_key", lambda: f"own:{secrets.token_urlsafe(32)}")


def lookup_key() -> str:
    """Return this folder's own LOOKUP_KEY, made once."""
    return _kept("lookup_key", lambda: secrets.token_urlsafe(48))


def _kept(name: str, make: Callable[[], str]) -> str:
    folder = data_folder()
    path = folder / name
    with lease.alone(folder, name):
        if not path.exists():
            fresh = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(fresh, "w") as file:
                file.write(make())
        return path.read_text()
