"""Where the engines live, and as whom they run.

Everything is kept in one private folder: RECOVERY_MATCH_DATA, or ``.recovery_match/demo`` in the project.

PostgreSQL refuses to run as root. Run by root, the engines therefore run as ``nobody``, a user every Unix has, and
keep their files in a folder of their own below ``/var/lib``, which ``nobody`` can reach without any change to the
rights of folders we don't own: the checkout may well lie in ``/root``. The data folder says which one is its own. Were
it found by the data folder's path alone, a new checkout in an old one's place would open the old one's database with
keys of its own.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import TypedDict

import psutil

PROJECT = Path(__file__).resolve().parent.parent.parent
# A Unix socket's path has room for 104 bytes on macOS, 108 on Linux; PostgreSQL adds a name of 14.
LONGEST_SOCKET_FOLDER = 88


class EngineError(RuntimeError):
    """An engine can't be started; the text says why and what to do."""


class RunAs(TypedDict, total=False):
    """Arguments of ``subprocess.run`` that lower the rights of an engine started by root."""

    user: int
    group: int
    extra_groups: list[int]


def under_test() -> bool:
    """Tell whether pytest started this process or one of its parents."""
    return "PYTEST_VERSION" in os.environ


def data_folder() -> Path:
    """Return the private folder of this demo, made if need be; a pytest session has one of its own."""
    named = os.environ.get("RECOVERY_MATCH_DATA")
    if named:
        folder = Path(named).expanduser().resolve()
    elif under_test():
        folder = PROJECT / ".recovery_match" / f"tests-{os.getpid()}"
        os.environ["RECOVERY_MATCH_DATA"] = str(folder)
    else:
        folder = PROJECT / ".recovery_match" / "demo"
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def is_temporary(folder: Path) -> bool:
    """Tell whether the folder is a pytest session's own, to be deleted with its engines."""
    return folder.parent == PROJECT / ".recovery_match" and folder.name.startswith("tests-")


def run_as() -> RunAs:
    """Return how to start an engine: as ourselves, or as ``nobody`` when we are root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def own(path: Path) -> None:
    """Give the path to the user whom the engines run as."""
    who = run_as()
    if who:
        os.chown(path, who["user"], who["group"])


def engines_folder(folder: Path) -> Path:
    """Return where the engines of a data folder keep their files: inside it, but elsewhere for root."""
    if os.geteuid() != 0:
        place = folder / "engines"
        place.mkdir(mode=0o700, exist_ok=True)
        return place
    place = _place_for_root() / _name_of_engines(folder)
    if not place.is_dir():
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        (place / "belongs-to").write_text(f"{folder}\n")
        if not under_test():
            print(  # noqa: T201  (settings are being read: there is no logging yet)
                f"You are root: PostgreSQL and Valkey run as nobody and keep their files in {place}.", file=sys.stderr
            )
    return place


def engine_folder(folder: Path, name: str) -> Path:
    """Return a folder of the named engine, private to the user it runs as."""
    place = engines_folder(folder) / name
    if not place.is_dir():
        place.mkdir(mode=0o700)
        own(place)
    return place


def socket_folder(folder: Path) -> Path:
    """Return a private folder for sockets whose path is short enough to be a socket's.

    Raises EngineError if somebody else made the short one first: it stands where everybody may write.
    """
    place = engines_folder(folder) / "run"
    if len(os.fsencode(place)) > LONGEST_SOCKET_FOLDER:
        place = Path(tempfile.gettempdir()) / f"recovery_match-{_digest(folder)}"
    if not place.is_dir():
        place.mkdir(mode=0o700)
        own(place)
    facts = place.lstat()
    if facts.st_uid != run_as().get("user", os.geteuid()) or facts.st_mode & 0o077:
        raise EngineError(f"{place} is not private to you. Remove it and start again.")
    return place


def forget(folder: Path) -> None:
    """Delete a temporary data folder with the files of its engines, stopped before."""
    for place in (socket_folder(folder), engines_folder(folder), folder):
        shutil.rmtree(place, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Delete what pytest sessions left that were killed together with their keeper."""
    from recovery_match.embedded import keeper

    if is_temporary(folder):
        for other in folder.parent.glob("tests-*"):
            # A living session may have made its folder, and not yet its lock.
            if not psutil.pid_exists(int(other.name.removeprefix("tests-"))):
                keeper.stop_if_unused(other)


def wait_until_gone(process: psutil.Process, seconds: float) -> bool:
    """Wait for a process that is not our child to end; tell whether it did. A zombie is gone."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def programs(folder: Path, package: str, inside: str) -> Path:
    """Return ``inside`` of an installed package, where the engines' user can run it.

    Root may have installed it where nobody else may look; then the engine gets a copy of its own.
    """
    spec = util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"The package {package} is not installed. Install requirements.txt, or set DATABASE_URL.")
    installed = Path(next(iter(spec.submodule_search_locations)))
    if not run_as() or _can_be_entered(installed / inside):
        return installed / inside
    copy = engines_folder(folder) / f"programs-{metadata.version(package)}" / package
    if not copy.is_dir():
        half = Path(tempfile.mkdtemp(dir=engines_folder(folder)))
        half.chmod(0o755)
        for source in (installed, installed.with_name(f"{package}.libs")):
            if source.is_dir():
                shutil.copytree(source, half / source.name, ignore=shutil.ignore_patterns("include", "*.pyc"))
        subprocess.run(["/bin/chmod", "-R", "go+rX", str(half)], check=True)  # noqa: S603
        copy.parent.mkdir(exist_ok=True)
        for part in half.iterdir():
            part.rename(copy.parent / part.name)
        half.rmdir()
    return copy / inside


def _can_be_entered(path: Path) -> bool:
    return path.is_file() or all(step.stat().st_mode & 0o005 == 0o005 for step in (path, *path.parents))


def _place_for_root() -> Path:
    for place in (Path("/var/lib"), Path(tempfile.gettempdir())):
        if place.is_dir() and os.access(place, os.W_OK) and _can_be_entered(place):
            return place / "recovery_match"
    raise EngineError("Root needs a folder for PostgreSQL below /var/lib or the temporary folder. Set DATABASE_URL.")


@cache
def _name_of_engines(folder: Path) -> str:
    """What the data folder says; known to its keeper even when somebody has deleted the folder meanwhile."""
    told = folder / "engines-are-in"
    if not told.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f"engines-are-in.{os.getpid()}"
        fresh.write_text(f"{_digest(folder)}-{secrets.token_hex(4)}")
        # Of two processes that start at once the first names the place for both.
        with suppress(FileExistsError):
            os.link(fresh, told)
        fresh.unlink()
    return told.read_text()


def _digest(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
