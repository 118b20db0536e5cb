"""S16: a backup is read by nobody without its key; who was erased stays erased, whatever is restored."""

import os
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql
from pytest_django.fixtures import Settings

from accounts import privacy
from accounts.actions.audit import link_audit
from accounts.actions.keys import renew
from accounts.crypto import KeyDestroyed
from accounts.models import AuditEntry, Contact, MemberKey, Profile, Sponsor, User
from accounts.models.member_key import forget_keys
from accounts.queries.audit import verify_audit
from matching.models import Offer, OutboxMessage, Pairing
from recovery_match.backup import load
from recovery_match.backup.sealed_file import FORM, PIECE, BadBackup, SealedWriter, opened
from tests import factories
from tests.matching import story
from tests.security import snapshot, tampering

pytestmark = pytest.mark.django_db(transaction=True)

NAME, PHONE, MAIL, NOTE, AREA = "Canaria", "+1 555 019 7777", "canary@example.org", "canary note", "canary-hint"
CANARIES = [NAME, PHONE, MAIL, NOTE, AREA]
SECRET = "a key of backups, for tests alone, long enough"


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> Iterator[None]:
    settings.BACKUP_KEY = SECRET
    forget_keys()
    yield
    forget_keys()


@pytest.fixture
def carla(rosa: User) -> User:
    """A member with a canary in every place for words of her own; she sponsors, and said something to Ana."""
    carla = factories.sponsor(first_name=NAME, user=factories.account(email=MAIL))
    contact = Contact.objects.get(pk=carla.pk)
    contact.phone, contact.email, contact.hint = PHONE, MAIL, AREA
    contact.save()
    TOTP.activate(carla, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return carla


def told(name: str, *arguments: str | Path) -> str:
    said = StringIO()
    call_command(name, *map(str, arguments), stdout=said, stderr=said)
    return said.getvalue()


def erase(member: User) -> None:
    """Erase, and leave the test its instance with the id."""
    privacy.erase(User.objects.get(pk=member.pk))


def readable(words: list[str]) -> list[tuple[str, str]]:
    """Where any of the words can be read: in the text of every column of every table, bytes as text too, and in what
    the keys that are here open."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(sql.SQL("SELECT row::text FROM {} AS row").format(sql.Identifier(table)))
            rows = "\n".join(row for (row,) in cursor.fetchall())
            found += [(table, word) for word in words if word in rows or word.encode().hex() in rows]
    said = [word for one in Contact.objects.all() for word in (one.phone, one.email, one.hint)]
    said += [offer.note for offer in Offer.objects.all()]
    return found + [("opened", word) for word in words if any(word in one for one in said)]


def paired_with(carla: User, ana: User, bea: User) -> Pairing:
    pairing = story.paired(ana, carla, bea)
    offer = pairing.offer
    offer.note = NOTE
    offer.save(update_fields=["note"])
    return pairing


def test_a_backup_brings_everything_back(tmp_path: Path, ana: User, rosa: User, bea: User) -> None:
    story.paired(ana, rosa, bea)
    link_audit()
    before = snapshot.take()
    told("backup", tmp_path / "one")
    erase(rosa)
    factories.newcomer()
    # As if the erasure had not been: what a list of erasures does is another test's.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_erasure")
    said = told("restore", tmp_path / "one", "--replace")
    assert "Erased again: 0 members." in said
    changed = snapshot.differences(before, snapshot.take())
    assert set(changed) <= {"matching_rosterchange"}
    assert verify_audit().broken == []
    assert Contact.objects.get(pk=rosa.pk).phone == "+1 555 010 0001"
    # Numbers go on behind those that were given.
    link_audit()
    factories.newcomer()
    record = AuditEntry.objects.create(at=ana.date_joined, verb="test.done", target_kind="x", target_id="1")
    assert record.pk == max(AuditEntry.objects.values_list("pk", flat=True))


def test_whoever_was_erased_since_is_erased_again(
    tmp_path: Path, carla: User, ana: User, bea: User, rosa: User
) -> None:
    """S16: nothing of hers can be read anywhere; everybody else's data can, and her pairing ended as it should."""
    paired_with(carla, ana, bea)
    told("backup", tmp_path / "old")
    assert {word for _, word in readable(CANARIES)} == set(CANARIES)
    erase(carla)
    assert readable(CANARIES) == []
    told("backup", tmp_path / "new")
    said = told("restore", tmp_path / "old", "--replace")
    assert "Erased again: 1 members." in said
    assert readable(CANARIES) == []
    for file in tmp_path.iterdir():
        assert not [word for word in CANARIES if word.encode() in file.read_bytes()]
    assert not Pairing.objects.live().exists()
    assert OutboxMessage.objects.filter(topic="pairing_ended", recipient=ana).count() == 1
    assert Contact.objects.get(pk=ana.pk).phone == Contact.objects.get(pk=rosa.pk).phone == "+1 555 010 0001"
    assert Profile.objects.get(pk=ana.pk).first_name == "Ana"
    link_audit()
    assert verify_audit().broken == []


def test_control_without_the_list_she_would_be_back(
    tmp_path: Path, carla: User, ana: User, bea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of S16: only what she sealed stays shut, for her key is in no file any more."""
    paired_with(carla, ana, bea)
    told("backup", tmp_path / "old")
    erase(carla)
    told("backup", tmp_path / "new")
    monkeypatch.setattr(load, "_erase_again", lambda: 0)
    told("restore", tmp_path / "old", "--replace")
    assert Profile.objects.filter(first_name=NAME).exists()
    assert User.objects.filter(email=MAIL).exists()
    assert not MemberKey.objects.filter(member=carla.pk).exists()
    with pytest.raises(KeyDestroyed):
        _ = Contact.objects.get(pk=carla.pk).phone


def test_control_with_the_old_keys_her_words_would_open(
    tmp_path: Path, carla: User, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other half of the control: were keys kept in each backup, erasing them would have been in vain."""
    told("backup", tmp_path / "old", "--keys", tmp_path / "keys-of-then")
    erase(carla)
    monkeypatch.setattr(load, "_erase_again", lambda: 0)
    told("restore", tmp_path / "old", "--keys", tmp_path / "keys-of-then", "--replace")
    assert Contact.objects.get(pk=carla.pk).phone == PHONE


def test_a_keys_file_older_than_the_backup_is_refused(tmp_path: Path, ana: User) -> None:
    told("backup", tmp_path / "one", "--keys", tmp_path / "old-keys")
    told("backup", tmp_path / "two")
    with pytest.raises(CommandError, match="older than the backup"):
        told("restore", tmp_path / "two", "--keys", tmp_path / "old-keys", "--replace")


def test_keys_alone_are_written_between_two_backups(tmp_path: Path, ana: User, carla: User) -> None:
    told("backup", tmp_path / "one")
    renew([ana.pk])
    erase(carla)
    told("backup", tmp_path / "one", "--keys-only")
    said = told("restore", tmp_path / "one", "--replace")
    assert "Erased again: 1 members." in said
    assert MemberKey.objects.filter(member=ana.pk).count() == 2
    assert Contact.objects.get(pk=ana.pk).phone


def test_a_database_that_holds_something_is_kept(tmp_path: Path, ana: User) -> None:
    told("backup", tmp_path / "one")
    before = snapshot.take()
    with pytest.raises(CommandError, match="not empty"):
        told("restore", tmp_path / "one")
    assert snapshot.take() == before


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "the last byte": lambda data: data[:-1],
    "half": lambda data: data[: len(data) // 2],
    "its head": lambda data: data[5:],
    "nothing, and there is more": lambda data: data + b"x",
    "another byte in the middle": lambda data: data[: len(data) // 2] + b"\x00\x01" + data[len(data) // 2 + 2 :],
    "another salt": lambda data: data[:10] + b"\x00\x01\x02\x03" + data[14:],
    "everything": lambda data: b"",
}


@pytest.mark.parametrize("what", SPOILED)
@pytest.mark.parametrize("which", ["one", "member-keys"])
def test_a_file_that_is_not_whole_is_refused_before_anything_is_replaced(
    which: str, what: str, tmp_path: Path, ana: User
) -> None:
    """S16: both files, each spoiled in many ways."""
    told("backup", tmp_path / "one")
    file = tmp_path / which
    file.write_bytes(SPOILED[what](file.read_bytes()))
    before = snapshot.take()
    with pytest.raises(CommandError, match="Nothing was changed"):
        told("restore", tmp_path / "one", "--replace")
    assert snapshot.take() == before


def test_another_key_and_the_other_kind_of_file_are_refused(tmp_path: Path, ana: User, settings: Settings) -> None:
    told("backup", tmp_path / "one")
    with pytest.raises(CommandError, match="Nothing was changed"):
        told("restore", tmp_path / "member-keys", "--keys", tmp_path / "one", "--replace")
    settings.BACKUP_KEY = "another key, as long as the first one is"
    with pytest.raises(CommandError, match="another BACKUP_KEY"):
        told("restore", tmp_path / "one", "--replace")
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="BACKUP_KEY is not set"):
        told("backup", tmp_path / "two")


def test_a_backup_whose_audit_is_broken_is_refused_unless_told_otherwise(tmp_path: Path, ana: User) -> None:
    story.asked(ana)
    link_audit()
    with tampering.past_triggers() as cursor:
        cursor.execute("UPDATE accounts_auditentry SET verb = 'test.forged'")
    told("backup", tmp_path / "one")
    User.objects.filter(pk=ana.pk).update(language="fr")
    with pytest.raises(CommandError, match="audit in this backup is broken"):
        told("restore", tmp_path / "one", "--replace")
    assert User.objects.get(pk=ana.pk).language == "fr"
    assert "breaks at place" in told("restore", tmp_path / "one", "--replace", "--despite-audit")


def test_triggers_and_links_between_tables_are_in_force_again(tmp_path: Path, ana: User) -> None:
    told("backup", tmp_path / "one")
    told("restore", tmp_path / "one", "--replace")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'")
        assert cursor.fetchone() == (0,)


@contextmanager
def empty_database() -> Iterator[None]:
    """Within this Django is connected to a database without any table."""
    place = connection.settings_dict
    before, name = place["NAME"], f"{place['NAME']}_empty"
    known = connection.get_connection_params()
    where = {key: known[key] for key in ("host", "port", "user", "password") if key in known}
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.close()
        place["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            place["NAME"] = before
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_an_empty_database_gets_its_tables_by_the_migrations(tmp_path: Path, ana: User, rosa: User) -> None:
    told("backup", tmp_path / "one")
    with empty_database():
        told("restore", tmp_path / "one")
        assert Sponsor.objects.get(pk=rosa.pk).seats == 2
        assert Contact.objects.get(pk=ana.pk).phone
        assert verify_audit().broken == []
        assert Authenticator.objects.count() == 0


def test_a_sealed_file_takes_no_more_memory_than_a_piece_or_two(tmp_path: Path) -> None:
    """S16: 64 MB that do not compress, written and read within 12 MB."""
    block = os.urandom(PIECE)
    tracemalloc.start()
    try:
        with (tmp_path / "big").open("wb") as file:
            writer = SealedWriter(file, SECRET, "main")
            for _ in range(64):
                writer.write(block)
            writer.end()
        with (tmp_path / "big").open("rb") as file:
            assert sum(map(len, opened(file, SECRET, "main"))) == 64 * PIECE
        assert tracemalloc.get_traced_memory()[1] < 12 * PIECE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_pieces_meet_at_every_size(size: int) -> None:
    data, file = os.urandom(size), BytesIO()
    writer = SealedWriter(file, SECRET, "main")
    writer.write(data)
    writer.end()
    file.seek(0)
    assert b"".join(opened(file, SECRET, "main")) == data


def test_pieces_that_were_put_elsewhere_are_refused() -> None:
    file = BytesIO()
    writer = SealedWriter(file, SECRET, "main")
    writer.write(os.urandom(4 * PIECE))
    writer.end()
    head, step = len(FORM) + 16, PIECE + 16
    whole = file.getvalue()
    first, second, rest = whole[head : head + step], whole[head + step : head + 2 * step], whole[head + 2 * step :]
    for spoiled in (second + first + rest, first + first + second + rest, first + rest, first + second):
        with pytest.raises(BadBackup):
            list(opened(BytesIO(whole[:head] + spoiled), SECRET, "main"))
