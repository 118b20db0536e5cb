"""What the privacy page says is forgotten, is forgotten; and nothing before its time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import clock
from accounts.models import AuditEntry, Sponsor, User
from matching.actions import checkins, offers, pairings, requests, retention, reviews
from matching.models import Answer, CheckIn, OutboxMessage, Pairing, ServiceEntry, SponsorRequest
from matching.states import RequestState
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    offer = requests.choose(requests.ask(ana, by=ana), [rosa.pk], by=ana)
    return reviews.approve_offer(offers.accept_offer(offer, by=rosa), by=bea)


def test_a_request_that_found_nobody_closes_after_sixty_days_and_frees_what_it_held(ana: User, rosa: User) -> None:
    request = requests.ask(ana, by=ana)
    offers.accept_offer(requests.choose(request, [rosa.pk], by=ana), by=rosa)
    clock.move_on(timedelta(days=59))
    retention.forget()
    request.refresh_from_db()
    assert request.state == RequestState.OFFERED
    clock.move_on(timedelta(days=2))
    retention.forget()
    request.refresh_from_db()
    assert request.state == RequestState.CLOSED
    assert Sponsor.objects.get(pk=rosa.pk).seats_taken == 0
    assert OutboxMessage.objects.filter(topic="request_closed", recipient=ana).count() == 1


def test_answers_go_after_ninety_days_and_the_count_stays(pairing: Pairing, ana: User, rosa: User) -> None:
    while not CheckIn.objects.filter(member=ana).exists():
        clock.move_on(timedelta(hours=1))
        checkins.remind_due()
    checkins.answer_checkin(CheckIn.objects.get(member=ana), Answer.TALKED, by=ana)
    clock.move_on(timedelta(days=80))
    retention.forget()
    assert CheckIn.objects.filter(member=ana, answer=Answer.TALKED).exists()
    clock.move_on(timedelta(days=12))
    retention.forget()
    assert not CheckIn.objects.filter(answer=Answer.TALKED).exists()
    assert ServiceEntry.objects.filter(member=rosa).count() == 1


def test_an_ended_pairing_goes_after_a_year_with_its_request(pairing: Pairing, ana: User) -> None:
    pairings.end_pairing(pairing, by=ana)
    clock.move_on(timedelta(days=364))
    retention.forget()
    assert Pairing.objects.exists()
    clock.move_on(timedelta(days=2))
    retention.forget()
    assert not Pairing.objects.exists()
    assert not SponsorRequest.objects.exists()


def test_a_living_pairing_stays_however_old(pairing: Pairing) -> None:
    clock.move_on(timedelta(days=3000))
    retention.forget()
    assert Pairing.objects.live().count() == 1


def test_the_audit_goes_after_twelve_months_and_at_no_time_before(db: None) -> None:
    ana = factories.account()
    entries = [
        AuditEntry(at=clock.now() - timedelta(days=days), verb="test", target_kind="user", target_id=str(ana.pk))
        for days in (400, 300)
    ]
    AuditEntry.objects.bulk_create(entries)
    retention.forget()
    assert [entry.pk for entry in AuditEntry.objects.filter(verb="test")] == [entries[1].pk]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry WHERE id = %s", [entries[1].pk])


def test_forgetting_twice_forgets_no_more(pairing: Pairing) -> None:
    clock.move_on(timedelta(days=100))
    retention.forget()
    before = (Pairing.objects.count(), SponsorRequest.objects.count(), AuditEntry.objects.count())
    retention.forget()
    assert before == (Pairing.objects.count(), SponsorRequest.objects.count(), AuditEntry.objects.count())
