"""Whom to look for: what is promised holds in a real round, and no other choice is better than is said."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, islice
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Cancelled, Facts, Person, Pool, match_round, recheck
from matching.engine.recruiting import Recruit, Recruiting, most
from matching.engine.sought import HOURS, SEATS, Sought, kinds_for, person
from tests.engine.moments import NOW
from tests.engine.plain import BARRED, Office, number
from tests.engine.strategies import MODERATE, ORDINARY, orders, perfect_pair, persons, subsets, willing

ZONE = "America/New_York"


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """More newcomers than seats, who are at ease with some, speak something and are free now and then."""
    newcomers = [
        replace(
            one,
            gender=draw(st.sampled_from(("woman", "man", ""))),
            comfortable_with=draw(subsets("woman", "man", "anyone")),
            languages=draw(subsets("en", "es")) or frozenset({"es"}),
            modes=draw(subsets("in_person", "phone")) or frozenset({"phone"}),
            needs=draw(subsets("wheelchair")),
            week=sum(HOURS[name] for name in draw(orders(*HOURS, most=2))),
            zone=ZONE,
        )
        for one in draw(st.lists(willing, min_size=1, max_size=7))
    ]
    sponsors = draw(st.lists(willing | persons, max_size=4))
    facts = Facts(now=NOW, monday=ORDINARY, barred=draw(BARRED))
    return Office(number(newcomers, 1), number([replace(one, zone=ZONE) for one in sponsors], 21), facts)


def search(office: Office) -> Recruiting:
    pool = Pool.of(office.sponsors, office.facts)
    return Recruiting(office.newcomers, pool, match_round(office.newcomers, pool), ZONE)


def found(office: Office, number: int = 4) -> list[Recruit]:
    return list(islice(iter(search(office).following, None), number))


def joined(office: Office, kinds: Iterable[Sought]) -> list[Person]:
    """Everybody who sponsors, and people of these kinds who really came."""
    return [*office.sponsors, *(person(kind, office.facts, ZONE, at) for at, kind in enumerate(kinds))]


def really_served(office: Office, kinds: Iterable[Sought]) -> int:
    return len(match_round(office.newcomers, Pool.of(joined(office, kinds), office.facts)).assignments)


def plainly_served(office: Office, kinds: Sequence[Sought]) -> int:
    """The most that can be served, each pair judged alone, seat by seat."""
    seats = [(one, at) for one in joined(office, kinds) for at in range(one.seats - one.seats_taken)]
    fits = {
        newcomer.id: [seat for seat, (one, _) in enumerate(seats) if recheck(newcomer, one, office.facts).eligible]
        for newcomer in office.newcomers
    }
    taken: dict[int, UUID] = {}

    def sits(newcomer: UUID, seen: set[int]) -> bool:
        for seat in fits[newcomer]:
            if seat not in seen:
                seen.add(seat)
                if seat not in taken or sits(taken[seat], seen):
                    taken[seat] = newcomer
                    return True
        return False

    return sum(sits(one.id, set()) for one in office.newcomers)


@MODERATE
@given(offices())
def test_what_is_promised_is_served_once_those_sponsors_have_come(office: Office) -> None:
    recruits = found(office)
    before = really_served(office, [])
    for here in range(len(recruits) + 1):
        promised = before + sum(len(one.serves) for one in recruits[:here])
        assert really_served(office, [one.sought for one in recruits[:here]]) == promised


@MODERATE
@given(offices())
def test_those_who_are_named_waited_in_vain_and_each_is_named_once(office: Office) -> None:
    recruits, pool = found(office), Pool.of(office.sponsors, office.facts)
    named = [one for recruit in recruits for one in recruit.serves]
    assert len(named) == len(set(named))
    assert set(named) <= {one.newcomer for one in match_round(office.newcomers, pool).left}
    assert all(1 <= len(one.serves) <= SEATS for one in recruits)


# Some fifty rounds an example: a fifth of the examples takes as long as all of another property.
@settings(MODERATE, max_examples=max(1, MODERATE.max_examples // 5))
@given(offices())
def test_no_choice_of_one_or_two_is_better_than_is_said(office: Office) -> None:
    recruits, before = found(office), plainly_served(office, [])
    gains = [len(one.serves) for one in recruits] + [0] * (len(recruits) < 4)
    kinds = kinds_for(office.newcomers)[:: max(1, len(kinds_for(office.newcomers)) // 9)]
    for size in (1, 2):
        best = max(
            (plainly_served(office, some) for some in combinations_with_replacement(kinds, size)), default=before
        )
        assert best - before <= most(gains, size)
        assert sum(gains[:size]) >= (1 - 1 / math.e) * (best - before)
    assert gains[:1] >= [max((plainly_served(office, [kind]) for kind in kinds), default=before) - before]


@MODERATE
@given(offices())
def test_a_search_that_is_taken_up_again_goes_on_as_it_would_have(office: Office) -> None:
    whole = found(office)
    for here in range(len(whole)):
        again = search(office)
        assert [again.add(one.sought) for one in whole[:here]] == whole[:here]
        assert again.following() == whole[here]


@MODERATE
@given(offices(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_people(office: Office, chance: Random) -> None:
    newcomers, sponsors = office.newcomers[:], office.sponsors[:]
    chance.shuffle(newcomers)
    chance.shuffle(sponsors)
    assert found(replace(office, newcomers=newcomers, sponsors=sponsors)) == found(office)


@MODERATE
@given(offices())
def test_nobody_is_asked_to_give_up_a_wish(office: Office) -> None:
    """Each kind fits somebody as they are: the rules that no weight can outvote hold for it."""
    for recruit in found(office):
        sponsor = person(recruit.sought, office.facts, ZONE)
        fits = [one for one in office.newcomers if recheck(one, sponsor, office.facts).eligible]
        assert len(fits) == recruit.fits > 0


def many(size: int) -> Office:
    """Newcomers who are all alike, and nobody to sponsor them."""
    pair = perfect_pair()
    one = replace(pair.newcomer, needs=frozenset(), week=HOURS["weekends"])
    return Office([replace(one, id=UUID(int=at + 1)) for at in range(size)], [], pair.facts)


def test_two_sponsors_are_sought_where_one_has_too_few_seats() -> None:
    recruits = found(many(3))
    kind = Sought(1, "weekends", "en", "woman", "woman")
    assert [(one.sought, len(one.serves), one.fits) for one in recruits] == [(kind, 2, 3), (kind, 1, 3)]
    assert [most([2, 1, 0], size) for size in (1, 2, 3)] == [2, 3, 3]


def test_a_seat_is_freed_for_somebody_who_can_go_nowhere_else() -> None:
    """Only Rosa can take the second, who speaks Spanish at noon; the first can move to somebody new."""
    pair = perfect_pair()
    easy = replace(pair.newcomer, needs=frozenset(), languages=frozenset({"en", "es"}))
    bound = replace(easy, id=UUID(int=9), languages=frozenset({"es"}), week=1, waiting_since=NOW)
    rosa = replace(pair.sponsor, languages=frozenset({"es"}), week=easy.week | 1, seats=1)
    (recruit,) = found(Office([easy, bound], [rosa], pair.facts))
    assert recruit.serves in ((easy.id,), (bound.id,))


def test_where_everybody_is_served_nobody_is_sought() -> None:
    pair = perfect_pair()
    assert found(Office([pair.newcomer], [pair.sponsor], pair.facts)) == []
    assert most([0], 5) == 0


def test_a_search_that_is_no_longer_wanted_ends() -> None:
    with pytest.raises(Cancelled):
        search(many(1)).following(lambda: False)
