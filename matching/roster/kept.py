"""The pool of each intergroup, kept by this process and caught up before each use by one query.

A pool is kept for one week, that of the coming Monday, and made anew for the next. Whoever asks in a transaction that
has itself changed the roster gets a pool of their own, which nobody else ever sees: it may be rolled back.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock

from django.db import connection

from matching import engine
from matching.roster.look import State, changed_since, everybody

LOG_REACHES = timedelta(days=1)
"""How far back the log is trusted; retention keeps it for longer."""

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A pool, the Monday of its week, the look that it was caught up by, and how many people it was told of since it
    was made: what these had said before still takes room in it."""

    pool: engine.Pool
    monday: date
    state: State
    changes: int = 0

    def may_go_on(self, monday: date) -> bool:
        """Whether it is worth while to catch up: for the same week, and while little room is wasted."""
        return self.monday == monday and self.changes <= len(self.pool)

    def is_followed_by(self, new: State) -> bool:
        """Whether the log tells everything that happened between the two looks."""
        return (
            new.log == self.state.log
            and new.settled >= self.state.settled
            and new.at - self.state.at < LOG_REACHES
            and not new.replaced
        )


@dataclass(slots=True)
class _Place:
    """Where an intergroup's pool is kept. Who has the lock looks at the database and changes the pool: pools that came
    of one another share their vocabularies, so only one may be made at a time; and of many who ask while nothing is
    kept, one reads everybody."""

    lock: Lock = field(default_factory=Lock)
    kept: _Kept | None = None


_places: dict[_Key, _Place] = {}


def kept_pool(intergroup_id: int, facts: engine.Facts) -> engine.Pool:
    """Everybody who sponsors in an intergroup, in any fellowship, as the asking transaction sees them at this moment.

    Raises:
        UnknownZoneError: A sponsor's zone does not exist.
    """
    place = _places.setdefault((*_database(), intergroup_id), _Place())
    with place.lock:
        # Taken out meanwhile: a change that fails halfway has already left its mark on the vocabularies.
        kept, place.kept = place.kept, None
        now = _caught_up(kept, intergroup_id, facts) or _anew(intergroup_id, facts)
        place.kept = kept if now.state.own else now
    return now.pool.under(facts)


def forget_pools() -> None:
    """Let go of every pool; they are made anew when somebody asks."""
    _places.clear()


def _database() -> _Key:
    """A test or a worker may have a database of its own."""
    settings = connection.settings_dict
    return settings["HOST"], settings["PORT"], settings["NAME"]


def _caught_up(kept: _Kept | None, intergroup_id: int, facts: engine.Facts) -> _Kept | None:
    """The kept pool with what has changed since; None where that cannot be told."""
    if kept is None or not kept.may_go_on(facts.monday):
        return None
    look = changed_since(kept.state.settled, intergroup_id)
    if not kept.is_followed_by(look.state):
        return None
    told = len(look.people) + len(look.gone)
    pool = kept.pool.changed(look.people, look.gone) if told else kept.pool
    return _Kept(pool, kept.monday, look.state, kept.changes + told)


def _anew(intergroup_id: int, facts: engine.Facts) -> _Kept:
    look = everybody(intergroup_id)
    bare = engine.Facts(now=facts.now, monday=facts.monday)
    return _Kept(engine.Pool.of(look.people, bare), facts.monday, look.state)
