"""Publishing turns a preview into proposals, exactly and once; or it says what has changed, and does nothing."""

import signal
import subprocess
import sys
from datetime import date
from functools import partial

import pytest
from django.conf import settings

from accounts import clock
from accounts.models import AuditEntry, Bar, Coordinator, Policy, Sponsor, User
from matching import engine
from matching.actions import round_publishing
from matching.actions.errors import ChangedSince, NotAllowed, TooLate
from matching.actions.offers import accept_offer, answer_proposal
from matching.actions.requests import choose, withdraw_request
from matching.actions.reviews import approve_offer
from matching.actions.round_moves import MOST_ATTEMPTS
from matching.actions.round_planning import lay_out
from matching.actions.round_publishing import carry_out, publish_round
from matching.actions.round_ticks import tend_rounds
from matching.actions.rounds import cancel_round, plan_round, refresh_round
from matching.actions.suggestions import suggest
from matching.models import Offer, Origin, OutboxMessage, PairOutcome, Round, RoundPair
from matching.queries.round_changes import Changes, changed, changes
from matching.queries.rounds import Published, published
from matching.states import OfferState, RoundState
from tests import factories
from tests.matching.race import race
from tests.matching.round_story import again, crowd, environment, laid_out, lone_pair, preview, waits, worked_out

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


def refused(round_: Round, by: User) -> Changes:
    """What has changed, as the refusal tells; nothing was proposed, and the preview is still one."""
    before = Offer.objects.filter(origin=Origin.ROUND).count()
    with pytest.raises(ChangedSince) as told:
        publish_round(round_, by=by)
    assert Offer.objects.filter(origin=Origin.ROUND).count() == before
    assert again(round_).state == RoundState.PREVIEW
    return told.value.changes


