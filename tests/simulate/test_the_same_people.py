"""Policies are compared on the same people and the same chances."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from matching.simulate import DEFAULT_POLICIES, Policy, World, compare, year
from matching.simulate.chance import Chance
from matching.simulate.office import Office
from matching.states import OfferState
from tests.simulate.moments import play
from tests.simulate.small import BUSY, busy

USUAL, *OTHERS = DEFAULT_POLICIES


def asked(office: Office) -> list[tuple[UUID, datetime]]:
    return [(one.newcomer.id, one.asked_at) for one in office.requests]


def test_the_same_seed_gives_the_same_result() -> None:
    first, second = (compare(DEFAULT_POLICIES, assumed=BUSY, weeks=1, processes=1) for _ in range(2))

    assert first == second


def test_the_result_does_not_depend_on_how_many_years_are_played_at_a_time() -> None:
    one, two = (compare([USUAL], assumed=BUSY, weeks=1, seeds=(1, 2), processes=count) for count in (1, 2))

    assert one == two


def test_another_seed_is_another_year() -> None:
    assert busy(1).newcomers != busy(2).newcomers


def test_a_seed_can_be_played_again_by_itself() -> None:
    together = compare([USUAL], assumed=BUSY, weeks=1, seeds=(1, 2), processes=1)
    alone = compare([USUAL], assumed=BUSY, weeks=1, seeds=(2,), processes=1)

    assert together.results[0].years[1] == alone.results[0].figures


@pytest.mark.parametrize("policy", OTHERS, ids=lambda one: one.name)
def test_another_policy_sees_the_same_arrivals_and_sponsors(policy: Policy) -> None:
    usual, other = play(USUAL)[0], play(policy)[0]

    assert asked(other) == asked(usual)
    assert list(other.sponsors) == list(usual.sponsors)


def test_a_sponsor_who_said_yes_under_one_policy_does_not_say_no_under_another() -> None:
    # Where nobody pauses, nothing comes between a yes and what follows from it.
    world = World.of(1, 2, replace(BUSY, pauses=0.0))
    said: dict[tuple[int, int], set[bool]] = {}
    for policy in DEFAULT_POLICIES:
        for request in year.play(world, policy).requests:
            for offer in request.offers:
                yes = OfferState.IN_REVIEW in offer.path.steps or offer.path.now is OfferState.PAIRED
                if yes or offer.path.now is OfferState.DECLINED:
                    said.setdefault((request.number, offer.sponsor.number), set()).add(yes)

    assert len(said) > 20
    assert all(len(answers) == 1 for answers in said.values())


def test_dice_have_names_and_do_not_know_of_each_other() -> None:
    chance = Chance(1)
    chance.dice("yes", 1, 2).random()

    assert chance.dice("yes", 1, 2).random() == Chance(1).dice("yes", 1, 2).random()
    assert len({chance.dice("yes", *pair).random() for pair in ((1, 2), (2, 1), (12, 0), (1, 20))}) == 4
    assert chance.dice("yes", 1, 2).random() != Chance(2).dice("yes", 1, 2).random()
