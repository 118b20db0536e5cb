"""Compiling before anybody waits for it: the first question that a machine is asked would take some ten seconds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from matching.engine.facts import Facts
from matching.engine.people import Person
from matching.engine.pool import Pool
from matching.engine.suggest import suggest, why_nobody


def warm_up() -> None:
    """Ask one made-up newcomer's questions, so that what answers them is compiled, or read where it was kept."""
    now = datetime.now(UTC)
    monday = now.date() - timedelta(days=now.weekday())
    newcomer, sponsor = (
        Person(
            id=UUID(int=number),
            fellowship=1,
            active=True,
            gender="",
            comfortable_with=frozenset({"anyone"}),
            languages=frozenset({"en"}),
            modes=frozenset({"phone"}),
            week=1,
            zone="UTC",
        )
        for number in (1, 2)
    )
    pool = Pool.of([sponsor], Facts(now=now, monday=monday))
    suggest(newcomer, pool)
    pool = pool.changed([sponsor])
    suggest(newcomer, pool)
    why_nobody(newcomer, pool)
