"""S15: the application's own role can do its work, and nothing to the audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from psycopg import sql

from accounts import clock, privacy
from accounts.actions.audit import link_audit
from accounts.models import AuditEntry, Contact, User
from accounts.queries.audit import verify_audit
from matching.actions import checkins, outbox, retention
from matching.models import Pairing
from recovery_match.database_roles import Roles, create_roles
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def roles(db: None) -> Iterator[Roles]:
    """The roles of this test's database; afterwards everything belongs to the superuser again."""
    prefix = str(connection.settings_dict["NAME"])
    owner = str(connection.settings_dict["USER"])
    made = create_roles(prefix)
    yield made
    with connection.cursor() as cursor:
        for name in made.names:
            for words in ("REASSIGN OWNED BY {} TO {}", "DROP OWNED BY {}", "DROP ROLE {}"):
                named = [sql.Identifier(one) for one in (name, owner)[: words.count("{}")]]
                cursor.execute(sql.SQL(words).format(*named))
        cursor.execute(sql.SQL("GRANT ALL ON DATABASE {} TO PUBLIC").format(sql.Identifier(prefix)))
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


@contextmanager
def as_role(name: str) -> Iterator[None]:
    """Within this, Django is connected as somebody else."""
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


def refused(statement: str) -> bool:
    """Whether the database says that this role may not do that."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


FORBIDDEN = [
    "UPDATE accounts_auditentry SET verb = 'x'",
    "DELETE FROM accounts_auditentry",
    "TRUNCATE accounts_auditentry",
    "UPDATE accounts_auditlink SET place = 1",
    "DELETE FROM accounts_auditlink",
    "TRUNCATE accounts_auditlink",
    "DELETE FROM accounts_auditheads",
    "DELETE FROM accounts_erasure",
    "ALTER TABLE accounts_auditentry DISABLE TRIGGER USER",
    "ALTER TABLE matching_pairing DISABLE TRIGGER USER",
    "SET LOCAL session_replication_role = replica",
    "DROP TRIGGER accounts_audit_append_only ON accounts_auditentry",
    "CREATE OR REPLACE FUNCTION accounts_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE accounts_auditentry (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE accounts_user ADD COLUMN x int",
    "DROP TABLE accounts_bar",
    "CREATE ROLE mine",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('accounts', 'x', now())",
    "COPY accounts_user TO PROGRAM 'cat'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_is_refused(statement: str, roles: Roles) -> None:
    """S15 by the database's own roles, each with its control: a superuser is not refused."""
    with as_role(roles.app):
        assert refused(statement)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_control_the_superuser_of_before_could_do_all_of_it(statement: str, db: None) -> None:
    """The negative control: without the roles nothing but the triggers refuses."""
    assert not refused(statement)


def test_the_main_flow_runs_as_the_application(ana: User, rosa: User, bea: User, roles: Roles) -> None:
    """From the request to the pairing, its question, its messages, its pages, retention, an erasure and the audit."""
    with as_role(roles.app):
        story.paired(ana, rosa, bea)
        story.due_now()
        checkins.remind_due()
        outbox.send_outbox()
        assert signed_in(ana).get("/home/", follow=True).status_code == 200
        assert Client().get("/").status_code == 200
        link_audit()
        retention.forget()
        privacy.erase(ana)
        link_audit()
        assert verify_audit().broken == []
        assert Pairing.objects.count() == 0
        assert Contact.objects.get(pk=rosa.pk).phone


def test_retention_works_for_the_application_and_the_audit_stays_whole(roles: Roles) -> None:
    with as_role(roles.app):
        for days in (400, 1):
            AuditEntry.objects.create(
                at=clock.now() - timedelta(days=days), verb="test.done", target_kind="x", target_id="1"
            )
        retention.forget()
        assert AuditEntry.objects.count() == 1
        assert verify_audit().broken == []


def test_whoever_reads_the_audit_reads_nothing_else(ana: User, roles: Roles) -> None:
    story.asked(ana)
    link_audit()
    with as_role(roles.audit):
        call_command("verify_audit", stdout=StringIO())
        assert AuditEntry.objects.exists()
        for table in ("accounts_user", "accounts_memberkey", "accounts_erasure", "django_session"):
            assert refused(f"SELECT FROM {table}")
        assert refused("DELETE FROM accounts_auditlink")
        assert refused("INSERT INTO accounts_auditwaiting VALUES (1)")


def test_a_table_that_comes_later_is_the_applications_to_fill_and_not_to_change(roles: Roles) -> None:
    with as_role(roles.migrate), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (id bigint GENERATED BY DEFAULT AS IDENTITY, words text)")
    try:
        with as_role(roles.app), connection.cursor() as cursor:
            cursor.execute("INSERT INTO later (words) VALUES ('x')")
            cursor.execute("UPDATE later SET words = 'y'")
            assert refused("ALTER TABLE later ADD COLUMN more int")
            assert refused("TRUNCATE later")
        with as_role(roles.audit):
            assert refused("SELECT FROM later")
    finally:
        with as_role(roles.migrate), connection.cursor() as cursor:
            cursor.execute("DROP TABLE later")


def test_the_migrating_role_migrates_and_may_do_nothing_to_others(roles: Roles) -> None:
    with as_role(roles.migrate):
        call_command("migrate", "accounts", "0016", verbosity=0)
        call_command("migrate", verbosity=0)
        assert refused("CREATE ROLE mine")


def test_the_command_may_run_again_and_keeps_the_passwords(tmp_path: Path, roles: Roles) -> None:
    def said(*arguments: str) -> str:
        out = StringIO()
        call_command("create_roles", *arguments, stdout=out)
        return out.getvalue()

    again = said()
    assert "keep their passwords" in again
    assert "DATABASE_URL" not in again
    new = said("--new-passwords", "--into", str(tmp_path))
    for use in ("app", "migrate", "audit"):
        file = tmp_path / f"database_url_{use}"
        assert f"DATABASE_URL_FILE={file}" in new
        assert file.stat().st_mode & 0o077 == 0
        name, _, rest = file.read_text().removeprefix("postgresql://").partition(":")
        assert name == getattr(roles, use)
        assert len(rest.partition("@")[0]) >= 40
        assert rest.partition("@")[0] not in new
    with as_role(roles.app):
        assert refused("UPDATE accounts_auditentry SET verb = 'x'")


def test_who_may_not_make_roles_is_told_so(roles: Roles) -> None:
    with as_role(roles.app), pytest.raises(CommandError, match="may not do that"):
        call_command("create_roles", "--prefix", "other", stdout=StringIO())
