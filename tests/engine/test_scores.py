"""The parts of a score: they sum to it, keep within their weights, and only fall when a component worsens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import DEFAULT_WEIGHTS, Component, Facts, Person, Policy, Pool, Suggestion, recheck
from matching.engine.closer import PARTS, closely
from matching.engine.scoring import COMPONENTS
from tests.engine import naive
from tests.engine.moments import NOW, TODAY, date_before, days_ago
from tests.engine.strategies import MODERATE, TAGS, Pair, calm, facts, perfect_pair, persons, willing

Worsen = Callable[[Person], Person]


def judged(newcomer: Person, sponsor: Person, facts: Facts) -> Suggestion:
    suggestion = recheck(newcomer, sponsor, facts).suggestion
    assert suggestion is not None
    return suggestion


def part(component: Component, newcomer: Person, sponsor: Person, pair: Pair) -> int:
    return judged(newcomer, sponsor, pair.facts).parts[component]


def test_the_default_weights_are_a_hundred_points() -> None:
    assert sum(DEFAULT_WEIGHTS.values()) == 100


@MODERATE
@given(willing, willing, calm)
def test_parts_sum_to_the_score_and_keep_within_their_weights(newcomer: Person, sponsor: Person, facts: Facts) -> None:
    assume(recheck(newcomer, sponsor, facts).eligible)
    found = judged(newcomer, sponsor, facts)
    assert tuple(found.parts) == COMPONENTS
    assert sum(found.parts.values()) == found.score
    assert all(0 <= points <= 1000 * DEFAULT_WEIGHTS[component] for component, points in found.parts.items())


@MODERATE
@given(persons, st.lists(persons, max_size=4), facts)
def test_the_parts_agree_with_their_plain_peer(newcomer: Person, sponsors: list[Person], facts: Facts) -> None:
    """The peer's fractions are exact; the engine rounds millionths and points down."""
    pool = Pool.of(sponsors, facts)
    scored = closely(pool.ask(newcomer), pool.rows)[:, :PARTS].T
    for at, sponsor in enumerate(sponsors):
        for component, share in naive.shares(newcomer, sponsor, facts).items():
            most = 1000 * facts.policy.weight(component)
            exact, got = share * most, int(scored[COMPONENTS.index(component), at])
            assert abs(exact - got) < 2 + most / 200_000


def fewer_hours(data: st.DataObject) -> Worsen:
    # Of all subsets most leave too few hours to meet at all, and nothing to compare.
    gone = sum(1 << hour for hour in data.draw(st.sets(st.integers(0, 167), max_size=100)))
    return lambda sponsor: replace(sponsor, week=sponsor.week & ~gone)


def confirmed_earlier(data: st.DataObject) -> Worsen:
    days = data.draw(st.integers(0, 35))
    return lambda sponsor: replace(sponsor, confirmed_at=min(days_ago(days), sponsor.confirmed_at or NOW))


def answers_less(data: st.DataObject) -> Worsen:
    kept = data.draw(st.floats(0, 1))
    return lambda sponsor: replace(sponsor, answered_in_time=min(kept, sponsor.answered_in_time or 0.0))


def offers_fewer_experiences(data: st.DataObject) -> Worsen:
    kept = data.draw(st.sets(st.sampled_from(TAGS)))
    return lambda sponsor: replace(sponsor, experiences=tuple(tag for tag in sponsor.experiences if tag in kept))


def lives_farther(data: st.DataObject) -> Worsen:
    degrees = data.draw(st.floats(1, 80))
    return lambda sponsor: replace(sponsor, area=99, latitude=sponsor.latitude and sponsor.latitude + degrees)


def meets_only_remotely(_: st.DataObject) -> Worsen:
    return lambda sponsor: replace(sponsor, modes=sponsor.modes - {"in_person"})


def goes_elsewhere(_: st.DataObject) -> Worsen:
    return lambda sponsor: replace(sponsor, meetings=frozenset({98}), home_group=99)


def sponsors_more(data: st.DataObject) -> Worsen:
    taken = data.draw(st.integers(0, 3))
    return lambda sponsor: replace(sponsor, seats_taken=max(taken, sponsor.seats_taken))


def recovers_shorter(data: st.DataObject) -> Worsen:
    days = data.draw(st.integers(366, 4000))
    return lambda sponsor: replace(sponsor, recovery_since=max(date_before(days), sponsor.recovery_since or TODAY))


WORSE: dict[Component, list[Callable[[st.DataObject], Worsen]]] = {
    Component.AVAILABILITY: [fewer_hours],
    Component.ENGAGEMENT: [confirmed_earlier, answers_less],
    Component.EXPERIENCE: [offers_fewer_experiences],
    Component.NEARNESS: [lives_farther, meets_only_remotely],
    Component.HOME_GROUP: [goes_elsewhere],
    Component.FREE_SEATS: [sponsors_more],
    Component.RECOVERY: [recovers_shorter],
}


