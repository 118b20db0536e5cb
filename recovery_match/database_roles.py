"""Three roles of the database, each with what it needs and no more.

``migrate`` owns the tables and changes them. ``app`` is for the web, the workers and beat: it reads and writes rows,
makes no table, switches no trigger off, and takes nothing out of the audit. ``audit`` reads the audit and nothing else.
"""

import secrets
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


def create_roles(prefix: str, *, new_passwords: bool = False) -> Roles:
    """Make the roles, or put their rights in order again, in one transaction; run by a superuser.

    Roles belong to the whole server, so that each site on it needs another ``prefix``.
    """
    roles = Roles(f"{prefix}_app", f"{prefix}_migrate", f"{prefix}_audit")
    with transaction.atomic(), connection.cursor() as cursor:
        for name in roles.names:
            _make(cursor, roles, name, new_passwords)
        _own(cursor, roles)
        _close(cursor, roles)
        _open(cursor, roles)
    return roles


def _say(cursor: Any, words: str, **names: str) -> None:
    parts = {key: sql.Identifier(value) for key, value in names.items()}
    cursor.execute(sql.SQL(words).format(schema=SCHEMA, **parts))


def _make(cursor: Any, roles: Roles, name: str, new_password: bool) -> None:
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
    known = cursor.fetchone() is not None
    verb = sql.SQL("ALTER ROLE {} WITH {}" if known else "CREATE ROLE {} WITH {}")
    cursor.execute(verb.format(sql.Identifier(name), MAY_NOTHING))
    if not known or new_password:
        roles.passwords[name] = secrets.token_urlsafe(32)
        # The server makes a SCRAM secret of it; a statement takes no parameters here.
        change = sql.SQL("ALTER ROLE {} PASSWORD {}")
        cursor.execute(change.format(sql.Identifier(name), sql.Literal(roles.passwords[name])))


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
        for things in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            _say(cursor, f"REVOKE ALL ON ALL {things} IN SCHEMA {{schema}} FROM {{name}}", name=name)
        _say(cursor, "REVOKE ALL ON DATABASE {database} FROM {name}", database=database, name=name)
        _say(cursor, "GRANT CONNECT ON DATABASE {database} TO {name}", database=database, name=name)
        _say(cursor, "GRANT USAGE ON SCHEMA {schema} TO {name}", name=name)


def _open(cursor: Any, roles: Roles) -> None:
    app, migrate, audit = roles.app, roles.migrate, roles.audit
    rows, counters = "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"
    _say(cursor, f"GRANT {rows} ON ALL TABLES IN SCHEMA {{schema}} TO {{app}}", app=app)
    _say(cursor, f"GRANT {counters} ON ALL SEQUENCES IN SCHEMA {{schema}} TO {{app}}", app=app)
    later = "ALTER DEFAULT PRIVILEGES FOR ROLE {migrate} IN SCHEMA {schema} GRANT"
    _say(cursor, f"{later} {rows} ON TABLES TO {{app}}", app=app, migrate=migrate)
    _say(cursor, f"{later} {counters} ON SEQUENCES TO {{app}}", app=app, migrate=migrate)
    for table, rights in LESS.items():
        _say(cursor, "REVOKE ALL ON {schema}.{table} FROM {app}", table=table, app=app)
        _say(cursor, f"GRANT {rights} ON {{schema}}.{{table}} TO {{app}}", table=table, app=app)
    _say(cursor, "GRANT EXECUTE ON FUNCTION {schema}.accounts_audit_let_go(bigint[]) TO {app}", app=app)
    for table in AUDIT:
        _say(cursor, "GRANT SELECT ON {schema}.{table} TO {audit}", table=table, audit=audit)
