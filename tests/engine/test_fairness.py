"""What a round does for whom can be seen in counts."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given

from matching.engine import Pool, Share, fairness, match_round
from tests.engine.moments import NOW
from tests.engine.plain import Office, offices
from tests.engine.strategies import MODERATE, perfect_pair


@MODERATE
@given(offices())
def test_every_newcomer_and_everybody_served_is_counted_once(office: Office) -> None:
    found = match_round(office.newcomers, Pool.of(office.sponsors, office.facts))
    seen = fairness(office.newcomers, office.sponsors, found, now=NOW)
    for shares in (seen.genders, seen.waiting):
        assert sum(share.asked for share in shares.values()) == len(office.newcomers)
        assert sum(share.served for share in shares.values()) == len(found.assignments)
    assert sum(people * sponsors for people, sponsors in seen.given.items()) == len(found.assignments)
    assert 0 <= seen.least_uneven <= seen.uneven <= 1000


def test_shares_lowest_score_and_spread_are_what_they_say() -> None:
    pair = perfect_pair()
    long = replace(
        pair.newcomer, id=UUID(int=7), waiting_since=NOW - timedelta(days=40), languages=frozenset({"en", "es"})
    )
    none = replace(pair.newcomer, id=UUID(int=8), waiting_since=NOW, languages=frozenset({"fr"}))
    other = replace(pair.sponsor, id=UUID(int=9), languages=frozenset({"de"}))
    newcomers, sponsors = [pair.newcomer, long, none], [pair.sponsor, other]
    found = match_round(newcomers, Pool.of(sponsors, pair.facts))
    seen = fairness(newcomers, sponsors, found, now=NOW)
    assert seen.languages == {"en": Share(2, 2), "es": Share(1, 1), "fr": Share(1, 0)}
    assert seen.waiting == {"30_days_and_more": Share(1, 1), "under_3_days": Share(1, 0), "unknown": Share(1, 1)}
    assert seen.genders == {"woman": Share(3, 2)}
    assert seen.modes == {"in_person": Share(3, 2), "phone": Share(3, 2)}
    assert seen.lowest_score == 100_000
    assert (seen.given, seen.uneven, seen.least_uneven) == ({0: 1, 2: 1}, 500, 0)


def test_a_round_of_nobody_is_even() -> None:
    pair = perfect_pair()
    seen = fairness([], [pair.sponsor], match_round([], Pool.of([pair.sponsor], pair.facts)), now=NOW)
    assert (seen.lowest_score, seen.given, seen.uneven, seen.least_uneven) == (None, {0: 1}, 0, 0)
