"""A round that is kept and mended after a change is the round that would be found anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Facts, Person, Pool, Standing, book, check_round, match_round
from matching.engine import standing as standing_module
from tests.engine.crowd import crowd
from tests.engine.moments import NOW, TODAY
from tests.engine.plain import Office, bonus, offices
from tests.engine.strategies import MODERATE, ORDINARY, perfect_pair, persons, willing


def value(office: Office, served: dict[UUID, int]) -> tuple[int, int]:
    waited = sum(bonus(one, office.facts.policy) for one in office.newcomers if one.id in served)
    return len(served), sum(served.values()) + waited


def expect_a_proof(standing: Standing, office: Office) -> None:
    """The certificate proves that nothing is better, without another round to hold it against."""
    check_round(office.newcomers, office.sponsors, office.facts, standing.round())


def expect_the_best(standing: Standing, office: Office) -> None:
    found = standing.round()
    anew = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    mended, best = ({one.newcomer: one.score for one in each.assignments} for each in (found, anew))
    assert value(office, mended) == value(office, best)
    check_round(office.newcomers, office.sponsors, office.facts, found)


def after(standing: Standing, office: Office, change: str, person: Person) -> Office:
    """Tell the standing round of one change, and what the office is then."""
    newcomers = [one for one in office.newcomers if one.id != person.id]
    sponsors = [one for one in office.sponsors if one.id != person.id]
    if change == "newcomer":
        if len(newcomers) < len(office.newcomers):
            standing.leave(person.id)
            return replace(office, newcomers=newcomers)
        standing.join(person)
        return replace(office, newcomers=[*newcomers, person])
    if len(sponsors) < len(office.sponsors):
        standing.sponsor_leaves(person.id)
        return replace(office, sponsors=sponsors)
    standing.sponsor_joins(person)
    return replace(office, sponsors=[*sponsors, person])


changes = st.lists(
    st.tuples(st.sampled_from(("newcomer", "sponsor")), willing | willing | persons, st.integers(0, 9)), max_size=8
)


@MODERATE
@given(offices(), changes)
def test_a_mended_round_equals_one_that_is_found_anew(office: Office, steps: list[tuple[str, Person, int]]) -> None:
    standing = Standing(office.newcomers, Pool.of(office.sponsors, office.facts))
    for change, person, number in steps:
        first = 1 if change == "newcomer" else 21
        office = after(standing, office, change, replace(person, id=UUID(int=first + number)))
        expect_a_proof(standing, office)
    expect_the_best(standing, office)


@pytest.mark.parametrize(("newcomers", "sponsors"), [(90, 80), (120, 40), (40, 120)])
def test_a_crowd_that_comes_and_goes_is_served_as_well_as_can_be(newcomers: int, sponsors: int) -> None:
    come_and_go(*crowd(newcomers + 20, sponsors + 20, fellowships=2), times=20)


def come_and_go(asking: list[Person], offering: list[Person], *, times: int) -> None:
    """Let the first of both sides come and the next go, and expect the best after each."""
    office = Office(asking[times:], offering[times:], Facts(now=NOW, monday=ORDINARY))
    standing = Standing(office.newcomers, Pool.of(office.sponsors, office.facts))
    for come, go, give, take in zip(asking[:times], asking[times:], offering[:times], offering[times:], strict=False):
        for change, person in (("newcomer", come), ("newcomer", go), ("sponsor", give), ("sponsor", take)):
            office = after(standing, office, change, person)
        expect_the_best(standing, office)


@pytest.mark.parametrize(
    ("few", "ahead", "play", "at_once"),
    [(1, 0, 0, 1), (1, 20_000, 3_000, 3), (3, 500, 100, 4), (2, 0, 10**9, 5), (30, 10**9, 50_000, 64)],
)
def test_how_much_one_look_finds_changes_nothing(
    few: int, ahead: int, play: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "MOST_ADDED", few)
    monkeypatch.setattr(book, "AHEAD", ahead)
    monkeypatch.setattr(book, "PLAY", play)
    monkeypatch.setattr(book, "AT_ONCE", at_once)
    monkeypatch.setattr(standing_module, "AHEAD", ahead)
    monkeypatch.setattr(standing_module, "PLAY", play)
    come_and_go(*crowd(50, 40), times=10)


@pytest.mark.parametrize("seats", [15, 40])
def test_a_sponsor_with_many_seats_fills_them_all(seats: int) -> None:
    pair = perfect_pair()
    newcomers = [replace(pair.newcomer, id=UUID(int=100 + at)) for at in range(40)]
    standing = Standing(newcomers, Pool.of([], pair.facts))
    sponsor = replace(pair.sponsor, seats=seats)
    standing.sponsor_joins(sponsor)
    expect_the_best(standing, Office(newcomers, [sponsor], pair.facts))


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, seats=3),
        lambda one: replace(one, languages=frozenset({"cy"})),
        lambda one: replace(one, can_meet=frozenset({"wheelchair", "quiet"}), area=9, latitude=-40.0),
        lambda one: replace(one, experiences=("refugee",), meetings=frozenset({77})),
        lambda one: replace(one, home_group=88),
        lambda one: replace(one, paused_until=TODAY + timedelta(days=1)),
        lambda one: replace(one, comfortable_with=frozenset({"man"})),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_sponsor_who_comes_back_changed_replaces_the_one_before(
    change: Callable[[Person], Person], order: int
) -> None:
    pair = perfect_pair()
    newcomers = [replace(pair.newcomer, id=UUID(int=10 + at), languages=frozenset({"en", "cy"})) for at in range(3)]
    newcomers.append(replace(pair.newcomer, id=UUID(int=20), needs=frozenset({"wheelchair", "quiet"})))
    newcomers.append(replace(pair.newcomer, id=UUID(int=21), experiences=("refugee",), meetings=frozenset({77})))
    newcomers.append(replace(pair.newcomer, id=UUID(int=22), area=9, latitude=-40.0))
    newcomers.append(replace(pair.newcomer, id=UUID(int=23), home_group=None, meetings=frozenset({88})))
    standing = Standing(newcomers[::order], Pool.of([pair.sponsor], pair.facts))
    changed = change(pair.sponsor)
    standing.sponsor_joins(changed)
    expect_the_best(standing, Office(newcomers, [changed], pair.facts))


def test_nobody_joins_twice_and_nobody_leaves_who_is_not_there() -> None:
    pair = perfect_pair()
    standing = Standing([pair.newcomer], Pool.of([pair.sponsor], pair.facts))
    with pytest.raises(ValueError, match="twice"):
        standing.join(pair.newcomer)
    with pytest.raises(KeyError):
        standing.leave(pair.sponsor.id)
    with pytest.raises(KeyError):
        standing.sponsor_leaves(pair.newcomer.id)
