"""Whatever the policy, a simulated year keeps to the rules, the seats and the deadlines of the application."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from matching.simulate import Policy
from matching.simulate.numbers import UNMATCHED
from matching.simulate.office import Office
from matching.simulate.records import Path
from matching.states import MOVES, IllegalMove, OfferState, RequestState
from tests.simulate.moments import POLICIES, play

every_policy = pytest.mark.parametrize("policy", POLICIES, ids=lambda one: one.name)


def offer_paths(office: Office) -> Iterator[Path[OfferState]]:
    return (offer.path for request in office.requests for offer in request.offers)


@every_policy
def test_every_state_was_reached_by_allowed_moves(policy: Policy) -> None:
    office, _ = play(policy)
    walked = [one.path.steps for one in office.requests] + [one.steps for one in offer_paths(office)]
    for steps in [*walked, *(one.path.steps for one in office.pairings)]:
        assert all(after in MOVES[type(before)][before] for before, after in pairwise(steps))


def test_a_move_that_the_table_does_not_have_is_refused() -> None:
    path = Path(OfferState.SENT)
    path.go(OfferState.DECLINED)

    with pytest.raises(IllegalMove):
        path.go(OfferState.PAIRED)
    assert path.steps == [OfferState.SENT, OfferState.DECLINED]


@every_policy
def test_seats_are_never_exceeded_and_each_that_is_taken_has_a_person(policy: Policy) -> None:
    for moment in play(policy)[1]:
        for sponsor, (taken, seats) in moment.seats.items():
            assert taken == moment.people[sponsor]
            assert taken <= seats


@every_policy
def test_every_hard_rule_holds_for_each_pairing_at_the_moment_it_is_made(policy: Policy) -> None:
    verdicts = [broken for moment in play(policy)[1] for broken in moment.broken]

    assert len(verdicts) > 10
    assert set(verdicts) == {None}


@every_policy
def test_a_request_is_with_as_many_as_the_policy_says_and_with_nobody_else_while_reviewed(policy: Policy) -> None:
    for moment in play(policy)[1]:
        for request in moment.requests:
            assert len(request.held) <= policy.at_once
            assert OfferState.IN_REVIEW not in request.held or len(request.held) == 1
            assert bool(request.held) == (request.state is RequestState.OFFERED)


@every_policy
def test_no_request_goes_silent(policy: Policy) -> None:
    office, moments = play(policy)
    for moment in moments:
        for request in moment.requests:
            if request.is_live:
                assert moment.now <= request.decide_by <= request.asked_at + UNMATCHED
    assert all(one.ended_at and not one.is_live for one in office.requests)


@every_policy
def test_no_offer_outlives_its_request_or_its_deadline(policy: Policy) -> None:
    for moment in play(policy)[1]:
        for request in moment.requests:
            assert request.is_live or not request.due
            assert all(moment.now <= due for due in request.due)


@every_policy
def test_a_sponsor_who_had_their_turn_is_not_asked_again(policy: Policy) -> None:
    no = (OfferState.DECLINED, OfferState.EXPIRED, OfferState.REJECTED, OfferState.REFUSED)
    for request in play(policy)[0].requests:
        for at, offer in enumerate(request.offers):
            later = [one for one in request.offers[at + 1 :] if one.sponsor is offer.sponsor]
            assert not later or offer.path.now not in no


@every_policy
def test_a_pairing_was_reviewed_if_the_policy_says_so_and_only_then(policy: Policy) -> None:
    paired = [path.steps for path in offer_paths(play(policy)[0]) if path.now is OfferState.PAIRED]

    assert paired
    assert {steps[-2] is OfferState.IN_REVIEW for steps in paired} == {policy.review}