def test_when_a_rule_has_come_between_two_nothing_is_proposed_and_the_pair_says_why(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    pair = lone_pair(round_)
    Sponsor.objects.filter(pk=pair.sponsor_id).update(paused_until=date(2999, 1, 1))
    assert refused(round_, bea) == Changes(gone=0, moved_on=0, unfit=1, weights=False)
    assert set(changed(round_, bea).values_list("pk", "outcome", "broken")) == {(pair.pk, "unfit", "paused")}
    Sponsor.objects.update(paused_until=None)
    assert publish_round(round_, by=bea) == Published(6, 0, 0), "it holds again, and is looked at again"


def test_a_block_since_the_preview_is_a_change(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    round_ = preview(bea)
    Bar.objects.create(by=ana, other=rosa, kind="block", at=clock.now())
    assert refused(round_, bea).unfit == 1
    assert RoundPair.objects.get().broken == "barred"


def test_a_request_that_has_moved_on_is_a_change(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    nina = waits(first_name="Nina")
    round_ = preview(bea)
    withdraw_request(nina.requests.get(), by=nina)
    suggest(ana.requests.get(), by=ana)
    chosen = choose(ana.requests.get(), [rosa.pk], by=ana)
    assert refused(round_, bea).moved_on == 2
    assert Offer.objects.get() == chosen
    assert set(RoundPair.objects.values_list("outcome", flat=True)) == {PairOutcome.OVERTAKEN}


def test_who_said_no_in_the_meantime_is_not_asked_again(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    round_ = preview(bea)
    Offer.objects.create(request=ana.requests.get(), sponsor=rosa, state=OfferState.REFUSED, made_at=clock.now())
    assert refused(round_, bea).moved_on == 1


def test_seats_must_suffice_for_all_pairs_together(rosa: User, bea: User) -> None:
    """Each alone would still find the one seat free."""
    for name in ("Nina", "Nora"):
        waits(first_name=name)
    round_ = preview(bea)
    Sponsor.objects.filter(pk=rosa.pk).update(seats_taken=1)
    assert refused(round_, bea).unfit == 1
    assert sorted(round_.pairs.values_list("broken", flat=True)) == ["", "seats"]


def test_other_weights_since_the_preview_are_a_change_unless_the_round_has_its_own(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    Policy.objects.update(weights={"nearness": 90})
    assert refused(round_, bea) == Changes(gone=0, moved_on=0, unfit=0, weights=True)
    all_of_its_own = {str(component): 10 for component in engine.Component}
    round_ = plan_round(factories.intergroup(), by=bea, weights=all_of_its_own)
    lay_out(round_.pk)
    worked_out(round_)
    Policy.objects.update(weights={})
    assert publish_round(round_, by=bea).proposed == 6


def test_who_began_to_wait_since_changes_nothing_of_what_was_previewed(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    waits(first_name="Nora")
    assert publish_round(round_, by=bea) == Published(6, 0, 0)


def test_a_coordinators_own_pair_is_for_another_one(rosa: User, bea: User) -> None:
    waits(bea)
    round_ = preview(bea)
    assert publish_round(round_, by=bea) == Published(0, 0, 1)
    tend_rounds()
    assert not Offer.objects.exists()
    dora = factories.coordinator(first_name="Dora")
    assert publish_round(again(round_), by=dora) == Published(1, 0, 0)


def test_a_coordinators_own_pair_that_has_changed_is_no_matter_of_theirs(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    waits(bea)
    round_ = preview(bea)
    withdraw_request(bea.requests.get(), by=bea)
    assert publish_round(round_, by=bea) == Published(1, 0, 1)
    dora = factories.coordinator(first_name="Dora")
    assert publish_round(again(round_), by=dora) == Published(1, 1, 0)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds of six pairs are large."""
    monkeypatch.setattr(round_publishing, "AT_ONE_PRESS", 5)


@pytest.mark.usefixtures("large")
def test_a_large_round_is_published_by_a_worker_and_once_by_however_many(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    assert publish_round(round_, by=bea) == Published(0, 0, 6)
    assert again(round_).state == RoundState.PREVIEW
    assert race([partial(carry_out, round_.pk)] * 3).count(True) >= 1
    assert published(round_) == Published(6, 0, 0)
    assert Offer.objects.count() == 6
    assert AuditEntry.objects.filter(verb="round.published").count() == 1


@pytest.mark.usefixtures("large")
def test_a_worker_that_finds_a_change_proposes_nothing_and_leaves_a_preview(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    publish_round(round_, by=bea)
    Sponsor.objects.filter(pk=lone_pair(round_).sponsor_id).update(has_own_sponsor=False)
    assert not carry_out(round_.pk)
    assert not Offer.objects.exists()
    assert (again(round_).state, again(round_).published_by) == (RoundState.PREVIEW, None)
    assert changes(again(round_), bea).unfit == 1
    assert not carry_out(round_.pk), "nobody wants it any more"


DIES = """
import os, signal, sys, uuid
import django
django.setup()
from matching.actions import offers
from matching.actions.round_publishing import carry_out
offers.put = lambda messages: os.kill(os.getpid(), signal.SIGKILL)
carry_out(uuid.UUID(sys.argv[1]))
"""
"""A worker that is killed when the offers are written and their notices are not."""


@pytest.mark.usefixtures("large")
def test_a_worker_that_is_killed_in_the_midst_leaves_nothing_and_another_does_it(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    publish_round(round_, by=bea)
    command = [sys.executable, "-c", DIES, str(round_.pk)]
    assert subprocess.run(command, env=environment(), cwd=settings.BASE_DIR).returncode == -signal.SIGKILL
    assert not Offer.objects.exists()
    assert again(round_).state == RoundState.PREVIEW
    tend_rounds()
    assert carry_out(round_.pk)
    assert published(round_) == Published(6, 0, 0)


@pytest.mark.usefixtures("large")
def test_what_a_worker_cannot_do_is_given_up_and_the_preview_stands(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    for end in ({"ends_on": date(2020, 2, 1)}, {}):
        Coordinator.objects.filter(user=bea).update(**{"ends_on": date(2999, 1, 1)})
        publish_round(round_, by=bea)
        Coordinator.objects.filter(user=bea).update(**end)
        if not end:
            Round.objects.update(attempts=MOST_ATTEMPTS)
        assert not carry_out(round_.pk)
        assert (again(round_).state, again(round_).published_by) == (RoundState.PREVIEW, None)
    assert not Offer.objects.exists()


def test_a_pair_that_cannot_be_read_is_a_change(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    broken = lone_pair(round_)
    broken.newcomer.profile.zone = "Mars/Olympus"
    broken.newcomer.profile.save()
    assert refused(round_, bea).unfit == 1


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
