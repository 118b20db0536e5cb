"""What can be decided and what is taken for granted: values that say when they make no sense."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from accounts.models import Policy as OfficePolicy
from matching import engine
from matching.actions import offers, retention, suggestions
from matching.models import TRIAL_DAYS
from matching.queries.suggestions import SAID_NO
from matching.simulate import DEFAULT_POLICIES, Assumptions, Policy, Span, compare, read_policy, records
from matching.simulate import policies as simulated
from matching.simulate.desk import Desk
from matching.simulate.measures import quantile
from matching.simulate.numbers import CONFIRM_WITHIN, MOST_REFUSALS, PROPOSAL_WITHIN, STUCK_AFTER, TRIAL, UNMATCHED


def test_the_year_is_played_by_the_numbers_of_the_application() -> None:
    usual = OfficePolicy()
    first = DEFAULT_POLICIES[0]

    assert offers.MOST_REFUSALS == MOST_REFUSALS
    assert offers.PROPOSAL_WITHIN == PROPOSAL_WITHIN
    assert retention.UNMATCHED == UNMATCHED
    assert suggestions.SUGGESTED == simulated.SUGGESTED
    assert TRIAL.days == TRIAL_DAYS
    assert STUCK_AFTER.total_seconds() == usual.stuck_hours * 3600
    assert CONFIRM_WITHIN.days == usual.confirm_days == engine.Policy().confirm_within_days
    assert set(records.SAID_NO) == set(SAID_NO)
    assert (first.offer_hours, first.at_once, first.review) == (usual.offer_hours, 1, usual.review_required)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("Plain", Policy(name="Plain")),
        ("Fast=hours:12,offers:3,review:off", Policy(name="Fast", offer_hours=12, at_once=3, review=False)),
        (" Nights = match:night , review:on ", Policy(name="Nights", nightly=True)),
    ],
)
def test_a_policy_is_read_from_text(text: str, policy: Policy) -> None:
    assert read_policy(text) == policy


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("=hours:12", "name"),
        ("A=hours:0", "from 1 to 168"),
        ("A=hours:soon", "not a whole number"),
        ("A=offers:4", "from 1 to 3"),
        ("A=review:maybe", "does not take"),
        ("A=match:night,offers:2", "one sponsor"),
        ("A=speed:high", "not one of"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_in_words(text: str, trouble: str) -> None:
    with pytest.raises(ValueError, match=trouble):
        read_policy(text)


def test_each_of_the_usual_policies_differs_from_the_first_in_one_thing() -> None:
    first, *others = DEFAULT_POLICIES
    for other in others:
        assert sum(one != usual for one, usual in zip(other.traits, first.traits, strict=True)) == 1


@pytest.mark.parametrize(
    "values",
    [{"yes": 1.1}, {"forgets": -0.1}, {"arrivals_a_week": 0}, {"sponsors": -1}, {"desk": ()}, {"seats": ()},
     {"awake": (9, 9)}, {"desk": ((7, 9, 10),)}, {"task_minutes": 121}],
    ids=str,
)  # fmt: skip
def test_assumptions_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        replace(Assumptions(), **values)  # type: ignore[arg-type]


def test_assumptions_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(Assumptions().plain()))["answer_hours"] == {"half": 9, "most": 48}


def test_a_span_means_what_it_says() -> None:
    span, dice = Span(9, 48), Random(1)
    drawn = [span.draw(dice) for _ in range(20_000)]

    assert sum(one <= 9 for one in drawn) / len(drawn) == pytest.approx(0.5, abs=0.02)
    assert sum(one <= 48 for one in drawn) / len(drawn) == pytest.approx(0.9, abs=0.02)
    with pytest.raises(ValueError, match="half <= most"):
        Span(5, 4)


def test_no_span_leaves_the_calendar() -> None:
    assert Span(0.001, 90_000).at(40) == pytest.approx(100_000)


def test_the_desk_does_one_thing_after_the_other_in_its_hours() -> None:
    desk = Desk(replace(Assumptions(), desk=((0, 19, 20),)))
    monday = datetime(2026, 1, 5, 12, tzinfo=UTC)

    done = [desk.book(monday, 25) for _ in range(3)]
    assert [(one.day, one.hour, one.minute) for one in done] == [(5, 19, 25), (5, 19, 50), (12, 19, 25)]
    assert desk.minutes == 75


def test_a_desk_that_is_free_begins_at_once() -> None:
    desk = Desk(replace(Assumptions(), desk=((0, 19, 21),)))

    assert desk.book(datetime(2026, 1, 5, 19, 30, tzinfo=UTC), 10) == datetime(2026, 1, 5, 19, 40, tzinfo=UTC)


def test_quantiles_are_values_that_occurred() -> None:
    assert quantile([], 0.5) is None
    assert quantile([7.0], 0.9) == 7
    assert [quantile([1.0, 2.0, 3.0, 4.0], share) for share in (0.0, 0.5, 0.51, 1.0)] == [1, 2, 3, 4]


def test_a_comparison_that_makes_no_sense_is_refused() -> None:
    one = DEFAULT_POLICIES[0]
    with pytest.raises(ValueError, match="a policy and a seed"):
        compare([one], seeds=())
    with pytest.raises(ValueError, match="same name"):
        compare([one, one])
    with pytest.raises(ValueError, match="one week"):
        compare([one], weeks=0)
