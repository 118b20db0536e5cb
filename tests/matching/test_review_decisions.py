"""A coordinator's decision binds nobody for ten minutes, and is carried out once by the clock."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Coordinator, Profile, Sponsor, User
from accounts.models.audit import pseudonym
from matching.actions import decisions, outbox, requests
from matching.actions.errors import NotAllowed, TooLate
from matching.models import Offer, OutboxMessage, Pairing, ReviewDecision, Verdict
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def offer(ana: User, rosa: User, bea: User) -> Offer:
    made = office.in_review(ana, rosa)
    OutboxMessage.objects.all().delete()
    return made


def test_until_it_is_carried_out_nobody_is_told_and_nothing_is_shown(offer: Offer, ana: User, bea: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    clock.move_on(TEN_MINUTES - timedelta(seconds=5))
    assert decisions.carry_out_decisions() == 0
    assert not Pairing.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert "+1 555" not in signed_in(ana).get(reverse("home")).content.decode()


def test_then_the_two_are_paired_and_told(offer: Offer, bea: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    clock.move_on(TEN_MINUTES)
    assert decisions.carry_out_decisions() == 1
    assert Pairing.objects.get().offer_id == offer.pk
    assert OutboxMessage.objects.filter(topic="paired").count() == 2
    assert decisions.carry_out_decisions() == 0
    assert AuditEntry.objects.get(verb="offer.approved").actor == pseudonym(bea.pk)


def test_what_is_taken_back_never_happens_and_can_be_decided_anew(offer: Offer, bea: User) -> None:
    decisions.decide(offer, Verdict.REJECT, by=bea, reason="other")
    decisions.take_back(offer, by=bea)
    clock.move_on(2 * TEN_MINUTES)
    assert decisions.carry_out_decisions() == 0
    assert not OutboxMessage.objects.exists()
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    clock.move_on(TEN_MINUTES)
    assert decisions.carry_out_decisions() == 1
    with pytest.raises(TooLate):
        decisions.take_back(offer, by=bea)


def test_another_coordinator_may_take_it_back_and_nobody_else(offer: Offer, bea: User, rosa: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    for somebody in (rosa, factories.coordinator(factories.intergroup("hillside"))):
        with pytest.raises(NotAllowed):
            decisions.take_back(offer, by=somebody)
    decisions.take_back(offer, by=factories.coordinator(first_name="Dora"))
    assert not ReviewDecision.objects.exists()


def test_two_decisions_are_one(offer: Offer, bea: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    with pytest.raises(TooLate):
        decisions.decide(offer, Verdict.REJECT, by=factories.coordinator(first_name="Dora"), reason="other")


def test_a_rule_that_breaks_meanwhile_brings_it_back_to_the_coordinator(offer: Offer, bea: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    Profile.objects.filter(pk=offer.sponsor_id).update(languages=["fr"])
    clock.move_on(TEN_MINUTES)
    assert decisions.carry_out_decisions() == 0
    offer.refresh_from_db()
    assert offer.state == OfferState.IN_REVIEW
    assert not ReviewDecision.objects.exists()
    assert OutboxMessage.objects.get().topic == "review_waiting"
    assert "Ana L." in office.page(signed_in(bea), reverse("coordinate"), kind="review")


def test_who_withdraws_meanwhile_is_not_paired(offer: Offer, ana: User, bea: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    requests.withdraw_request(offer.request, by=ana)
    clock.move_on(TEN_MINUTES)
    assert decisions.carry_out_decisions() == 0
    assert not Pairing.objects.exists()
    assert Sponsor.objects.get(pk=offer.sponsor_id).seats_taken == 0


def test_a_coordinator_whose_term_ended_meanwhile_decides_nothing(offer: Offer, bea: User) -> None:
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    Coordinator.objects.filter(user=bea).update(ends_on=factories.today() - timedelta(days=2))
    clock.move_on(TEN_MINUTES)
    assert decisions.carry_out_decisions() == 0
    assert not Pairing.objects.exists()
    assert not ReviewDecision.objects.exists()


def test_the_queue_lists_what_can_be_taken_back_apart(offer: Offer, bea: User) -> None:
    desk: Client = signed_in(bea)
    desk.post(reverse("review_approve", args=[offer.pk]))
    text = office.page(desk, reverse("coordinate"))
    row = re.sub(r"<[^>]+>|\s+", " ", text[text.index('id="decided"') :]).split("Take it back")[0]
    assert "Ana L. and Rosa M." in " ".join(row.split())
    assert "Approved" in row
    assert "Nothing waits here" in text
    text = office.page(desk, reverse("review", args=[offer.pk]))
    assert "Take it back" in text
    assert "Approve</button>" not in text
    answer = desk.post(reverse("review_take_back", args=[offer.pk]), follow=True)
    assert "Taken back. Nobody was told." in answer.content.decode()
    assert "Ana L." in office.page(desk, reverse("coordinate"), kind="review")


def test_reviews_lead_to_each_other(bea: User) -> None:
    first, second, third = (office.in_review() for _ in range(3))
    desk = signed_in(bea)
    text = office.page(desk, reverse("review", args=[second.pk]))
    assert f'{reverse("review", args=[first.pk])}" data-key="k"' in text
    assert f'{reverse("review", args=[third.pk])}" data-key="j"' in text
    assert 'data-key="k"' not in office.page(desk, reverse("review", args=[first.pk]))


@pytest.mark.django_db(transaction=True)
def test_many_ticks_at_once_carry_it_out_once() -> None:
    bea, offer = factories.coordinator(), office.in_review()
    decisions.decide(offer, Verdict.APPROVE, by=bea)
    clock.move_on(TEN_MINUTES)
    ticks, done = 8, []
    barrier = Barrier(ticks)

    def tick() -> None:
        barrier.wait()
        done.append(decisions.carry_out_decisions())
        connection.close()

    threads = [Thread(target=tick) for _ in range(ticks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 1
    assert Pairing.objects.count() == 1
    assert outbox.send_outbox() >= 2
