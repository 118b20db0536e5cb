"""The outbox: what is committed is sent, once, while its facts hold and it is not too late."""

from datetime import timedelta
from time import monotonic

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.models import AuditEntry, User
from matching.actions import leases, outbox
from matching.actions.outbox import post, send_outbox
from matching.actions.pairings import end_pairing
from matching.actions.requests import withdraw_request
from matching.models import MAIL, OutboxMessage
from matching.notices import letter, write
from matching.notices.letters import mail as mail_of
from matching.states import IllegalMove, OutboxState
from tests import factories
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> User:
    return factories.newcomer()


def _only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def _lease_ran_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matching_outboxmessage SET leased_until = now() - interval '1 second'")


def test_a_message_of_a_change_that_was_rolled_back_is_never_sent(ana: User) -> None:
    with transaction.atomic():
        post("not_this_time", ana, key="one")
        transaction.set_rollback(True)
    assert send_outbox() == 0
    assert not OutboxMessage.objects.exists()


def test_the_same_occasion_posted_twice_is_one_message(ana: User) -> None:
    for _ in range(2):
        post("not_this_time", ana, key="one")
    assert (send_outbox(), send_outbox()) == (1, 0)
    assert [one.to for one in mail.outbox] == [[ana.email]]
    assert (_only().state, _only().attempts) == (OutboxState.SENT, 1)


def test_a_message_waits_for_its_moment(ana: User) -> None:
    post("not_this_time", ana, key="one", send_after=clock.now() + timedelta(hours=2))
    assert send_outbox() == 0
    clock.move_on(timedelta(hours=2, seconds=1))
    assert send_outbox() == 1


def test_a_message_past_its_grace_is_missed_and_not_sent(ana: User) -> None:
    post("not_this_time", ana, key="one", grace=timedelta(hours=3))
    clock.move_on(timedelta(hours=4))
    assert send_outbox() == 0
    assert (_only().state, _only().trouble) == (OutboxState.MISSED, "past its grace")


def test_after_a_day_without_senders_nothing_stale_goes_out() -> None:
    ana, rosa = factories.newcomer(), factories.sponsor()
    story.offered(ana, rosa)
    clock.move_on(timedelta(hours=30))
    assert send_outbox() == 0
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {OutboxState.MISSED}


def test_a_message_whose_facts_were_overtaken_is_not_sent(ana: User) -> None:
    rosa = factories.sponsor()
    offer = story.offered(ana, rosa)
    withdraw_request(offer.request, by=ana)
    assert send_outbox() == 0
    assert (_only().topic, _only().state, _only().trouble) == ("offer_sent", OutboxState.MISSED, "overtaken")


def test_nobody_is_invited_to_a_pairing_that_ended_meanwhile(ana: User) -> None:
    rosa, bea = factories.sponsor(), factories.coordinator()
    end_pairing(story.paired(ana, rosa, bea), by=rosa)
    send_outbox()
    assert [one.to for one in mail.outbox] == [[ana.email]]
    assert OutboxMessage.objects.get(state=OutboxState.SENT).topic == "pairing_ended"


def test_a_suspended_member_gets_no_mail(ana: User) -> None:
    post("not_this_time", ana, key="one")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert send_outbox() == 0
    assert _only().state == OutboxState.MISSED


def test_a_message_goes_to_the_address_the_member_has_now(ana: User) -> None:
    post("not_this_time", ana, key="one")
    User.objects.filter(pk=ana.pk).update(email="new@example.org")
    send_outbox()
    assert mail.outbox[0].to == ["new@example.org"]


def test_a_sender_that_died_before_sending_is_replaced_when_its_lease_has_run_out(ana: User) -> None:
    post("not_this_time", ana, key="one")
    assert len(leases.take()) == 1
    assert send_outbox() == 0
    _lease_ran_out()
    assert send_outbox() == 1
    assert (_only().state, _only().attempts) == (OutboxState.SENT, 2)


def test_a_second_copy_after_a_death_between_sending_and_marking_is_the_same_letter(ana: User) -> None:
    post("not_this_time", ana, key="one")
    (lease,) = leases.take()
    first = letter(lease.message)
    assert first is not None
    first.send()
    _lease_ran_out()
    send_outbox()
    assert len(mail.outbox) == 2
    assert mail.outbox[0].extra_headers["Message-ID"] == mail.outbox[1].extra_headers["Message-ID"]


def test_a_sender_that_comes_back_late_does_not_mark_what_another_took_over(ana: User) -> None:
    post("not_this_time", ana, key="one")
    (lease,) = leases.take()
    _lease_ran_out()
    leases.take()
    assert leases.end([leases.End(lease, OutboxState.FAILED, "late")]) == 0
    assert leases.mark(lease) == 0
    assert _only().state == OutboxState.LEASED


