"""Writing a backup: the main file and the keys file, both as of one moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from accounts import clock
from recovery_match.backup.frames import END, HEADER, ROWS, TABLE, put
from recovery_match.backup.sealed_file import SealedWriter

MAIN, KEYS = "main", "keys"
KEY_TABLES = ["accounts_memberkey", "accounts_erasure"]
# Sessions would let people in who signed out since; the others are made anew by themselves.
LEFT_OUT = {
    *("django_migrations", "django_session", "django_cache", "usersessions_usersession"),
    *("matching_rosterchange", "matching_heartbeat"),
}
_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 GROUP BY c.relname ORDER BY c.relname
"""
_COUNTERS = """
SELECT sequencename, last_value FROM pg_sequences
 WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename
"""
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written."""

    tables: int
    rows: int
    bytes: int


def back_up(file: Path | None, keys_file: Path) -> Written:
    """Write the keys file, and the main file unless it is None; both take the place of what was there once they are
    whole. The keys file comes last: should it fail, the older one still opens what was written before."""
    with _one_moment():
        tables = dict(_all(_TABLES))
        main = [name for name in tables if name not in LEFT_OUT and name not in KEY_TABLES]
        written = Written(0, 0, 0) if file is None else _write(file, MAIN, {name: tables[name] for name in main})
        _write(keys_file, KEYS, {name: tables[name] for name in KEY_TABLES})
    return written


@contextmanager
def _one_moment() -> Iterator[None]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _all(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _write(path: Path, kind: str, tables: dict[str, list[str]]) -> Written:
    half = path.with_name(f"{path.name}.part")
    with half.open("wb") as file:
        half.chmod(0o600)
        rows = _write_tables(file, kind, tables)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    return Written(len(tables), rows, path.stat().st_size)


def _write_tables(file: BinaryIO, kind: str, tables: dict[str, list[str]]) -> int:
    writer, counted = SealedWriter(file, settings.BACKUP_KEY, kind), dict[str, int]()
    header = {"at": clock.now().isoformat(), "version": settings.VERSION, "migrations": _all(_MIGRATIONS)}
    put(writer, HEADER, header | {"counters": _all(_COUNTERS)})
    for name, columns in tables.items():
        put(writer, TABLE, {"name": name, "columns": columns})
        counted[name] = _write_rows(writer, name, columns)
    put(writer, END, {"rows": counted})
    writer.end()
    return sum(counted.values())


def _write_rows(writer: SealedWriter, name: str, columns: list[str]) -> int:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), listed)) as copy:
            for block in copy:
                put(writer, ROWS, block)
        return int(cursor.rowcount)
