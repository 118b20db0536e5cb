"""The counters of messages: exact whoever writes, in the same transaction, and never smaller than before."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import F

from accounts import clock
from accounts.models import User
from matching.actions import leases, retention, tallies
from matching.actions.leases import End
from matching.actions.outbox import post, send_again, send_outbox
from matching.models import LATENESS, OutboxMessage, Tally
from matching.queries import works
from matching.states import OutboxState
from tests import factories
from tests.matching.race import race

pytestmark = pytest.mark.django_db

Sums = dict[tuple[str, str], int]


def due(member: User, key: str, topic: str = "not_this_time", *, ago: float = 20) -> None:
    """Post a message that was due so many seconds ago: a test's transaction began before its posts."""
    post(topic, member, key=key, send_after=clock.now() - timedelta(seconds=ago))


def sums() -> Sums:
    found: Counter[tuple[str, str]] = Counter()
    for one in works.tallies():
        found[str(one.kind), one.topic] += one.number
    return dict(found)


def test_a_letter_that_was_sent_is_counted_once_with_its_lateness(ana: User) -> None:
    due(ana, "late", ago=40)
    send_outbox()
    send_outbox()
    assert len(mail.outbox) == 1
    (one,) = works.tallies()
    assert (one.kind, one.topic, one.number, one.lately) == ("sent", "not_this_time", 1, 1)
    assert LATENESS[one.bucket] == 45
    assert 30 < one.seconds < 45


@pytest.mark.parametrize(("late", "place"), [(-60, 0), (1, 0), (1.001, 1), (60, 8), (60.001, 9), (3600, 12), (9e4, 13)])
def test_the_trigger_has_the_buckets_of_the_model_and_each_includes_its_bound(
    ana: User, late: float, place: int
) -> None:
    due = clock.now() - timedelta(hours=30)
    post("not_this_time", ana, key="one", send_after=due)
    OutboxMessage.objects.update(state=OutboxState.SENT, ended_at=due + timedelta(seconds=late))
    assert Tally.objects.get().bucket == place
    assert place == sum(bound < late for bound in LATENESS)


def test_what_was_missed_put_off_given_up_or_posted_twice_is_counted_by_topic(ana: User) -> None:
    due(ana, "old", ago=3 * 86_400)
    send_outbox()
    for key in ("poison", "poison", "poison"):
        due(ana, key, "no_such_topic")
    send_outbox()
    assert sums() == {
        ("missed", "not_this_time"): 1,
        ("duplicate", "no_such_topic"): 2,
        ("put_off", "no_such_topic"): 1,
    }


def test_what_is_given_back_untried_is_not_counted(ana: User) -> None:
    due(ana, "one")
    leases.give_back(leases.take())
    assert sums() == {}


@pytest.mark.django_db(transaction=True)
def test_what_an_operator_has_sent_again_counts_as_given_up_and_as_sent(ana: User) -> None:
    due(ana, "one")
    leases.end([End(lease, OutboxState.FAILED, "Poison") for lease in leases.take()])
    send_again(OutboxMessage.objects.get(), by=factories.account(email="operator@example.org"))
    send_outbox()
    assert sums() == {("failed", "not_this_time"): 1, ("sent", "not_this_time"): 1}


def test_a_change_that_is_taken_back_takes_its_count_with_it(ana: User) -> None:
    due(ana, "one")
    with transaction.atomic():
        leases.end([End(lease, OutboxState.SENT) for lease in leases.take()])
        due(ana, "one")
        assert sums() == {("sent", "not_this_time"): 1, ("duplicate", "not_this_time"): 1}
        transaction.set_rollback(True)
    assert sums() == {}


def test_counters_outlive_their_messages_and_fold_into_few_rows(ana: User) -> None:
    for number in range(3):
        post("not_this_time", ana, key=f"{number}", send_after=clock.now() - timedelta(hours=9))
    send_outbox()
    Tally.objects.update(backend=F("backend") + 1)
    post("not_this_time", ana, key="0", send_after=clock.now() - timedelta(hours=9))
    before = sums()
    clock.move_on(retention.MESSAGES + timedelta(days=1))
    retention.forget()
    retention.forget()
    assert not OutboxMessage.objects.exists()
    assert sums() == before == {("sent", "not_this_time"): 3, ("duplicate", "not_this_time"): 1}
    assert Tally.objects.count() == 2
    assert {one.lately for one in works.tallies()} == {0}
    assert set(Tally.objects.values_list("backend", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_five_senders_and_a_fold_at_once_lose_no_count() -> None:
    ana = factories.newcomer()
    for number in range(120):
        post("not_this_time", ana, key=f"message {number}")
    race([send_outbox] * 5 + [tallies.fold] * 2)
    tallies.fold()
    assert sums() == {("sent", "not_this_time"): 120}
    assert set(Tally.objects.values_list("backend", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_counter_that_somebody_else_holds(ana: User) -> None:
    """The control: with one row for all connections the second post would wait for the first one's commit."""

    def refused() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            post("not_this_time", ana, key="one")
            tallies.fold()

    post("not_this_time", ana, key="one")
    with transaction.atomic():
        post("not_this_time", ana, key="one")
        assert race([refused, refused]) == [None, None]
    assert sums() == {("duplicate", "not_this_time"): 3}


@pytest.mark.django_db(transaction=True)
def test_control_one_row_for_all_would_be_waited_for(ana: User) -> None:
    def naive() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            cursor.execute("UPDATE matching_tally SET number = number + 1")

    post("not_this_time", ana, key="one")
    post("not_this_time", ana, key="one")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE matching_tally SET number = number + 1")
        (found,) = race([naive])
    assert isinstance(found, Exception)
