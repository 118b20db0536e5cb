"""S15: whatever is done to the audit is noticed; what the product itself does to it is not taken for that."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import chain, clock, privacy
from accounts.actions.audit import HeadsBroken, let_go, link_audit
from accounts.models import AuditEntry, AuditHeads, AuditLink, AuditWaiting, User
from accounts.models.audit import pseudonym, record
from accounts.queries.audit import verify_audit
from matching.actions import retention
from tests.matching import story
from tests.security import tampering
from tests.security.naive_chain import NaiveChain
from tests.security.tampering import past_triggers

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = timedelta(days=366)


def write(count: int, *, offices: int = 2, days_ago: int = 0) -> None:
    """Some entries, dealt out to offices in turn."""
    at = clock.now() - timedelta(days=days_ago)
    AuditEntry.objects.bulk_create(
        AuditEntry(at=at, verb="test.done", target_kind="x", target_id=str(n), intergroup_id=n % offices or None)
        for n in range(count)
    )


def audit() -> None:
    """Two chains of several links each, and a few entries that are not linked yet."""
    write(12)
    link_audit()
    write(3)


def broken() -> list[str]:
    return verify_audit().broken


def test_what_the_product_writes_is_whole(ana: User, rosa: User, bea: User) -> None:
    """S15: also while some of it is not linked yet."""
    story.paired(ana, rosa, bea)
    found = verify_audit()
    assert found.broken == []
    assert found.waiting == AuditEntry.objects.count() > 5
    assert link_audit() == found.waiting
    after = verify_audit()
    assert (after.broken, after.waiting, after.linked) == ([], 0, found.waiting)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("deed", tampering.DEEDS, ids=lambda deed: deed.__name__)
def test_every_deed_is_noticed(deed: Callable[[Any, random.Random], None], seed: int) -> None:
    """S15: 100 % of them, and again after the tick had its turn."""
    audit()
    assert broken() == []
    with past_triggers() as cursor:
        deed(cursor, random.Random(seed))
    assert broken()
    try:
        link_audit()
    except HeadsBroken:
        assert AuditWaiting.objects.count() == 3
    assert broken()


OF_ENTRIES = [
    deed
    for deed in tampering.DEEDS
    if deed not in (tampering.take_the_heads, tampering.swap_links, tampering.forge_a_link)
]


@pytest.mark.parametrize("deed", OF_ENTRIES, ids=lambda deed: deed.__name__)
def test_control_a_chain_without_a_key_lets_the_same_deed_through(deed: Callable[[Any, random.Random], None]) -> None:
    """The negative control of S15 as a whole: the naive twin takes altered entries for true ones as soon as whoever
    altered them has tidied up, and the audit does not."""
    audit()
    twin = NaiveChain()
    with past_triggers() as cursor:
        deed(cursor, random.Random(1))
    twin.tidy_up()
    assert not twin.broken()
    assert broken()


def test_the_naive_twin_is_not_blind_to_what_nobody_tidied_up() -> None:
    audit()
    twin = NaiveChain()
    assert not twin.broken()
    with past_triggers() as cursor:
        tampering.alter(cursor, random.Random(1))
    assert twin.broken()


@pytest.mark.parametrize("column", sorted(tampering.COLUMNS))
def test_no_column_of_an_entry_can_be_changed(column: str) -> None:
    audit()
    for entry in (AuditLink.objects.order_by("pk")[4].entry, AuditWaiting.objects.order_by("pk")[1].entry):
        with past_triggers() as cursor:
            cursor.execute(
                f"UPDATE accounts_auditentry SET {column} = {tampering.COLUMNS[column]} WHERE id = %s", [entry]
            )
        assert any(f"Entry {entry}" in one or f"entry {entry} " in one for one in broken())


def test_control_whoever_has_the_key_can_prove_what_was_never_written() -> None:
    """The negative control of S15: it is the key that tells, and no habit of the tables."""
    write(3)
    entry = AuditEntry.objects.earliest("pk")
    entry.verb = "test.forged"
    forged = "UPDATE accounts_auditentry SET verb = 'test.forged', proof = %s WHERE id = %s"
    for key, noticed in (("another key", True), (django_settings.LOOKUP_KEY, False)):
        with past_triggers() as cursor:
            cursor.execute(forged, [chain.prove(key, entry.as_read()), entry.pk])
        assert bool(broken()) is noticed


def test_chains_that_were_put_back_to_an_earlier_state_are_noticed_by_the_anchor(tmp_path: Path) -> None:
    """S15: old heads are genuine, so only what is kept elsewhere tells that there was more."""
    anchor = tmp_path / "anchor"
    audit()
    old = AuditHeads.objects.get()
    kept = {link.entry for link in AuditLink.objects.all()}
    link_audit()
    write(4)
    link_audit()
    verified("--anchor", str(anchor))
    with past_triggers() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry WHERE id <> ALL (%s)", [list(kept)])
        cursor.execute("DELETE FROM accounts_auditlink WHERE entry <> ALL (%s)", [list(kept)])
        cursor.execute("UPDATE accounts_auditheads SET chains = %s", [json.dumps(old.chains)])
        cursor.execute("UPDATE accounts_auditheads SET proof = %s", [bytes(old.proof)])
    assert broken() == []
    with pytest.raises(CommandError, match="The audit is broken"):
        verified("--anchor", str(anchor))


def test_an_anchor_outlives_retention(tmp_path: Path) -> None:
    anchor = tmp_path / "anchor"
    write(6, days_ago=400)
    link_audit()
    verified("--anchor", str(anchor))
    assert let_go(clock.now() - YEAR) == 6
    write(4)
    link_audit()
    assert "4 entries in 2 chains" in verified("--anchor", str(anchor))
    assert "4 entries in 2 chains" in verified("--anchor", str(anchor))


def verified(*arguments: str) -> str:
    said = StringIO()
    call_command("verify_audit", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def test_the_command_says_where_it_breaks_first_and_what_waits_since_when() -> None:
    audit()
    said = verified()
    assert "12 entries in 2 chains." in said
    assert "3 entries are not linked yet, the oldest since 20" in said
    link = AuditLink.objects.get(office=1, place=4)
    with past_triggers() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry WHERE id = %s", [link.entry])
    said_broken = StringIO()
    with pytest.raises(CommandError) as told:
        call_command("verify_audit", stdout=StringIO(), stderr=said_broken)
    assert told.value.returncode == 1
    assert said_broken.getvalue().splitlines() == [f"Chain 1 breaks at place 4: entry {link.entry} is gone."]


def test_the_command_fails_while_nobody_links() -> None:
    write(1)
    clock.move_on(timedelta(hours=2))
    with pytest.raises(CommandError, match="wait too long"):
        verified()


def test_the_chain_stays_whole_when_a_member_is_erased(ana: User, rosa: User, bea: User) -> None:
    """S15: what stays of them is a pseudonym that was never anything else."""
    story.paired(ana, rosa, bea)
    link_audit()
    pk = ana.pk
    privacy.erase(ana)
    link_audit()
    assert broken() == []
    assert AuditEntry.objects.filter(member=pk).count() > 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_auditentry e WHERE e::text LIKE %s", [f"%{pk}%"])
        assert cursor.fetchone() == (0,)


def test_a_member_is_found_by_their_id_and_read_as_a_pseudonym(ana: User) -> None:
    record(ana, "test.done", ana.profile, member=ana.pk)
    entry = AuditEntry.objects.get(actor=ana.pk, verb="test.done")
    assert (entry.actor, entry.member, entry.target_id) == (pseudonym(ana.pk), pseudonym(ana.pk), str(entry.actor))
    assert pseudonym(ana.pk) != ana.pk


def test_the_chain_stays_whole_when_retention_lets_old_entries_go() -> None:
    """S15: the heads remember where what is left begins; and the last to go takes nothing with it that is younger."""
    write(10, days_ago=400)
    write(5)
    retention.forget()
    found = verify_audit()
    assert (found.broken, found.linked, AuditEntry.objects.count()) == ([], 5, 5)
    with past_triggers() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry WHERE id = %s", [AuditLink.objects.earliest("pk").entry])
    assert broken()


def test_what_is_gone_stops_retention_from_hiding_it() -> None:
    write(10, offices=1, days_ago=400)
    link_audit()
    with past_triggers() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry WHERE id = %s", [AuditLink.objects.get(place=4).entry])
    assert let_go(clock.now() - YEAR) == 3
    assert any("place 4: entry" in one for one in broken())


def test_an_entry_that_commits_after_younger_ones_is_linked_all_the_same() -> None:
    """S15: numbers are given when entries are written, and not when they are committed."""
    with psycopg.connect(**connection.get_connection_params()) as late:
        number = late.execute(_COPY, [_true_entry()]).fetchone()
        write(3)
        assert link_audit() == 4
        assert number is not None
        assert AuditLink.objects.filter(entry__gt=number[0]).exists()
        late.commit()
    assert AuditWaiting.objects.get().entry == number[0]
    assert link_audit() == 1
    assert broken() == []


def test_control_a_mark_of_the_last_number_would_have_left_it_out() -> None:
    """The negative control: linking whatever has a higher number than the last one linked."""
    with psycopg.connect(**connection.get_connection_params()) as late:
        number = late.execute(_COPY, [_true_entry()]).fetchone()
        write(3)
        link_audit()
        late.commit()
    last = AuditLink.objects.latest("entry").entry
    assert number is not None
    assert not AuditEntry.objects.filter(pk__gt=last).exists()
    assert AuditEntry.objects.filter(pk=number[0]).exists()


# The same deed once more, with a number and a proof of its own.
_COPY = """
INSERT INTO accounts_auditentry (at, verb, target_kind, target_id, ids, proof)
SELECT at, verb, target_kind, target_id, ids, %s FROM accounts_auditentry ORDER BY id LIMIT 1 RETURNING id
"""


def _true_entry() -> bytes:
    """Write one entry, and prove the same anew, for a row of another session."""
    write(1, offices=1)
    return chain.prove(django_settings.LOOKUP_KEY, AuditEntry.objects.earliest("pk").as_read())


STEPS = st.lists(st.sampled_from(["begin", "write", "commit", "roll back", "tick", "forget", "late"]), max_size=40)


class Sessions:
    """Several sessions that write entries and end in any order, while ticks go on."""

    def __init__(self) -> None:
        self.open: list[psycopg.Connection[Any]] = []
        _true_entry()

    def step(self, name: str, dice: random.Random) -> None:
        if name == "begin" and len(self.open) < 5:
            self.open.append(psycopg.connect(**connection.get_connection_params()))
        elif name == "tick":
            link_audit(batch=2)
        elif name == "forget":
            let_go(clock.now() - YEAR)
        elif name == "late":
            write(1, days_ago=400)
        elif self.open and name == "write":
            entry = AuditEntry.objects.filter(verb="test.done", target_id="0").first()
            assert entry is not None
            proof = chain.prove(django_settings.LOOKUP_KEY, entry.as_read())
            dice.choice(self.open).execute(
                "INSERT INTO accounts_auditentry (at, verb, target_kind, target_id, ids, proof) "
                "SELECT at, verb, target_kind, target_id, ids, %s FROM accounts_auditentry WHERE id = %s",
                [proof, entry.pk],
            )
        elif self.open:
            session = self.open.pop(dice.randrange(len(self.open)))
            (session.commit if name == "commit" else session.rollback)()
            session.close()

    def end(self) -> None:
        for session in self.open:
            session.commit()
            session.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 1000))
def test_no_committed_entry_is_ever_left_out(steps: list[str], seed: int) -> None:
    """S15, over any order in which sessions write, commit, roll back, and ticks and retention come in between."""
    _empty()
    sessions, dice = Sessions(), random.Random(seed)
    for step in steps:
        sessions.step(step, dice)
        assert broken() == []
    sessions.end()
    link_audit()
    found = verify_audit()
    assert (found.broken, found.waiting) == ([], 0)
    assert set(AuditLink.objects.values_list("entry", flat=True)) == set(
        AuditEntry.objects.values_list("pk", flat=True)
    )


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_auditentry, accounts_auditlink, accounts_auditwaiting, accounts_auditheads")


def test_two_ticks_at_once_link_each_entry_once() -> None:
    write(20)
    with transaction.atomic():
        link_audit(batch=5)
        with psycopg.connect(**connection.get_connection_params()) as other:
            found = other.execute("SELECT id FROM accounts_auditheads FOR UPDATE SKIP LOCKED").fetchall()
            assert found == []
    assert verify_audit().linked == 20
    assert link_audit() == 0


def test_the_database_lets_nobody_change_a_link() -> None:
    audit()
    for deed in ("UPDATE accounts_auditlink SET place = place + 100", "DELETE FROM accounts_auditlink"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)


def test_retention_deletes_nothing_young_whoever_calls_it() -> None:
    audit()
    young = AuditLink.objects.order_by("pk")[0].entry
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_audit_let_go(%s)", [[young]])
    assert let_go(clock.now() - timedelta(days=500)) == 0
