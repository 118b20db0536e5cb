"""The rules and the score once more, written plainly for one pair, as an independent peer of the engine.

It shares nothing with the engine but the values that go in. Hours are counted from UTC to local time (the engine goes
the other way) and scores are exact fractions (the engine rounds down).
"""

import math
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from matching.engine import Component, Facts, Person, Rule

QUARTER = timedelta(minutes=15)
HALF = Fraction(1, 2)
ONE = Fraction(1)
ZERO = Fraction(0)


@cache
def clock(zone: str, monday: date) -> dict[int, set[int]]:
    """For each local hour of the week its quarters on the circle of UTC, the second showing of an hour left out."""
    start = datetime.combine(monday, time(), UTC)
    hours: dict[int, set[int]] = {hour: set() for hour in range(168)}
    for step in range(-2 * 96, 9 * 96):
        local = (start + step * QUARTER).astimezone(ZoneInfo(zone))
        hour = (local.date() - monday).days * 24 + local.hour
        if 0 <= hour < 168 and local.fold == 0:
            hours[hour].add(step % 672)
    return hours


def quarters(person: Person, monday: date) -> set[int]:
    table = clock(person.zone, monday)
    return {quarter for hour in range(168) if person.week >> hour & 1 for quarter in table[hour]}


def shared(one: Person, other: Person, monday: date) -> int:
    return len(quarters(one, monday) & quarters(other, monday))


def metres(one: Person, other: Person) -> float | None:
    """Haversine, as in any textbook."""
    if one.area is not None and one.area == other.area:
        return 0.0
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    a = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(a))


def limit(one: Person, other: Person) -> float:
    """The nearer limit in whole metres, or infinity."""
    limits = [round(person.max_km * 1000) for person in (one, other) if person.max_km is not None]
    return min(limits, default=math.inf)


def today(person: Person, facts: Facts) -> date:
    return facts.now.astimezone(ZoneInfo(person.zone)).date()


def recovery_days(person: Person, facts: Facts) -> int | None:
    return None if person.recovery_since is None else max((today(person, facts) - person.recovery_since).days, 0)


def confirmed_days(person: Person, facts: Facts) -> int | None:
    return None if person.confirmed_at is None else max((facts.now - person.confirmed_at).days, 0)


def welcomes(one: Person, other: Person) -> bool:
    return "anyone" in one.comfortable_with or other.gender in one.comfortable_with


def stands_above(low: UUID, high: UUID, facts: Facts) -> bool:
    """Whether somebody is above a member in the line of sponsorship, by any road."""
    seen: set[UUID] = set()
    ladder = [low]
    while ladder:
        member = ladder.pop()
        if member == high:
            return True
        if member not in seen:
            seen.add(member)
            ladder.extend(facts.chain.get(member, ()))
    return False


def too_far(newcomer: Person, sponsor: Person) -> bool:
    if newcomer.modes & sponsor.modes != {"in_person"}:
        return False
    far, most = metres(newcomer, sponsor), limit(newcomer, sponsor)
    return most < math.inf if far is None else round(far) > most


def broken(newcomer: Person, sponsor: Person, facts: Facts) -> set[Rule]:
    """Every rule that the pair breaks."""
    policy = facts.policy
    asked = policy.minimum_days.get(sponsor.fellowship, 365)
    pair = {(newcomer.id, sponsor.id), (sponsor.id, newcomer.id)}
    confirmed = confirmed_days(sponsor, facts)
    recovered = recovery_days(sponsor, facts)
    breaks = {
        Rule.FELLOWSHIP: newcomer.fellowship != sponsor.fellowship,
        Rule.ACTIVE: not (newcomer.active and sponsor.active),
        Rule.OFFERS: not sponsor.is_sponsor,
        Rule.APPROVED: not sponsor.approved,
        Rule.CONFIRMED: confirmed is None or confirmed > policy.confirm_within_days,
        Rule.PAUSED: sponsor.paused_until is not None and sponsor.paused_until > today(sponsor, facts),
        Rule.BARRED: bool(pair & facts.barred),
        Rule.GENDER: not (welcomes(newcomer, sponsor) and welcomes(sponsor, newcomer)),
        Rule.LANGUAGE: not newcomer.languages & sponsor.languages,
        Rule.NEEDS: not (newcomer.needs <= sponsor.can_meet and sponsor.needs <= newcomer.can_meet),
        Rule.SEATS: sponsor.seats_taken >= sponsor.seats,
        Rule.MINIMUM_TIME: asked > 0 and (recovered is None or recovered < asked),
        Rule.HAS_SPONSOR: not sponsor.has_sponsor,
        Rule.STEPS: sponsor.steps_worked < policy.steps_needed,
        Rule.WAY_TO_MEET: not newcomer.modes & sponsor.modes,
        Rule.DISTANCE: too_far(newcomer, sponsor),
        Rule.HOURS: shared(newcomer, sponsor, facts.monday) < 4,
        Rule.CHAIN: stands_above(sponsor.id, newcomer.id, facts),
    }
    return {rule for rule, is_broken in breaks.items() if is_broken}


