"""A round comes with a proof that anybody can check, and a proof that is tampered with is refused."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Certificate, Facts, Pool, Refused, Round, check_round, match_round
from tests.engine.crowd import crowd
from tests.engine.moments import NOW
from tests.engine.plain import Office, offices
from tests.engine.strategies import MODERATE, ORDINARY

CROWD = Office(*crowd(60, 30, fellowships=2), Facts(now=NOW, monday=ORDINARY))
ROUND = match_round(CROWD.newcomers, Pool.of(CROWD.sponsors, CROWD.facts))
STRANGER = UUID(int=1 << 100)


def refuse(round_: Round, reason: str, office: Office = CROWD) -> None:
    with pytest.raises(Refused, match=reason):
        check_round(office.newcomers, office.sponsors, office.facts, round_)


def with_certificate(**changes: object) -> Round:
    return replace(ROUND, certificate=replace(ROUND.certificate, **changes))  # type: ignore[arg-type]


@MODERATE
@given(offices())
def test_every_round_is_accepted(office: Office) -> None:
    found = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    check_round(office.newcomers, office.sponsors, office.facts, found)


def test_the_round_of_a_crowd_is_accepted() -> None:
    assert ROUND.assignments
    assert ROUND.left
    check_round(CROWD.newcomers[::-1], CROWD.sponsors[::-1], CROWD.facts, ROUND)


@MODERATE
@given(offices(least=1), st.data())
def test_any_other_price_is_refused(office: Office, data: st.DataObject) -> None:
    found = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    certificate = found.certificate
    at = data.draw(st.sampled_from(office.newcomers)).id
    change = data.draw(st.integers(-(10**9), 10**9).filter(bool))
    prices = {**certificate.newcomers, at: certificate.newcomers.get(at, 0) + change}
    refuse(replace(found, certificate=replace(certificate, newcomers=prices)), "price", office)
    even = replace(certificate, newcomers=prices, bound=certificate.bound + change)
    refuse(replace(found, certificate=even), "price|bound", office)


@MODERATE
@given(offices(least=1), st.data())
def test_a_round_that_serves_one_less_is_refused(office: Office, data: st.DataObject) -> None:
    found = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    if not found.assignments:
        return
    gone = data.draw(st.sampled_from(found.assignments))
    refuse(replace(found, assignments=tuple(one for one in found.assignments if one != gone)), "not everybody", office)


def test_a_pair_less_is_refused_even_when_named_as_left() -> None:
    gone, *rest = ROUND.assignments
    eligible = sum(one.sponsor == gone.sponsor for one in rest)
    left = (*ROUND.left, replace(ROUND.left[0], newcomer=gone.newcomer, eligible=eligible, excluded={}))
    refuse(replace(ROUND, assignments=tuple(rest), left=left), "count of eligible|bound")


def test_somebody_served_twice_is_refused() -> None:
    refuse(replace(ROUND, assignments=(*ROUND.assignments, ROUND.assignments[0])), "once")


def test_a_sponsor_with_more_people_than_seats_is_refused() -> None:
    one = replace(ROUND.assignments[0], sponsor=ROUND.assignments[1].sponsor)
    crowded = tuple(replace(each, sponsor=one.sponsor) for each in ROUND.assignments)
    refuse(replace(ROUND, assignments=crowded), "more people than seats")


def test_a_stranger_is_refused() -> None:
    stranger = replace(ROUND.assignments[0], sponsor=STRANGER)
    refuse(replace(ROUND, assignments=(stranger, *ROUND.assignments[1:])), "not in the pool")


def test_a_pair_that_a_rule_excludes_is_refused() -> None:
    pair = (ROUND.assignments[0].newcomer, ROUND.assignments[0].sponsor)
    facts = replace(CROWD.facts, barred=frozenset({pair}))
    refuse(ROUND, "not eligible", replace(CROWD, facts=facts))


def test_another_score_is_refused() -> None:
    first, *rest = ROUND.assignments
    refuse(replace(ROUND, assignments=(replace(first, score=first.score + 1), *rest)), "score is not so")


def test_another_count_of_reasons_is_refused() -> None:
    first, *rest = ROUND.left
    refuse(replace(ROUND, left=(replace(first, eligible=first.eligible + 1), *rest)), "count of eligible")


def test_a_cheaper_service_is_refused() -> None:
    refuse(with_certificate(service=1000), "outweigh")


def test_another_bound_is_refused() -> None:
    refuse(with_certificate(bound=ROUND.certificate.bound + 1), "do not make the bound")


def test_a_negative_or_broken_price_is_refused() -> None:
    who = CROWD.newcomers[0].id
    refuse(with_certificate(newcomers={**ROUND.certificate.newcomers, who: -1}), "whole number")
    refuse(with_certificate(newcomers={**ROUND.certificate.newcomers, who: 1.5}), "whole number")
    refuse(with_certificate(sponsors={**ROUND.certificate.sponsors, STRANGER: 1}), "stranger")


def test_prices_of_nothing_are_refused() -> None:
    nothing = Certificate(ROUND.certificate.service, {}, {}, 0)
    refuse(replace(ROUND, certificate=nothing), "worth more than its prices")


def test_the_prices_of_another_crowd_are_refused() -> None:
    other = replace(CROWD, sponsors=[*CROWD.sponsors, replace(CROWD.sponsors[0], id=STRANGER, seats=4, seats_taken=0)])
    refuse(ROUND, "worth more|bound|count", other)