def test_a_poison_message_holds_nobody_up_and_is_set_aside_in_the_end(ana: User) -> None:
    post("no such topic", ana, key="poison")
    post("not_this_time", ana, key="sound")
    assert send_outbox() == 1
    poison = OutboxMessage.objects.get(key="poison")
    assert (poison.state, poison.trouble) == (OutboxState.WAITING, "KeyError")
    for _ in range(outbox.MOST_ATTEMPTS):
        clock.move_on(timedelta(minutes=40))
        send_outbox()
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (OutboxState.FAILED, outbox.MOST_ATTEMPTS)
    assert len(mail.outbox) == 1


def test_a_slow_mail_server_does_not_make_leases_run_out_under_the_senders_hands(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "WORK", timedelta(seconds=-1))
    post("not_this_time", ana, key="one")
    assert send_outbox() == 0
    assert (_only().state, _only().attempts) == (OutboxState.WAITING, 0)
    monkeypatch.undo()
    assert send_outbox() == 1


@pytest.mark.usefixtures("broker_gone")
def test_without_a_broker_people_go_on_and_the_tick_sends(ana: User) -> None:
    rosa, began = factories.sponsor(), monotonic()
    story.offered(ana, rosa)
    assert monotonic() - began < 3
    assert send_outbox() == 1
    assert mail.outbox[0].to == [rosa.email]


def test_many_messages_of_one_change_wake_the_senders_once(
    ana: User,
) -> None:
    with transaction.atomic():
        for number in range(5):
            post("not_this_time", ana, key=str(number))
        assert len(connection.run_on_commit) == 1
    assert send_outbox() == 5


def test_a_batch_is_read_with_few_queries_however_many_letters_it_has(ana: User) -> None:
    """By topic, not by letter; and the words that offices add, once."""
    rosa = factories.sponsor()
    offer = story.offered(ana, rosa)
    for number in range(40):
        post("offer_sent", rosa, key=f"offer {number}", offer=offer.pk)
        post("not_this_time", ana, key=f"other {number}")
    taken = leases.take()
    with CaptureQueriesContext(connection) as queries:
        written = write([lease.message for lease in taken], MAIL, mail_of)
    assert len(written) == len(taken) > 80
    assert len([one for one in queries if one["sql"].startswith("SELECT")]) == 3


def test_one_malformed_message_spoils_no_other_of_its_topic(ana: User) -> None:
    rosa = factories.sponsor()
    offer = story.offered(ana, rosa)
    post("offer_sent", rosa, key="poison", offer="no id")
    post("offer_sent", rosa, key="poison too")
    assert send_outbox() == 1
    assert mail.outbox[0].to == [rosa.email]
    troubles = dict(OutboxMessage.objects.exclude(trouble="").values_list("key", "trouble"))
    assert troubles == {"poison": "ValueError", "poison too": "KeyError"}
    assert offer.state == "sent"


def test_what_fails_is_tried_again_later_and_later_and_not_all_at_the_same_moment(ana: User) -> None:
    for number in range(20):
        post("no such topic", ana, key=str(number))
    began = clock.now()
    send_outbox()
    waits = [(due - began).total_seconds() for due in OutboxMessage.objects.values_list("send_after", flat=True)]
    assert all(44 < wait < 80 for wait in waits)
    assert max(waits) - min(waits) > 5


def test_a_mail_server_that_is_gone_counts_as_nobodys_attempt(ana: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for number in range(3):
        post("not_this_time", ana, key=str(number))
    assert send_outbox() == 0
    assert set(OutboxMessage.objects.values_list("state", "attempts", "trouble")) == {(OutboxState.WAITING, 0, "")}


def test_an_operator_has_a_message_sent_again_that_was_set_aside(ana: User) -> None:
    post("report_filed", ana, key="one")
    past = clock.now() - timedelta(days=3)
    OutboxMessage.objects.update(state=OutboxState.FAILED, attempts=6, ended_at=past, send_after=past, grace_until=past)
    client = signed_in(User.objects.create_superuser("operator@example.org"))
    chosen = {"action": "send_again", "_selected_action": [str(_only().pk)]}
    assert client.post(reverse("admin:matching_outboxmessage_changelist"), chosen).status_code == 302
    assert (_only().state, _only().attempts) == (OutboxState.WAITING, 0)
    assert AuditEntry.objects.filter(verb="message.sent_again").count() == 1
    assert send_outbox() == 1


def test_what_can_be_switched_off_keeps_its_grace_when_it_is_sent_again(ana: User) -> None:
    post("not_this_time", ana, key="one")
    past = clock.now() - timedelta(days=3)
    OutboxMessage.objects.update(state=OutboxState.FAILED, ended_at=past, send_after=past, grace_until=past)
    outbox.send_again(_only(), by=ana)
    assert send_outbox() == 0
    assert _only().state == OutboxState.MISSED


def test_nobody_has_a_message_sent_again_that_was_sent(ana: User) -> None:
    post("not_this_time", ana, key="one")
    send_outbox()
    with pytest.raises(IllegalMove):
        outbox.send_again(_only(), by=ana)


def test_a_tick_with_a_million_others_waiting_reads_the_few_that_are_due_by_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN " + leases.TAKE, [60, MAIL, 0, 100, 0])
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "Index Scan using outbox_due" in plan
