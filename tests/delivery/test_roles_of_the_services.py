"""The services of the compose file, with real engines: each knows the role of the database that it needs, no other."""

import json
import re

import psycopg
import pytest

from tests.delivery.site import Site
from tests.ground.processes import eventually

SERVING = ("web", "worker", "beat")
ROLES = {role: f"recovery_match_{role}" for role in ("app", "migrate", "audit")}


def asked(site: Site, role: str, statement: str) -> list[tuple[object, ...]]:
    """What the database answers to a role that has its own password."""
    with psycopg.connect(site.secret(f"database_url_{role}")) as database:
        cursor = database.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_whoever_serves_members_is_connected_as_the_role_that_may_do_the_least(site: Site) -> None:
    assert site.get("/").status_code == 200
    with psycopg.connect(site.cluster.url()) as server:
        rows = server.execute(
            "SELECT usename FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert {name for (name,) in rows if name} == {ROLES["app"]}


@pytest.mark.parametrize("name", SERVING)
def test_what_a_service_is_given_opens_no_other_role(site: Site, name: str) -> None:
    """Neither in files nor in variables, and no key of backups."""
    given = [path.read_text() for path in site.own(name).iterdir() if path.is_file() and path.suffix == ""]
    given += site.environment(name).values()
    for secret in ("postgres_password", "database_url", "database_url_migrate", "database_url_audit", "backup_key"):
        assert not [value for value in given if site.secret(secret) in value]


def test_the_tables_belong_to_the_migrating_role_and_the_audit_is_closed_to_the_application(site: Site) -> None:
    owners = asked(site, "migrate", "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [(ROLES["migrate"],)]
    for statement in ("DELETE FROM accounts_auditentry", "CREATE TABLE mine (id int)", "TRUNCATE accounts_user"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(site, "app", statement)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked(site, "audit", "SELECT 1 FROM accounts_user")


def test_control_a_role_whose_rights_were_not_put_in_order_could_empty_the_audit(site: Site) -> None:
    """The negative control: what a migration has just made is open until the migrate service has done its last step."""
    asked(site, "migrate", "CREATE TABLE heads (id int)")
    try:
        asked(site, "app", "DELETE FROM heads")
    finally:
        asked(site, "migrate", "DROP TABLE heads")


def test_a_wrong_password_opens_nothing(site: Site) -> None:
    for role in ROLES:
        wrong = re.sub(":[^:@]+@", ":wrong@", site.secret(f"database_url_{role}"))
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_no_password_stands_in_the_log_of_the_database(site: Site) -> None:
    """The statements that made the roles are in it; they hold what proves a password, not the password."""
    log = site.cluster.log.read_text()
    assert log.count("PASSWORD 'SCRAM-SHA-256$") >= 3
    for role in ROLES:
        password = site.secret(f"database_url_{role}").split(":")[2].partition("@")[0]
        assert len(password) == 64
        assert password not in log


def test_a_second_start_changes_nothing(site: Site) -> None:
    """As an upgrade does it, while web, worker and beat go on."""
    before = rights(site)
    for name in ("roles", "migrate"):
        done = site.run(name)
        assert done.returncode == 0, done.stderr
    assert rights(site) == before
    assert site.healthy()


def rights(site: Site) -> list[tuple[object, ...]]:
    return asked(
        site, "migrate", "SELECT relname, relowner, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1"
    )


def test_passwords_that_are_other_secrets_now_are_set_at_the_next_start(site: Site) -> None:
    path = site.folder / "secrets" / "database_url_audit"
    path.write_text(re.sub(":[^:@]+@", f":{'n' * 40}@", path.read_text()))
    assert site.run("roles").returncode == 0
    assert asked(site, "audit", "SELECT count(*) >= 0 FROM accounts_auditentry") == [(True,)]


def test_the_whole_story_runs_as_the_application(site: Site) -> None:
    """From the request to the pairing by the application's role; the letters about it by the worker's; then the
    audit by its own role, and a backup and its restore by the role that owns the tables."""
    told = site.run("web", "python", "-m", "tests.delivery.story")
    assert told.returncode == 0, told.stderr
    people = json.loads(told.stdout)
    assert eventually(lambda: all(address in site.letters.read_text() for address in people))
    assert eventually(lambda: "The audit is whole." in site.run("audit").stdout)
    pairings = asked(site, "app", "SELECT id FROM matching_pairing ORDER BY 1")
    for verb, *more in (["backup"], ["restore", "--replace"]):
        done = site.run("migrate", "python", "manage.py", verb, str(site.folder / "backup"), *more)
        assert done.returncode == 0, done.stderr
    assert pairings
    assert asked(site, "app", "SELECT id FROM matching_pairing ORDER BY 1") == pairings
    assert eventually(site.healthy)


def test_whom_a_role_may_not_be_is_said_plainly(site: Site) -> None:
    done = site.run("web", "python", "manage.py", "create_roles")
    assert done.returncode == 1
    assert "This role may not do that" in done.stderr
