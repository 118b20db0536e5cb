"""Readers of the roster for tests: one that reads everybody afresh, row by row, and one that only catches up."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from accounts import clock
from accounts.models import Intergroup
from matching import engine, roster
from matching.models import RosterChange
from matching.roster.look import changed_since, everybody
from matching.roster.rows import person, sponsors_of
from tests import factories

Rows = dict[UUID, engine.Person]


def fresh(intergroup: Intergroup | None = None) -> Rows:
    """Everybody who sponsors in an intergroup, through Django's objects and none of the roster's SQL."""
    return {one.pk: person(one) for one in sponsors_of((intergroup or factories.intergroup()).pk)}


class Reader:
    """Read everybody once, and from then on only what a look says has changed."""

    def __init__(self, intergroup: Intergroup | None = None) -> None:
        self.intergroup = intergroup or factories.intergroup()
        look = everybody(self.intergroup.pk)
        self.settled = look.state.settled
        self.rows: Rows = {one.id: one for one in look.people}

    def catch_up(self) -> Rows:
        """Look once."""
        look = changed_since(self.settled, self.intergroup.pk)
        self.settled = look.state.settled
        self.rows = {key: one for key, one in self.rows.items() if key not in look.gone}
        self.rows |= {one.id: one for one in look.people}
        return self.rows


def facts(now: datetime | None = None) -> engine.Facts:
    """The present moment, and nothing that stands between people."""
    now = now or clock.now()
    return engine.Facts(now=now, monday=roster.coming_monday(now))


def kept(intergroup: Intergroup | None = None, around: engine.Facts | None = None) -> engine.Pool:
    """The pool as whoever asks at this moment gets it."""
    return roster.kept_pool((intergroup or factories.intergroup()).pk, around or facts())


def asking() -> list[engine.Person]:
    """Newcomers who are in no table: one at ease with women, one with anyone, one who meets in person only."""
    ana = engine.Person(
        id=UUID(int=1),
        fellowship=factories.fellowship().pk,
        active=True,
        gender="woman",
        comfortable_with=frozenset({"woman"}),
        languages=frozenset({"en"}),
        modes=frozenset({"phone", "in_person"}),
        week=factories.EVENINGS.bits,
        zone="America/New_York",
        latitude=40.7,
        longitude=-74.0,
        max_km=50,
    )
    return [ana, replace(ana, comfortable_with=frozenset({"anyone"})), replace(ana, modes=frozenset({"in_person"}))]


def answers(pool: engine.Pool) -> list[object]:
    """What a pool tells each of them: who is suggested with which points, and how many each rule excludes."""
    return [(engine.suggest(one, pool, k=1000), engine.why_nobody(one, pool)) for one in asking()]


def logged() -> set[UUID | int | None]:
    """Members and areas whom the log names."""
    return {row.member or row.area for row in RosterChange.objects.all()}


def forget_the_log() -> None:
    """From here on the log tells only what is still to come."""
    RosterChange.objects.all().delete()
