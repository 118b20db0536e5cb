"""Each part of a policy does what it says, as far as it can be proved."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from matching.simulate import Policy, Span, World, begin, play, steps
from matching.simulate.office import Office
from matching.simulate.queue import Happening
from matching.simulate.records import Sponsor
from matching.states import OfferState, RequestState
from tests.simulate.moments import POLICIES
from tests.simulate.moments import play as moments_of
from tests.simulate.small import BUSY, alone, busy

USUAL = Policy(name="usual")
HOUR = timedelta(hours=1)


def contact_after(office: Office) -> float:
    """Hours until the lone newcomer was in contact; infinite when they never were."""
    return min(((one.began_at - one.request.asked_at) / HOUR for one in office.pairings), default=math.inf)


def with_people(world: World, **assumed: object) -> World:
    return World.of(world.seed, world.weeks, replace(world.assumed, **assumed))  # type: ignore[arg-type]


@pytest.mark.parametrize("at_once", [1, 3])
def test_for_a_newcomer_alone_no_review_is_never_slower_than_a_review(at_once: int) -> None:
    faster = 0
    for seed in range(25):
        world = alone(seed)
        on, off = (
            contact_after(play(world, Policy(name="any", at_once=at_once, review=review))) for review in (True, False)
        )
        assert off <= on
        faster += off < on
    assert faster > 10


@pytest.mark.parametrize("hours", [12, 24, 72])
def test_an_offer_that_nobody_answers_runs_out_after_the_hours_of_the_policy(hours: int) -> None:
    office = begin(with_people(busy(weeks=1), never_answer=1.0), Policy(name="any", offer_hours=hours))
    sent: dict[int, timedelta] = {}
    for _ in steps(office):
        for request in office.requests:
            for offer in request.offers:
                if offer.path.now is OfferState.SENT:
                    sent.setdefault(id(offer), offer.due_at - office.now)
    assert set(sent.values()) == {hours * HOUR}
    assert not office.pairings


def test_three_offers_at_once_are_out_together_and_the_first_yes_takes_back_the_others() -> None:
    world = with_people(busy(weeks=1), willing=1.0, never_answer=0.0, yes=1.0)
    office = play(world, Policy(name="any", at_once=3))

    ends = [sorted(str(offer.path.now) for offer in one.offers) for one in office.requests if len(one.offers) == 3]
    assert ["paired", "withdrawn", "withdrawn"] in ends


def test_a_nightly_round_proposes_at_night_and_waits_for_the_newcomer() -> None:
    nightly = next(one for one in POLICIES if one.nightly)
    office, moments = moments_of(nightly)
    happened = Counter(moment.what for moment in moments)

    assert {moment.now.hour for moment in moments if moment.what is Happening.ROUND} == {3}
    assert happened[Happening.PROPOSAL_ANSWERED] > 10
    assert happened[Happening.VISITS] == 0
    assert {offer.path.steps[0] for one in office.requests for offer in one.offers} == {OfferState.PROPOSED}


def test_newcomers_who_would_take_nobody_are_held_out_to_nobody() -> None:
    office = play(with_people(busy(weeks=2), willing=0.0), USUAL)

    assert all(OfferState.SENT not in offer.path.steps for one in office.requests for offer in one.offers)
    assert {one.path.now for one in office.requests} <= {RequestState.WITHDRAWN, RequestState.CLOSED}


def test_where_there_are_no_sponsors_every_request_ends_all_the_same() -> None:
    office = play(World.of(1, 2, replace(BUSY, sponsors=0, sponsors_a_week=0)), USUAL)

    assert office.requests
    assert {one.path.now for one in office.requests} <= {RequestState.WITHDRAWN, RequestState.CLOSED}
    assert all(one.needs_coordinator for one in office.requests if one.path.now is RequestState.CLOSED)


def test_three_refusals_make_a_request_a_coordinators_task() -> None:
    office = begin(with_people(busy(weeks=1), yes=0.0, willing=1.0), USUAL)
    for _ in steps(office):
        for request in office.requests:
            assert request.needs_coordinator or request.refusals < 3 or not request.is_live


def test_a_yes_counts_as_confirming() -> None:
    world = with_people(busy(), forgets=1.0, late_days=Span(200, 200))
    office = play(world, Policy(name="any", review=False))

    # Nobody confirms by themself in these weeks, so that whoever has confirmed since joining has said yes.
    joined = {one.person.id: one.at for one in world.sponsors}
    assert office.pairings
    for pairing in office.pairings:
        confirmed_at = pairing.sponsor.person.confirmed_at
        assert confirmed_at is not None
        assert confirmed_at >= pairing.began_at > joined[pairing.sponsor.id]


def at_each_pairing(office: Office) -> Iterator[Sponsor]:
    """The sponsor of each pairing, at the moment it begins."""
    met = 0
    for _ in steps(office):
        for pairing in office.pairings[met:]:
            yield pairing.sponsor
        met = len(office.pairings)


def test_a_sponsor_who_pauses_takes_nobody_whose_offer_was_with_them_already() -> None:
    # In these three worlds eight such offers would have been answered with a yes.
    for seed in (2, 3, 4):
        world = World.of(seed, 2, replace(BUSY, arrivals_a_week=25, sponsors=10, pauses=1.0, awake=(0, 24)))
        office = begin(world, Policy(name="any", offer_hours=72, review=False))
        for sponsor in at_each_pairing(office):
            until = sponsor.person.paused_until
            assert until is None or until <= office.now.date()


def test_a_sponsor_who_leaves_the_list_while_a_review_waits_is_not_paired() -> None:
    world = World.of(1, 2, replace(BUSY, sponsors=60, sponsor_weeks=1.0, approves=1.0, desk=((6, 9, 21),)))
    office = begin(world, USUAL)

    assert all(sponsor.person.active for sponsor in at_each_pairing(office))
    assert any(offer.path.now is OfferState.REJECTED for one in office.requests for offer in one.offers)
