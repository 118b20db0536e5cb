"""Three roles of the database, each with what it needs and no more.

``migrate`` owns the tables and changes them. ``app`` is for the web, the workers and beat: it reads and writes rows,
makes no table, switches no trigger off, and takes nothing out of the audit. ``audit`` reads the audit and nothing else.

A superuser makes the roles, in a database that may still be empty. What they may do to each table is put in order after
every migration, for which the owner of the tables is enough.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from psycopg import sql

SCHEMA = sql.Identifier("public")
MAY_NOTHING = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT")

# What the app may do where it may not simply do everything to rows.
LESS = {
    "accounts_auditentry": "SELECT, INSERT",
    "accounts_auditlink": "SELECT, INSERT",
    "accounts_auditwaiting": "SELECT, INSERT, DELETE",
    "accounts_auditheads": "SELECT, INSERT, UPDATE",
    "accounts_erasure": "SELECT, INSERT",
    "django_migrations": "SELECT",
}
ROWS, COUNTERS = "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"
LET_GO = "public.accounts_audit_let_go(bigint[])"
AUDIT = [table for table in LESS if table.startswith("accounts_audit")]
_OWNED = """
SELECT c.relkind::text, c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'a', 'i'))
"""
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
_KINDS = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles by what they are for, and the passwords of those that were made or got a new one."""

    app: str
    migrate: str
    audit: str
    passwords: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> list[str]:
        return [self.app, self.migrate, self.audit]


def roles_of(prefix: str) -> Roles:
    """The roles whose names begin so, whether they are there or not."""
    return Roles(f"{prefix}_app", f"{prefix}_migrate", f"{prefix}_audit")


def create_roles(prefix: str, *, new_passwords: bool = False, passwords: Mapping[str, str] | None = None) -> Roles:
    """Make the roles, or put their rights in order again, in one transaction; run by a superuser.

    Roles belong to the whole server, so that each site on it needs another ``prefix``. ``passwords``, by role, are set
    in any case; without them a role that is made gets one by chance, and so does every role with ``new_passwords``.
    """
    roles = roles_of(prefix)
    with transaction.atomic(), connection.cursor() as cursor:
        for name in roles.names:
            _make(cursor, roles, name, new_passwords, (passwords or {}).get(name))
        _own(cursor, roles)
        _close(cursor, roles)
        _promise(cursor, roles)
        _open(cursor, roles)
    return roles


def order_rights(prefix: str) -> Roles:
    """Put in order what the roles may do to the tables that are there; run by their owner or a superuser."""
    roles = roles_of(prefix)
    with transaction.atomic(), connection.cursor() as cursor:
        _shut(cursor, roles)
        _open(cursor, roles)
    return roles


def _say(cursor: Any, words: str, **names: str) -> None:
    parts = {key: sql.Identifier(value) for key, value in names.items()}
    cursor.execute(sql.SQL(words).format(schema=SCHEMA, **parts))


def _make(cursor: Any, roles: Roles, name: str, new_password: bool, given: str | None) -> None:
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
    known = cursor.fetchone() is not None
    verb = sql.SQL("ALTER ROLE {} WITH {}" if known else "CREATE ROLE {} WITH {}")
    cursor.execute(verb.format(sql.Identifier(name), MAY_NOTHING))
    if given is None and (new_password or not known):
        given = roles.passwords[name] = secrets.token_urlsafe(32)
    if given is not None:
        # A statement takes no parameters here, and may end in a log: the server gets what proves the password only.
        server = cursor.connection.pgconn
        proof = server.encrypt_password(given.encode(), name.encode(), b"scram-sha-256").decode()
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(proof)))


def _own(cursor: Any, roles: Roles) -> None:
    cursor.execute(_OWNED)
    for kind, name in cursor.fetchall():
        _say(cursor, f"ALTER {_KINDS[kind]} {{schema}}.{{name}} OWNER TO {{owner}}", name=name, owner=roles.migrate)
    cursor.execute(_FUNCTIONS)
    for (signature,) in cursor.fetchall():
        change = sql.SQL("ALTER FUNCTION {} OWNER TO {}")
        cursor.execute(change.format(sql.SQL(signature), sql.Identifier(roles.migrate)))


def _close(cursor: Any, roles: Roles) -> None:
    """Take everything from everybody but the owner, for what is there and for what will be."""
    cursor.execute("SELECT current_database()")
    database = cursor.fetchone()[0]
    _say(cursor, "REVOKE ALL ON DATABASE {database} FROM PUBLIC", database=database)
    _say(cursor, "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC")
    _say(cursor, "GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {database} TO {m}", database=database, m=roles.migrate)
    _say(cursor, "GRANT CREATE, USAGE ON SCHEMA {schema} TO {m}", m=roles.migrate)
    for name in (roles.app, roles.audit):
        _say(cursor, "REVOKE ALL ON DATABASE {database} FROM {name}", database=database, name=name)
        _say(cursor, "GRANT CONNECT ON DATABASE {database} TO {name}", database=database, name=name)
        _say(cursor, "GRANT USAGE ON SCHEMA {schema} TO {name}", name=name)
    _shut(cursor, roles)


def _shut(cursor: Any, roles: Roles) -> None:
    for name in (roles.app, roles.audit):
        for things in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            _say(cursor, f"REVOKE ALL ON ALL {things} IN SCHEMA {{schema}} FROM {{name}}", name=name)


def _promise(cursor: Any, roles: Roles) -> None:
    """The app reads and writes the rows of tables that are still to come."""
    later = "ALTER DEFAULT PRIVILEGES FOR ROLE {migrate} IN SCHEMA {schema} GRANT"
    _say(cursor, f"{later} {ROWS} ON TABLES TO {{app}}", app=roles.app, migrate=roles.migrate)
    _say(cursor, f"{later} {COUNTERS} ON SEQUENCES TO {{app}}", app=roles.app, migrate=roles.migrate)


def _open(cursor: Any, roles: Roles) -> None:
    app, audit = roles.app, roles.audit
    _say(cursor, f"GRANT {ROWS} ON ALL TABLES IN SCHEMA {{schema}} TO {{app}}", app=app)
    _say(cursor, f"GRANT {COUNTERS} ON ALL SEQUENCES IN SCHEMA {{schema}} TO {{app}}", app=app)
    there = _tables(cursor)
    for table, rights in LESS.items():
        if table in there:
            _say(cursor, "REVOKE ALL ON {schema}.{table} FROM {app}", table=table, app=app)
            _say(cursor, f"GRANT {rights} ON {{schema}}.{{table}} TO {{app}}", table=table, app=app)
    for table in AUDIT:
        if table in there:
            _say(cursor, "GRANT SELECT ON {schema}.{table} TO {audit}", table=table, audit=audit)
    cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [LET_GO])
    if cursor.fetchone()[0]:
        _say(cursor, f"GRANT EXECUTE ON FUNCTION {LET_GO} TO {{app}}", app=app)


def _tables(cursor: Any) -> set[str]:
    cursor.execute(_OWNED)
    return {name for _, name in cursor.fetchall()}
