"""Who a round serves, and how it spreads the load. Counts only; whoever shows them suppresses the small ones."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matching.engine.outcome import Round, StableRound
from matching.engine.people import Person

WAITING_BANDS = ((3, "under_3_days"), (14, "3_to_13_days"), (30, "14_to_29_days"))
"""Whole days, and the band that ends before them."""

LONGEST_WAITING = "30_days_and_more"
UNKNOWN_WAITING = "unknown"


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many newcomers who asked, so many were served."""

    asked: int
    served: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """A round seen by groups. Whoever has two languages or modes counts in both.

    Attributes:
        languages, genders, modes: Share by the words of Person; waiting: by band.
        lowest_score: The lowest score given, in thousandths of a point; None when nobody is served.
        given: How many sponsors with a free seat got 0, 1, 2 ... people in this round.
        uneven: Thousandths of the people served who would be with another sponsor if each got the same (the Hoover
            index); least_uneven: the same if people were dealt out one by one, which whole people cannot get below
            when every sponsor has the seats.
    """

    languages: Mapping[str, Share]
    genders: Mapping[str, Share]
    modes: Mapping[str, Share]
    waiting: Mapping[str, Share]
    lowest_score: int | None
    given: Mapping[int, int]
    uneven: int
    least_uneven: int


def fairness(
    newcomers: Sequence[Person], sponsors: Sequence[Person], round_: Round | StableRound, *, now: datetime
) -> Fairness:
    """Count who was served.

    Args:
        newcomers, sponsors: What the round was made from.
        now: The moment up to which waiting counts; aware.
    """
    served = {one.newcomer for one in round_.assignments}

    def by(words: Callable[[Person], Iterable[str]]) -> dict[str, Share]:
        asked = Counter(word for one in newcomers for word in words(one))
        got = Counter(word for one in newcomers if one.id in served for word in words(one))
        return {word: Share(asked[word], got[word]) for word in sorted(asked)}

    people = Counter(one.sponsor for one in round_.assignments)
    loads = [people[one.id] for one in sponsors if one.is_sponsor and one.seats > one.seats_taken]
    return Fairness(
        languages=by(lambda one: one.languages),
        genders=by(lambda one: (one.gender,)),
        modes=by(lambda one: one.modes),
        waiting=by(lambda one: (_band(one, now),)),
        lowest_score=min((one.score for one in round_.assignments), default=None),
        given=dict(sorted(Counter(loads).items())),
        uneven=_hoover(loads),
        least_uneven=_hoover(_dealt(sum(loads), len(loads))),
    )


def _band(newcomer: Person, now: datetime) -> str:
    if newcomer.waiting_since is None:
        return UNKNOWN_WAITING
    days = (now - newcomer.waiting_since) // timedelta(days=1)
    return next((band for end, band in WAITING_BANDS if days < end), LONGEST_WAITING)


def _dealt(people: int, sponsors: int) -> list[int]:
    return [people // sponsors + (at < people % sponsors) for at in range(sponsors)] if sponsors else []


def _hoover(loads: Sequence[int]) -> int:
    """Half the distance from even, over the whole; in whole numbers, so that it is the same everywhere."""
    total, count = sum(loads), len(loads)
    return 1000 * sum(abs(load * count - total) for load in loads) // (2 * total * count) if total else 0
