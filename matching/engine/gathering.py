"""Newcomers before a pool, to whom more come one by one, and before whom the pool changes person by person."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from matching.engine.columns import ELSEWHERE, Codes, Flags, People, Rows
from matching.engine.people import Person
from matching.engine.places import Place, place_of
from matching.engine.pool import Pool
from matching.engine.scene import Apart, Scene
from matching.engine.week import UNEVEN

ROOM = 1.5
"""How much larger arrays grow than they need to be."""


class Growing:
    """An array to whose end more is added, without a copy each time."""

    def __init__(self, values: Any) -> None:
        self.values = values
        self._room = values

    def add(self, more: Any) -> Any:
        """Add more, maybe wider rows than before; gives the whole."""
        size, end = len(self.values), len(self.values) + len(more)
        if end > len(self._room) or more.shape[1:] > self._room.shape[1:]:
            self._room = np.zeros((int(ROOM * end) + 64, *more.shape[1:]), dtype=self.values.dtype)
            self._room[(slice(size), *map(slice, self.values.shape[1:]))] = self.values
        self._room[size:end] = more
        self.values = self._room[:end]
        return self.values


class News(NamedTuple):
    """What a sponsor brings that nobody in the pool had: newcomers may have it too, who had it alone so far."""

    languages: frozenset[str]
    needs: frozenset[str]
    tags: frozenset[str]
    meetings: frozenset[int]

    @classmethod
    def of(cls, sponsor: Person, codes: Codes) -> "News":
        """Ask before the codes learn of it."""
        return cls(
            frozenset(word for word in sponsor.languages if not codes.languages.bit(word)),
            frozenset(word for word in sponsor.needs | sponsor.can_meet if not codes.needs.bit(word)),
            frozenset(word for word in sponsor.experiences if not codes.tags.bit(word)),
            frozenset(key for key in sponsor.attends if codes.meetings.find(key) == codes.meetings.UNSEEN),
        )

    def concerns(self, newcomer: Person) -> bool:
        """Tell whether a newcomer has any of it."""
        if not (self.languages.isdisjoint(newcomer.languages) and self.tags.isdisjoint(newcomer.experiences)):
            return True
        needs = self.needs.isdisjoint(newcomer.needs) and self.needs.isdisjoint(newcomer.can_meet)
        return not (needs and self.meetings.isdisjoint(newcomer.attends))


class Gathering:
    """Newcomers in the rows of a scene that only ever grows: whoever is laid anew is in another row from then on.

    Attributes:
        scene: The newcomers before the pool.
    """

    def __init__(self, newcomers: Sequence[Person], scene: Scene) -> None:
        """Begin with these newcomers, who are in the rows of a scene in this order."""
        self.scene = scene
        self._people = list(newcomers)
        # A scene put in another order keeps its places, which are then no longer in the order of its newcomers.
        somebody = np.unique(scene.place, return_index=True)[1].tolist()
        self._spots: dict[Place, int] = {place_of(newcomers[row]): spot for spot, row in enumerate(somebody)}
        self._growing: dict[str, Growing] = {}

    def add(self, newcomers: Sequence[Person], pool: Pool) -> int:
        """Let newcomers come before the pool of the scene; gives the row of the first.

        Raises:
            UnknownZoneError: The zone of one does not exist.
        """
        scene, more, grown = self.scene, pool.scene(newcomers), self._grown
        self.scene = scene._replace(
            one=self._people_and(more.one),
            place=grown("place", scene.place, self._placed(newcomers)),
            ranked_first=grown("ranked_first", scene.ranked_first, more.ranked_first[1:] + len(scene.ranked)),
            ranked=grown("ranked", scene.ranked, more.ranked),
            barred=self._apart("barred", scene.barred, more.barred),
            lineage=self._apart("lineage", scene.lineage, more.lineage),
        )
        self._people.extend(newcomers)
        self._measure(pool)
        return len(scene.one.rows)

    def people(self, rows: Rows) -> tuple[Person, ...]:
        """The newcomers in these rows."""
        return tuple(self._people[row] for row in rows.tolist())

    def before(self, pool: Pool, news: News | None = None) -> Rows:
        """Set everybody before a pool that came of the one before.

        Args:
            pool: The pool.
            news: What it learnt, if it learnt anything.

        Returns:
            (rows,) where whoever was in a row is now.
        """
        self.scene = self.scene._replace(many=pool.people, terms=pool.terms)
        self._measure(pool)
        now = np.arange(len(self._people))
        if news is not None and any(news):
            stale = [row for row in np.flatnonzero(self._unheard()).tolist() if news.concerns(self._people[row])]
            if stale:
                first = self.add([self._people[row] for row in stale], pool)
                now[stale] = np.arange(first, first + len(stale))
        return now

    def _unheard(self) -> Flags:
        """Tell of each row whether it has something that the pool had not when it was laid."""
        one, scene = self.scene.one, self.scene
        masks = one.languages[:, 0] | one.needs[:, 0] | one.can_meet[:, 0]
        found: Flags = (masks[one.rows["kind"]] & np.uint64(1)).astype(np.bool_)
        ranked = np.repeat(np.arange(len(found)), np.diff(scene.ranked_first))
        found[ranked[scene.ranked == 0]] = True
        counts = one.rows["visit_count"].astype(np.intp)
        visits = np.arange(counts.sum()) + np.repeat(one.rows["visits"] - (np.cumsum(counts) - counts), counts)
        found[np.repeat(np.arange(len(found)), counts)[one.visits[visits] == ELSEWHERE]] = True
        return found

    def _people_and(self, more: People) -> People:
        one, grown = self.scene.one, self._grown
        rows = more.rows.copy()
        rows["kind"] += len(one.kinds)
        rows["visits"] += len(one.visits)
        uneven = rows["start"] == UNEVEN
        rows["hours0"][uneven] += np.uint64(len(one.wide))
        return People(
            rows=grown("rows", one.rows, rows),
            **{
                name: grown(name, getattr(one, name), getattr(more, name))
                for name in ("kinds", "languages", "needs", "can_meet", "tags", "visits", "wide")
            },
            first=one.first,
        )

    def _apart(self, name: str, one: Apart, more: Apart) -> Apart:
        return Apart(
            self._grown(f"{name}_first", one.first, more.first[1:] + one.first[-1]),
            self._grown(f"{name}_high", one.high, more.high),
            self._grown(f"{name}_low", one.low, more.low),
        )

    def _placed(self, newcomers: Sequence[Person]) -> Rows:
        spots = [self._spots.setdefault(place_of(one), len(self._spots)) for one in newcomers]
        return np.array(spots, dtype=np.intp)

    def _measure(self, pool: Pool) -> None:
        """Measure from where nobody lived, or to where nobody did."""
        known, places = self.scene.metres, pool.codes.places
        if known.shape[1] != len(places):
            known = places.metres_from([])
        if len(known) < len(self._spots):
            more = places.metres_from(list(self._spots)[len(known) :])
            self.scene = self.scene._replace(metres=np.concatenate([known, more]))

    def _grown(self, name: str, values: Any, more: Any) -> Any:
        if name not in self._growing:
            self._growing[name] = Growing(values)
        return self._growing[name].add(more)
