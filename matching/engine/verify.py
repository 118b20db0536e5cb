"""The checker of rounds. It trusts nobody and shares no code with the solvers.

It knows people, facts and a proposed round, asks the rules and the components anew for every pair, and refuses at the
first thing that is not so. Reasons name no person: they may end in a log.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import numpy as np

from matching.engine.broken import first_broken
from matching.engine.columns import Flags, Rows
from matching.engine.compiled import compiled
from matching.engine.facts import Facts
from matching.engine.outcome import Assignment, Certificate, Left, Round, StableRound
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.rules import RULES, Rule, kinds_fit, may_take_somebody, two_fit
from matching.engine.scene import Scene
from matching.engine.scoring import POINT, points
from matching.engine.week import Whole

MOST = 1 << 60
"""No price is so high; so two of them and a worth are exact in 64 bits."""

AT_A_TIME = 256
"""Newcomers judged before their answers are looked at."""


class Refused(ValueError):
    """A round that is not what it says."""


class _Seen(NamedTuple):
    """One newcomer as the checker sees them: eligible rows, their scores, and the bonus for waiting."""

    newcomer: Person
    rows: Rows
    scores: Whole
    bonus: int


def check_round(newcomers: Sequence[Person], sponsors: Sequence[Person], facts: Facts, round_: Round) -> None:
    """Check a round and the certificate that no round serves more people or, serving as many, has a higher total.

    Args:
        newcomers, sponsors, facts: What the round was made from; the people in any order.
        round_: What is proposed.

    Raises:
        Refused: Something is not so.
        UnknownZoneError: A person's zone does not exist.
    """
    _check_once(newcomers, sponsors, round_.assignments, round_.left)
    _check_service(newcomers, facts, round_.certificate)
    _check_prices(newcomers, sponsors, round_.certificate)
    certificate, ids = round_.certificate, [one.id for one in sponsors]
    seats_price = np.array([certificate.sponsors.get(one, 0) for one in ids], dtype=np.int64)
    bonus: dict[UUID, int] = {}
    for seen in _look(newcomers, sponsors, facts, round_.assignments, round_.left):
        bonus[seen.newcomer.id] = seen.bonus
        worths = seen.scores + certificate.service + seen.bonus
        own = certificate.newcomers.get(seen.newcomer.id, 0)
        _require(not (worths > seats_price[seen.rows] + own).any(), "a pair is worth more than its prices")
    value = sum(certificate.service + one.score + bonus[one.newcomer] for one in round_.assignments)
    _require(value == certificate.bound, "the round does not reach the bound")


def check_stable(newcomers: Sequence[Person], sponsors: Sequence[Person], facts: Facts, round_: StableRound) -> None:
    """Check a stable round: no two would both rather have each other than what they got.

    A newcomer's order: score, fewest sponsees, longest since the last offer (never first), id. A sponsor's: score with
    the waiting bonus, longest waiting (unknown last), id. Anybody eligible is better than nobody.

    Raises:
        Refused: Something is not so.
        UnknownZoneError: A person's zone does not exist.
    """
    _check_once(newcomers, sponsors, round_.assignments, round_.left)
    got = {one.newcomer: one.sponsor for one in round_.assignments}
    seen = list(_look(newcomers, sponsors, facts, round_.assignments, round_.left))
    held: dict[UUID, list[tuple[int, datetime, UUID]]] = {one.id: [] for one in sponsors}
    for one in seen:
        for row, score in zip(one.rows.tolist(), one.scores.tolist(), strict=True):
            if got.get(one.newcomer.id) == sponsors[row].id:
                held[sponsors[row].id].append(_wish_of_sponsor(one, score))
    for one in seen:
        wishes = {sponsors[row].id: _wish_of_newcomer(sponsors[row], score) for row, score in _pairs(one)}
        mine = wishes.get(got[one.newcomer.id]) if one.newcomer.id in got else None
        for row, score in _pairs(one):
            sponsor = sponsors[row]
            if mine is None or wishes[sponsor.id] < mine:
                full = len(held[sponsor.id]) >= sponsor.seats - sponsor.seats_taken
                happy = full and max(held[sponsor.id]) < _wish_of_sponsor(one, score)
                _require(happy, "two would both rather have each other")


def _pairs(seen: _Seen) -> Iterator[tuple[int, int]]:
    return zip(seen.rows.tolist(), seen.scores.tolist(), strict=True)


def _wish_of_newcomer(sponsor: Person, score: int) -> tuple[int, int, datetime, UUID]:
    last = sponsor.last_offer_at or datetime.min.replace(tzinfo=UTC)
    return (-score, sponsor.seats_taken, last, sponsor.id)


def _wish_of_sponsor(seen: _Seen, score: int) -> tuple[int, datetime, UUID]:
    since = seen.newcomer.waiting_since or datetime.max.replace(tzinfo=UTC)
    return (-score - seen.bonus, since, seen.newcomer.id)


def _check_once(
    newcomers: Sequence[Person], sponsors: Sequence[Person], assignments: Sequence[Assignment], left: Sequence[Left]
) -> None:
    """Everybody who asked is there exactly once, and no sponsor has more people than seats."""
    asked = Counter(one.id for one in newcomers)
    _require(max(asked.values(), default=1) == 1, "a newcomer asks twice")
    answered = Counter([one.newcomer for one in assignments] + [one.newcomer for one in left])
    _require(answered == asked, "not everybody who asked is there once")
    free = {one.id: one.seats - one.seats_taken for one in sponsors}
    _require(len(free) == len(sponsors), "a sponsor is there twice")
    for sponsor, count in Counter(one.sponsor for one in assignments).items():
        _require(sponsor in free, "a sponsor is not in the pool")
        _require(count <= free[sponsor], "a sponsor has more people than seats")


def _check_service(newcomers: Sequence[Person], facts: Facts, certificate: Certificate) -> None:
    """Serving somebody outweighs all scores and bonuses that a round can have together."""
    most = sum(facts.policy.weights.values()) * POINT + POINT - 1
    _require(certificate.service > most * len(newcomers), "scores could outweigh people served")
    _require(most < MOST, "weights are too high to be exact")


def _check_prices(newcomers: Sequence[Person], sponsors: Sequence[Person], certificate: Certificate) -> None:
    """No price is negative or of a stranger, and together they make the bound."""
    free = {one.id: max(one.seats - one.seats_taken, 0) for one in sponsors}
    _require(certificate.newcomers.keys() <= {one.id for one in newcomers}, "a price of a stranger")
    _require(certificate.sponsors.keys() <= free.keys(), "a price of a stranger")
    prices = [*certificate.newcomers.values(), *certificate.sponsors.values(), certificate.service, certificate.bound]
    whole = all(type(price) is int and 0 <= price < MOST for price in prices)
    _require(whole, "a price is not a whole number from nothing up")
    seats = sum(price * free[sponsor] for sponsor, price in certificate.sponsors.items())
    _require(sum(certificate.newcomers.values()) + seats == certificate.bound, "the prices do not make the bound")


def _look(
    newcomers: Sequence[Person],
    sponsors: Sequence[Person],
    facts: Facts,
    assignments: Iterable[Assignment],
    left: Iterable[Left],
) -> Iterator[_Seen]:
    """Ask rules and components anew of each newcomer and each sponsor, and check what the round says of them."""
    given = {one.newcomer: one for one in assignments}
    over = {one.newcomer: one for one in left}
    place = {one.id: at for at, one in enumerate(sponsors)}
    pool = Pool.of(sponsors, facts)
    for newcomer, (rows, scores) in zip(newcomers, _judged(newcomers, pool), strict=True):
        seen = _Seen(newcomer, rows, scores, _bonus(newcomer, facts))
        if newcomer.id in given:
            _check_pair(seen, given[newcomer.id], place)
        else:
            counts = Counter[Rule]()
            if not len(rows):
                counts.update(RULES[at] for at in first_broken(pool.ask(newcomer), pool.rows).tolist())
            _check_left(over[newcomer.id], len(rows), counts)
        yield seen


def _judged(newcomers: Sequence[Person], pool: Pool) -> Iterator[tuple[Rows, Whole]]:
    """For each newcomer the eligible sponsors, as places among those given, and their scores."""
    if not newcomers:
        return
    scene, count = pool.scene(newcomers), len(pool)
    ready = np.empty(count, dtype=np.bool_)
    _who_may(scene, pool.rows, ready)

    def judge(i: int) -> tuple[Rows, Whole]:
        fitting = np.empty(len(scene.many.kinds), dtype=np.bool_)
        rows, scores = np.empty(count, dtype=np.intp), np.empty(count, dtype=np.int64)
        size = _judge(scene, i, pool.rows, ready, fitting, rows, scores)
        return rows[:size].copy(), scores[:size].copy()

    with ThreadPoolExecutor() as threads:
        for at in range(0, len(newcomers), AT_A_TIME):
            yield from threads.map(judge, range(at, min(at + AT_A_TIME, len(newcomers))))


@compiled
def _who_may(scene: Scene, rows: Rows, ready: Flags) -> None:
    for at in range(len(rows)):
        ready[at] = may_take_somebody(scene, rows[at])


@compiled
def _judge(scene: Scene, i: int, rows: Rows, ready: Flags, fitting: Flags, found: Rows, scores: Whole) -> int:
    """Judge one newcomer with every sponsor, in the order given; gives how many are eligible."""
    size, a = 0, scene.one.rows[i].kind
    for b in range(len(fitting)):
        fitting[b] = kinds_fit(scene, a, b)
    for at in range(len(rows)):
        if ready[at] and fitting[scene.many.rows[rows[at]].kind] and two_fit(scene, i, rows[at]):
            score = np.int64(0)
            for component in range(len(scene.terms.points)):
                score += points(scene, i, rows[at], component)
            found[size], scores[size] = at, score
            size += 1
    return size


def _check_pair(seen: _Seen, given: Assignment, place: Mapping[UUID, int]) -> None:
    at = int(np.searchsorted(seen.rows, place.get(given.sponsor, -1)))
    _require(at < len(seen.rows) and seen.rows[at] == place.get(given.sponsor), "a pair is not eligible")
    _require(given.score == seen.scores[at], "a score is not so")


def _check_left(left: Left, eligible: int, excluded: Mapping[Rule, int]) -> None:
    _require(left.eligible == eligible, "a count of eligible sponsors is not so")
    _require(left.excluded == excluded, "a count of reasons is not so")


def _bonus(newcomer: Person, facts: Facts) -> int:
    if newcomer.waiting_since is None or newcomer.waiting_since > facts.now:
        return 0
    return min((facts.now - newcomer.waiting_since) // timedelta(days=1) * facts.policy.waiting_bonus, POINT - 1)


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise Refused(reason)
