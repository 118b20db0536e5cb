"""A round that begins with an earlier one is as good as one that is found anew."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Assignment, Certificate, Facts, Pool, Round, check_round, match_round, optimum
from tests.engine.crowd import crowd
from tests.engine.moments import NOW
from tests.engine.plain import Office, best, bonus, offices
from tests.engine.strategies import MODERATE, ORDINARY

SERVICE = 1 << 30
PRICES = st.integers(0, 200_000) | st.just(SERVICE)


def resumed(office: Office, before: Round) -> Round:
    pool = Pool.of(office.sponsors, office.facts)
    return match_round(office.newcomers, pool, service=SERVICE, before=before)


def expect_the_best(office: Office, found: Round, expected: tuple[int, int]) -> None:
    served = {one.newcomer: one.score for one in found.assignments}
    waited = sum(bonus(one, office.facts.policy, office.facts.now) for one in office.newcomers if one.id in served)
    assert (len(served), sum(served.values()) + waited) == expected
    check_round(office.newcomers, office.sponsors, office.facts, found)


@MODERATE
@given(offices(), offices())
def test_whatever_round_it_begins_with_it_ends_with_the_best(office: Office, earlier: Office) -> None:
    before = match_round(earlier.newcomers, Pool.of(earlier.sponsors, earlier.facts), service=SERVICE)
    expect_the_best(office, resumed(office, before), best(office))


@MODERATE
@given(offices(), st.data())
def test_prices_and_seats_out_of_thin_air_will_do(office: Office, data: st.DataObject) -> None:
    asking, offering = ([UUID(int=at) for at in (*range(first, first + 11), 99)] for first in (1, 21))
    pairs = data.draw(st.dictionaries(st.sampled_from(asking), st.sampled_from(offering)))
    bought, sold = (data.draw(st.dictionaries(st.sampled_from(some), PRICES)) for some in (asking, offering))
    assignments = tuple(Assignment(one, other, 0) for one, other in pairs.items())
    before = Round(assignments, (), Certificate(SERVICE, bought, sold, 0))
    expect_the_best(office, resumed(office, before), best(office))


def test_what_serving_was_worth_otherwise_is_no_beginning() -> None:
    asking, offering = crowd(20, 15)
    pool = Pool.of(offering, Facts(now=NOW, monday=ORDINARY))
    before = match_round(asking, pool, service=SERVICE)
    assert match_round(asking, pool, service=2 * SERVICE, before=before) == match_round(
        asking, pool, service=2 * SERVICE
    )


@pytest.mark.parametrize(("newcomers", "sponsors"), [(90, 80), (120, 30), (40, 120)])
@pytest.mark.parametrize("few", [2, 10])
def test_a_crowd_that_changed_is_served_as_well_as_can_be(
    newcomers: int, sponsors: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimum, "FEW_MORE", few)
    asking, offering = crowd(newcomers + 8, sponsors + 8, fellowships=2)
    facts = Facts(now=NOW, monday=ORDINARY)
    before = match_round(asking[8:], Pool.of(offering[8:], facts), service=SERVICE)
    changed = [replace(one, seats=1 + one.seats % 4) for one in offering[-20:-8]]
    office = Office(asking[:-8], [*offering[:-20], *changed], replace(facts, now=NOW + timedelta(days=2)))
    anew = match_round(office.newcomers, Pool.of(office.sponsors, office.facts), service=SERVICE)
    found = resumed(office, before)
    assert found.certificate.bound == anew.certificate.bound
    assert len(found.assignments) == len(anew.assignments)
    check_round(office.newcomers, office.sponsors, office.facts, found)