def first(rules: set[Rule]) -> Rule | None:
    return next((rule for rule in Rule if rule in rules), None)


def nearness(newcomer: Person, sponsor: Person) -> Fraction:
    far, most = metres(newcomer, sponsor), limit(newcomer, sponsor)
    if "in_person" not in newcomer.modes & sponsor.modes or far is None or round(far) > most:
        return HALF
    reach = max(1, 50_000 if math.isinf(most) else int(most))
    return HALF + Fraction(max(reach - round(far), 0), reach) / 2


def meetings(newcomer: Person, sponsor: Person) -> Fraction:
    mine = newcomer.meetings | ({newcomer.home_group} - {None})
    theirs = sponsor.meetings | ({sponsor.home_group} - {None})
    if not mine or not theirs:
        return HALF
    if newcomer.home_group == sponsor.home_group is not None or len(mine & theirs) >= 2:
        return ONE
    return Fraction(3, 4) if mine & theirs else ZERO


def experience(newcomer: Person, sponsor: Person) -> Fraction:
    ranked = newcomer.experiences
    total = sum(range(1, len(ranked) + 1))
    found = sum(len(ranked) - at for at, tag in enumerate(ranked) if tag in sponsor.experiences)
    return HALF + Fraction(found, total) / 2 if total else HALF


def engagement(sponsor: Person, facts: Facts) -> Fraction:
    days, within = confirmed_days(sponsor, facts), facts.policy.confirm_within_days
    fresh = HALF if days is None else Fraction(max(within + 1 - days, 0), within + 1)
    answered = HALF if sponsor.answered_in_time is None else Fraction(sponsor.answered_in_time)
    grouped = HALF if sponsor.home_group is None else ONE
    return (2 * fresh + grouped + 2 * answered) / 5


def approach(newcomer: Person, sponsor: Person) -> Fraction:
    if not newcomer.approach or not sponsor.approach:
        return HALF
    return ONE if newcomer.approach == sponsor.approach else ZERO


def recovery(sponsor: Person, facts: Facts) -> Fraction:
    days = recovery_days(sponsor, facts)
    time_share = HALF if days is None else min(ONE, Fraction(days, 1826))
    return (3 * time_share + 2 * Fraction(sponsor.steps_worked, 12)) / 5


def shares(newcomer: Person, sponsor: Person, facts: Facts) -> dict[Component, Fraction]:
    """How well the pair does in each component, 0 to 1."""
    free = Fraction(max(sponsor.seats - sponsor.seats_taken, 0), max(sponsor.seats, 1))
    return {
        Component.AVAILABILITY: min(ONE, Fraction(shared(newcomer, sponsor, facts.monday), 20)),
        Component.ENGAGEMENT: engagement(sponsor, facts),
        Component.EXPERIENCE: experience(newcomer, sponsor),
        Component.NEARNESS: nearness(newcomer, sponsor),
        Component.HOME_GROUP: meetings(newcomer, sponsor),
        Component.APPROACH: approach(newcomer, sponsor),
        Component.FREE_SEATS: free,
        Component.RECOVERY: recovery(sponsor, facts),
    }
