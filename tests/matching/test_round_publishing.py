"""Publishing turns a preview into proposals: all or nothing for each pair, once, and only what still holds."""

from functools import partial

import pytest

from accounts import clock
from accounts.models import AuditEntry, Bar, Sponsor, User
from matching.actions import rounds
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.offers import accept_offer, answer_proposal
from matching.actions.requests import choose, withdraw_request
from matching.actions.reviews import approve_offer
from matching.actions.round_ticks import tend_rounds
from matching.actions.rounds import cancel_round, publish_round, refresh_round
from matching.actions.suggestions import suggest
from matching.models import Offer, Origin, OutboxMessage, PairOutcome, RoundPair
from matching.queries.rounds import Published, published
from matching.states import OfferState, RoundState
from tests import factories
from tests.matching.race import race
from tests.matching.round_story import again, crowd, laid_out, preview, waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_newcomer_gets_a_proposal_and_the_flow_goes_on_as_ever(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    round_ = preview(bea)
    assert publish_round(round_, by=bea) == Published(proposed=1, changed=0, waiting=0)
    offer = Offer.objects.get()
    assert (offer.state, offer.origin, offer.sponsor) == (OfferState.PROPOSED, Origin.ROUND, rosa)
    assert OutboxMessage.objects.filter(topic="proposal", recipient=ana).count() == 1
    assert not OutboxMessage.objects.filter(recipient=rosa).exists()
    assert approve_offer(accept_offer(answer_proposal(offer, by=ana, yes=True), by=rosa), by=bea).sponsee == ana


def test_publishing_twice_proposes_nothing_twice(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    first = publish_round(round_, by=bea)
    assert publish_round(round_, by=bea) == first == Published(6, 0, 0)
    assert Offer.objects.count() == 6
    assert AuditEntry.objects.filter(verb="round.published").count() == 1
    assert again(round_).published_by == bea.pk


def test_two_coordinators_who_publish_at_once_propose_everything_once(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    dora = factories.coordinator(first_name="Dora")
    answers = race([partial(publish_round, round_, by=one) for one in (bea, dora) * 2])
    assert all(isinstance(one, Published) for one in answers), answers
    assert Offer.objects.count() == 6
    assert published(round_) == Published(6, 0, 0)


def test_a_pair_between_whom_a_rule_has_come_is_left_out_and_says_why(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    round_ = preview(bea)
    Sponsor.objects.update(paused_until=clock.now().date().replace(year=2999))
    assert publish_round(round_, by=bea) == Published(0, 1, 0)
    pair = RoundPair.objects.get()
    assert (pair.outcome, pair.broken, pair.offer) == (PairOutcome.UNFIT, "paused", None)
    assert not Offer.objects.exists()


def test_a_pair_that_was_blocked_since_is_left_out(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    round_ = preview(bea)
    Bar.objects.create(by=ana, other=rosa, kind="block", at=clock.now())
    publish_round(round_, by=bea)
    assert RoundPair.objects.get().broken == "barred"


def test_a_request_that_has_moved_on_is_left_alone(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    nina = waits(first_name="Nina")
    round_ = preview(bea)
    withdraw_request(nina.requests.get(), by=nina)
    suggest(ana.requests.get(), by=ana)
    chosen = choose(ana.requests.get(), [rosa.pk], by=ana)
    assert publish_round(round_, by=bea) == Published(0, 2, 0)
    assert Offer.objects.get() == chosen
    assert set(RoundPair.objects.values_list("outcome", flat=True)) == {PairOutcome.OVERTAKEN}


def test_who_said_no_in_the_meantime_is_not_asked_again(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    round_ = preview(bea)
    Offer.objects.create(request=ana.requests.get(), sponsor=rosa, state=OfferState.REFUSED, made_at=clock.now())
    assert publish_round(round_, by=bea) == Published(0, 1, 0)


def test_a_coordinators_own_pair_is_for_another_one(rosa: User, bea: User) -> None:
    waits(bea)
    round_ = preview(bea)
    assert publish_round(round_, by=bea) == Published(0, 0, 1)
    tend_rounds()
    assert not Offer.objects.exists()
    dora = factories.coordinator(first_name="Dora")
    assert publish_round(again(round_), by=dora) == Published(1, 0, 0)


def test_what_did_not_fit_into_one_press_of_the_button_is_published_by_the_tick(
    bea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd()
    round_ = preview(bea)
    with monkeypatch.context() as patch:
        patch.setattr(rounds, "WORK", -rounds.WORK)
        assert publish_round(round_, by=bea) == Published(0, 0, 6)
    tend_rounds()
    assert published(round_) == Published(6, 0, 0)


def test_one_pair_that_goes_wrong_holds_nobody_up(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    broken = round_.pairs.earliest("pk")
    broken.newcomer.profile.zone = "Mars/Olympus"
    broken.newcomer.profile.save()
    assert publish_round(round_, by=bea) == Published(5, 0, 1)


def test_only_coordinators_publish_and_only_what_is_a_preview(ana: User, bea: User) -> None:
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    round_ = laid_out(bea)
    for act in (publish_round, refresh_round):
        with pytest.raises(TooLate):
            act(round_, by=bea)
        for stranger in (ana, elsewhere):
            with pytest.raises(NotAllowed):
                act(round_, by=stranger)
    cancel_round(round_, by=bea)
    with pytest.raises(TooLate):
        publish_round(round_, by=bea)
    assert again(round_).state == RoundState.CANCELLED
