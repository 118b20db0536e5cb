"""A round of a few made-up people, so that whatever works out rounds is compiled before anybody waits for one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from matching.engine.facts import Facts
from matching.engine.fairness import fairness
from matching.engine.parts import join, service_of, split
from matching.engine.people import MODES, STEPS, Person
from matching.engine.pool import Pool
from matching.engine.recruiting import Recruiting
from matching.engine.rounds import match_round
from matching.engine.verify import check_round
from matching.engine.warm import warm_up

ZONE = "UTC"


def rehearse() -> None:
    """Do everything that a round and a search for sponsors do, and what answers one newcomer; the better part of a
    minute of one processor the first time on a machine, half a second where the machine code was kept."""
    warm_up()
    now = datetime.now(UTC)
    facts = Facts(now=now, monday=now.date() - timedelta(days=now.weekday()))
    newcomers, sponsors = _people(now)
    whole = newcomers, sponsors, facts
    service = service_of(newcomers, facts)
    parts = split(*whole)
    first = [match_round(part.newcomers, Pool.of(part.sponsors, facts), service=service) for part in parts]
    again = [
        match_round(part.newcomers, Pool.of(part.sponsors, facts), service=service, before=before)
        for part, before in zip(parts, first, strict=True)
    ]
    found = join(again, *whole, service=service)
    check_round(*whole, found)
    fairness(newcomers, sponsors, found, now=now)
    Recruiting(newcomers, Pool.of(sponsors, facts), found, ZONE).following()


def _people(now: datetime) -> tuple[list[Person], list[Person]]:
    """More newcomers than seats, of two languages."""
    one = Person(
        id=UUID(int=1),
        fellowship=1,
        active=True,
        gender="",
        comfortable_with=frozenset({"anyone"}),
        languages=frozenset({"en"}),
        modes=frozenset(MODES),
        week=(1 << 168) - 1,
        zone=ZONE,
        area=1,
        latitude=40.0,
        longitude=-74.0,
        max_km=20.0,
        home_group=1,
        experiences=("parent",),
        waiting_since=now,
        recovery_since=now.date() - timedelta(days=3653),
    )
    other = replace(
        one,
        is_sponsor=True,
        approved=True,
        confirmed_at=now,
        has_sponsor=True,
        steps_worked=STEPS,
        seats=2,
    )
    spanish = frozenset({"es"})
    newcomers = [replace(one, id=UUID(int=at)) for at in range(1, 7)]
    newcomers += [replace(one, id=UUID(int=7), languages=spanish, area=2, latitude=41.0)]
    sponsors = [replace(other, id=UUID(int=at)) for at in (11, 12)]
    return newcomers, [*sponsors, replace(other, id=UUID(int=13), languages=spanish, home_group=None)]
