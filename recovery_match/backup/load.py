"""Restoring a backup: looked through wholly before anything is touched, then all of it in one transaction.

Reading in, the migrations that came since and the erasures that came since are one commit: whoever looks meanwhile, or
after a run that was cut off, sees the database as it was before, and nobody who was erased is ever there again.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from accounts import privacy
from accounts.actions import erasures
from accounts.models import User
from accounts.models.member_key import forget_keys
from accounts.queries.audit import verify_audit
from recovery_match.backup.dump import KEYS, MAIN
from recovery_match.backup.frames import END, HEADER, ROWS, TABLE, Frame, frames
from recovery_match.backup.sealed_file import BadBackup, opened

Migration = tuple[str, str]
Migrations = list[Migration]


class CannotRestore(Exception):
    """The database is not one to restore into. Nothing was changed."""


@dataclass(slots=True)
class Restored:
    """What was done."""

    at: str = ""
    rows: int = 0
    keys: int = 0
    erased: int = 0
    audit: list[str] = field(default_factory=list)


def restore(file: Path, keys_file: Path, *, replace: bool = False, despite_audit: bool = False) -> Restored:
    """Bring the database to what the main file holds, with the keys of the keys file; erase who was erased since.

    Raises BadBackup for a file that is not whole or not ours, CannotRestore for a database that holds something
    (unless ``replace``) or whose tables are of another version, and for an audit that is broken (unless
    ``despite_audit``); then nothing was changed.
    """
    header, keys_header = look_through(file, MAIN), look_through(keys_file, KEYS)
    _check_pair(header, keys_header)
    _prepare([(app, name) for app, name in header["migrations"]], replace)
    counters = [*header["counters"], *keys_header["counters"]]
    try:
        with transaction.atomic(durable=True):
            return _bring_back(file, keys_file, Restored(at=header["at"]), counters, despite_audit)
    finally:
        # Also after a failure: then what was read in this process is not there after all.
        forget_keys()
        ContentType.objects.clear_cache()


def _bring_back(
    file: Path, keys_file: Path, done: Restored, counters: Sequence[tuple[str, int]], despite_audit: bool
) -> Restored:
    """Everything that changes the database. From its first statement nobody else can read a table."""
    with _emptied():
        done.rows = sum(_load(file, MAIN).values())
        done.keys = _load_keys(keys_file)
    _set_counters(counters)
    done.audit = verify_audit().broken
    if done.audit and not despite_audit:
        raise CannotRestore(f"The audit in this backup is broken: {done.audit[0]}")
    forget_keys()
    ContentType.objects.clear_cache()
    _migrate()
    done.erased = _erase_again()
    return done


def _migrate() -> None:
    """To this version. Links between tables are checked at once: no table can be altered while a check waits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        call_command("migrate", verbosity=0)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def look_through(file: Path, kind: str) -> Mapping[str, Any]:
    """Read a file from end to end and tell its header. Raises BadBackup."""
    header: Mapping[str, Any] = {}
    for frame_kind, value in _frames(file, kind):
        if frame_kind == HEADER:
            header = value
    return header


def _frames(file: Path, kind: str) -> Generator[Frame, None, None]:
    if not settings.BACKUP_KEY:
        raise BadBackup("BACKUP_KEY is not set.")
    with file.open("rb") as source, closing(opened(source, settings.BACKUP_KEY, kind)) as parts:
        yield from frames(parts)


def _check_pair(header: Mapping[str, Any], keys_header: Mapping[str, Any]) -> None:
    """An older keys file would bring keys back that were destroyed, and know nothing of later erasures."""
    if datetime.fromisoformat(keys_header["at"]) < datetime.fromisoformat(header["at"]):
        raise CannotRestore("The keys file is older than the backup. Use the newest one.")


def _prepare(wanted: Migrations, replace: bool) -> None:
    """Have the tables as the backup's migrations left them, or raise CannotRestore."""
    if "django_migrations" not in connection.introspection.table_names():
        for app, name in dict(sorted(wanted)).items():
            call_command("migrate", app, name, verbosity=0)
    elif not replace and _holds_something():
        raise CannotRestore("The database is not empty. Say --replace if everything in it may go.")
    if _applied() != set(wanted):
        raise CannotRestore("The tables are of another version than the backup. Restore into an empty database.")


def _applied() -> set[Migration]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return {(app, name) for app, name in cursor.fetchall()}


def _holds_something() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM accounts_user) OR EXISTS (SELECT FROM accounts_intergroup)")
        return bool(cursor.fetchone()[0])


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name != "django_migrations"]


@contextmanager
def _emptied() -> Iterator[None]:
    """Take everything away; within this no trigger answers to rows that were written long ago. What links two tables is
    checked at its end."""
    with connection.cursor() as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, _tables()))
        # Truncating leaves a row that tells running processes that the roster is another one.
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        _triggers(cursor, sql.SQL("DISABLE"))
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(cursor, sql.SQL("ENABLE"))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _triggers(cursor: Any, verb: sql.SQL) -> None:
    for name in _tables():
        cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(name), verb))


def _load(file: Path, kind: str, into: Mapping[str, str] | None = None) -> dict[str, int]:
    """Read all tables of a file in, some of them ``into`` a table of another name. Raises BadBackup."""
    counted: dict[str, int] = {}
    with closing(_frames(file, kind)) as rows:
        frame = next(rows)
        while frame[0] != END:
            if frame[0] != TABLE:
                frame = next(rows)
                continue
            name, columns = frame[1]["name"], frame[1]["columns"]
            frame, counted[name] = _load_table((into or {}).get(name, name), columns, rows)
    if counted != frame[1]["rows"]:
        raise BadBackup("The backup does not hold as many rows as it says.")
    return counted


def _load_table(name: str, columns: list[str], rows: Iterator[Frame]) -> tuple[Frame, int]:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), listed)) as copy:
            for frame in rows:
                if frame[0] != ROWS:
                    break
                copy.write(frame[1])
        return frame, int(cursor.rowcount)


def _load_keys(keys_file: Path) -> int:
    """The keys of those who are in the backup, and the list of erasures; returns how many keys."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE all_keys (LIKE accounts_memberkey) ON COMMIT DROP")
        _load(keys_file, KEYS, into={"accounts_memberkey": "all_keys"})
        cursor.execute(
            "INSERT INTO accounts_memberkey SELECT * FROM all_keys WHERE member_id IN (SELECT id FROM accounts_user)"
        )
        return int(cursor.rowcount)


def _set_counters(counters: Iterable[tuple[str, int]]) -> None:
    """No number is given twice, neither of the backup's nor of those that were given here since."""
    with connection.cursor() as cursor:
        for name, value in counters:
            cursor.execute(
                "SELECT setval(format('public.%%I', sequencename)::regclass, greatest(%s, coalesce(last_value, 1))) "
                "FROM pg_sequences WHERE schemaname = 'public' AND sequencename = %s",
                [value, name],
            )


def _erase_again() -> int:
    """Erase whoever the list of erasures tells of, the way a member is erased: seats are freed, others are told."""
    marks, erased = erasures.marks(), 0
    for member in User.objects.only("pk", "email").iterator():
        if erasures.mark(member.pk) in marks:
            privacy.erase(member)
            erased += 1
    return erased