@pytest.mark.parametrize(
    ("component", "worsen"),
    [(component, one) for component, some in WORSE.items() for one in some],
    ids=lambda value: value.value if isinstance(value, Component) else value.__name__,
)
@MODERATE
@given(willing, willing, calm, st.data())
def test_a_score_never_rises_when_a_component_worsens(
    component: Component,
    worsen: Callable[[Any], Worsen],
    newcomer: Person,
    sponsor: Person,
    facts: Facts,
    data: st.DataObject,
) -> None:
    sponsor = replace(
        sponsor, latitude=sponsor.latitude and abs(sponsor.latitude), answered_in_time=sponsor.answered_in_time or 0.0
    )
    newcomer = replace(newcomer, latitude=newcomer.latitude and -abs(newcomer.latitude))
    if component == Component.HOME_GROUP:
        sponsor = replace(sponsor, home_group=sponsor.home_group or 1)
    worse = worsen(data)(sponsor)
    assume(recheck(newcomer, sponsor, facts).eligible and recheck(newcomer, worse, facts).eligible)
    before, after = judged(newcomer, sponsor, facts), judged(newcomer, worse, facts)
    changed = {one for one in Component if before.parts[one] != after.parts[one]}
    assert changed <= {component}
    assert after.score <= before.score


def test_approach_falls_from_same_to_unstated_to_different() -> None:
    pair = perfect_pair()
    points = [
        part(Component.APPROACH, pair.newcomer, replace(pair.sponsor, approach=one), pair)
        for one in ("spiritual", "", "secular")
    ]
    assert points == [8000, 4000, 0]


def test_an_earlier_rank_weighs_more() -> None:
    pair = perfect_pair()
    newcomer = replace(pair.newcomer, experiences=("parent", "veteran", "lgbtq"))
    offered: list[tuple[str, ...]] = [("parent",), ("veteran",), ("lgbtq",), ()]
    points = [part(Component.EXPERIENCE, newcomer, replace(pair.sponsor, experiences=one), pair) for one in offered]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 4
    assert points[-1] == 7500


@pytest.mark.parametrize(
    ("component", "changes"),
    [
        (Component.ENGAGEMENT, {"answered_in_time": None, "home_group": None}),
        (Component.EXPERIENCE, {"experiences": ()}),
        (Component.NEARNESS, {"area": None, "latitude": None, "longitude": None}),
        (Component.HOME_GROUP, {"home_group": None, "meetings": frozenset()}),
        (Component.APPROACH, {"approach": ""}),
    ],
)
def test_what_is_unstated_is_neutral(component: Component, changes: dict[str, Any]) -> None:
    pair = perfect_pair()
    points = part(component, pair.newcomer, replace(pair.sponsor, **changes), pair)
    confirmed_today = 8000
    half = 500 * DEFAULT_WEIGHTS[component]
    assert points == (confirmed_today + (20_000 - confirmed_today) // 2 if component == Component.ENGAGEMENT else half)


def test_remote_only_is_neutral_however_near() -> None:
    pair = perfect_pair()
    sponsor = replace(pair.sponsor, modes=frozenset({"phone"}))
    assert part(Component.NEARNESS, pair.newcomer, sponsor, pair) == 7500


def test_availability_is_full_at_five_shared_hours() -> None:
    pair = perfect_pair()
    weeks = [(1 << hours) - 1 for hours in (1, 2, 5, 9)]
    points = [
        part(Component.AVAILABILITY, replace(pair.newcomer, week=week), replace(pair.sponsor, week=week), pair)
        for week in weeks
    ]
    assert points == [4000, 8000, 20_000, 20_000]


def test_recovery_is_full_at_five_years() -> None:
    pair = perfect_pair()
    points = [
        part(Component.RECOVERY, pair.newcomer, replace(pair.sponsor, recovery_since=date_before(days)), pair)
        for days in (913, 1826, 14_000)
    ]
    assert points == [3500, 5000, 5000]


def test_a_date_of_today_in_a_zone_ahead_is_no_day_yet() -> None:
    pair = perfect_pair()
    pair = replace(pair, facts=replace(pair.facts, policy=Policy(minimum_days={1: 0})))
    sponsor = replace(pair.sponsor, recovery_since=date_before(-1), confirmed_at=days_ago(-1))
    assert part(Component.RECOVERY, pair.newcomer, sponsor, pair) == 2000
    assert part(Component.ENGAGEMENT, pair.newcomer, sponsor, pair) == 20_000
