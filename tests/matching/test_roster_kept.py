"""The kept pool answers as one read afresh, and keeps nothing that was not committed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts import clock
from accounts.models import Intergroup, Profile, Sponsor, User
from matching import engine, roster
from matching.roster import kept as keeping
from tests import factories
from tests.matching import story
from tests.matching.office import at_most
from tests.matching.readers import answers, facts, forget_the_log, fresh, kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    roster.forget_pools()


def as_read_afresh() -> list[object]:
    return answers(engine.Pool.of(list(fresh().values()), facts()))


def as_kept() -> list[object]:
    return answers(kept())


def as_kept_for_others() -> list[object]:
    """What somebody gets who asks at the same time, in this process, through another connection."""

    def ask() -> list[object]:
        try:
            return as_kept()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(ask).result(timeout=60)


def take_a_seat(sponsor: User) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(seats_taken=1)


class ChangedOurMindError(Exception):
    """Ends a transaction."""


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction, or a part of one, that is rolled back at its end."""
    try:
        with transaction.atomic():
            yield
            raise ChangedOurMindError
    except ChangedOurMindError:
        pass


@contextmanager
def unnoticed() -> Iterator[None]:
    """What is changed meanwhile is not logged; for controls, which must show a pool that is out of date."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def test_a_change_is_seen_by_whoever_asks_next(rosa: User) -> None:
    before = as_kept()
    assert before == as_read_afresh()
    take_a_seat(rosa)
    factories.sponsor(first_name="Maria")
    assert as_kept() == as_read_afresh() != before
    Profile.objects.filter(pk=rosa.pk).delete()
    assert as_kept() == as_read_afresh()


def test_each_ask_takes_one_query(rosa: User, intergroup: Intergroup) -> None:
    around = facts()
    for _ in ("everybody", "what changed"):
        with at_most(1) as queries:
            kept(intergroup, around)
        assert len(queries) == 1


def test_control_a_change_that_is_not_logged_is_not_seen_but_by_the_recheck(ana: User, rosa: User) -> None:
    request = story.asked(ana)
    before = as_kept()
    with unnoticed():
        Sponsor.objects.filter(pk=rosa.pk).update(seats_taken=2)
    assert as_kept() == before != as_read_afresh()
    assert roster.recheck(request, rosa.pk).broken is engine.Rule.SEATS


def test_in_a_transaction_one_sees_ones_own_change_and_nobody_else_does(rosa: User) -> None:
    before = as_kept()
    with transaction.atomic():
        take_a_seat(rosa)
        assert as_kept() == as_read_afresh() != before
        assert as_kept_for_others() == before
    assert as_kept() == as_kept_for_others() == as_read_afresh() != before


@pytest.mark.parametrize("kept_before", [True, False], ids=["kept before", "nothing kept"])
def test_what_is_rolled_back_never_was(kept_before: bool, rosa: User) -> None:
    before = as_read_afresh()
    if kept_before:
        kept()
    with taken_back():
        take_a_seat(rosa)
        factories.sponsor(first_name="Maria")
        assert as_kept() == as_read_afresh() != before
    assert as_kept() == as_read_afresh() == before


def test_what_is_rolled_back_to_a_savepoint_never_was(rosa: User) -> None:
    before = as_kept()
    with transaction.atomic():
        with taken_back():
            take_a_seat(rosa)
            assert as_kept() != before
        assert as_kept() == as_read_afresh() == before
        maria = factories.sponsor(first_name="Maria")
        with taken_back():
            take_a_seat(maria)
            assert as_kept() == as_read_afresh()
        after = as_kept()
        assert after == as_read_afresh() != before
    assert as_kept() == as_read_afresh() == after


def test_who_asks_before_changing_anything_does_not_hide_the_change(ana: User, rosa: User) -> None:
    """The transaction has its number when it asks, and uses it for a change only afterwards."""
    kept()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=ana.pk)
        factories.intergroup("lakeside", name="Lakeside")
        before = as_kept()
        take_a_seat(rosa)
        assert as_kept() == as_read_afresh() != before
    assert as_kept() == as_read_afresh() != before


def test_asking_in_a_transaction_that_changed_nobody_serves_those_who_ask_later(ana: User, rosa: User) -> None:
    kept()
    take_a_seat(rosa)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=ana.pk)
        kept()
    forget_the_log()
    assert as_kept() == as_read_afresh(), "what was found in the transaction is kept: nothing else tells of it now"


def test_a_transaction_that_looks_back_disturbs_nobody(rosa: User) -> None:
    """In a repeatable read the database stays as it was; others go on meanwhile."""
    before = as_kept()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert as_read_afresh() == before

        def change() -> None:
            take_a_seat(rosa)
            connection.close()

        with ThreadPoolExecutor(1) as other:
            other.submit(change).result(timeout=60)
        assert as_kept_for_others() != before
        kept()
    assert as_kept() == as_kept_for_others() == as_read_afresh() != before


def test_a_new_week_is_laid_out_anew(rosa: User) -> None:
    kept()
    clock.move_on(timedelta(days=7))
    assert as_kept() == as_read_afresh()
    clock.move_on(timedelta(days=-7))
    assert as_kept() == as_read_afresh()


def test_time_that_passes_is_counted_without_a_new_look_at_people(rosa: User) -> None:
    Sponsor.objects.filter(pk=rosa.pk).update(confirmed_at=clock.now() - timedelta(days=35))
    now = facts()
    later = engine.Facts(now=now.now + timedelta(days=1), monday=now.monday)
    assert answers(kept(around=now)) != answers(kept(around=later))


def test_tables_that_were_emptied_are_read_anew(rosa: User) -> None:
    kept()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_user CASCADE")
    assert as_kept() == as_read_afresh()
    assert fresh() == {}


def test_after_a_day_the_log_is_not_relied_on(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    before = as_kept()
    take_a_seat(rosa)
    forget_the_log()
    assert as_kept() == before
    monkeypatch.setattr(keeping, "LOG_REACHES", timedelta(0))
    assert as_kept() == as_read_afresh() != before


def test_another_log_is_not_relied_on(rosa: User) -> None:
    """As when a database was made anew under its old name."""
    before = as_kept()
    with unnoticed():
        take_a_seat(rosa)
    assert as_kept() == before
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE matching_rosterchange RENAME TO earlier_log")
        cursor.execute("CREATE TABLE matching_rosterchange (LIKE earlier_log INCLUDING ALL)")
        try:
            assert as_kept() == as_read_afresh() != before
        finally:
            cursor.execute("DROP TABLE matching_rosterchange")
            cursor.execute("ALTER TABLE earlier_log RENAME TO matching_rosterchange")


@pytest.mark.parametrize("committed", [True, False])
def test_a_row_that_cannot_be_read_does_no_harm_once_it_is_mended(committed: bool, rosa: User) -> None:
    before = as_kept()
    zones = Profile.objects.filter(pk=rosa.pk)
    with taken_back() if not committed else nullcontext():
        zones.update(zone="Mars/Olympus")
        with pytest.raises(engine.UnknownZoneError):
            kept()
    zones.update(zone="America/New_York")
    assert as_kept() == as_read_afresh() == before


def test_what_people_said_before_takes_no_room_for_long(rosa: User) -> None:
    """Such as the meetings that they named."""
    Profile.objects.filter(pk=rosa.pk).update(home_group=factories.meeting())
    for taken in range(50):
        Sponsor.objects.filter(pk=rosa.pk).update(steps_worked=taken % 12)
        pool = kept()
    assert pool.bytes_each <= 1.2 * engine.Pool.of(list(fresh().values()), facts()).bytes_each


def test_each_office_has_its_own_pool(rosa: User) -> None:
    lakeside = factories.intergroup("lakeside", name="Lakeside")
    factories.sponsor(first_name="Maria", intergroup=lakeside)
    assert answers(kept(lakeside)) == answers(engine.Pool.of(list(fresh(lakeside).values()), facts()))
    Profile.objects.filter(pk=rosa.pk).update(intergroup=lakeside)
    assert as_kept() == as_read_afresh()
    assert answers(kept(lakeside)) == answers(engine.Pool.of(list(fresh(lakeside).values()), facts()))
