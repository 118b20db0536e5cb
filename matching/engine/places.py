"""Coarse areas and the distance between their centres. Nobody's own position is known here."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matching.engine.compiled import compiled
from matching.engine.people import Person
from matching.engine.vocabulary import Numbers

ANY_METRES = np.iinfo(np.int32).max
"""A limit that no distance on Earth reaches."""

UNKNOWN = -1
"""Stands for a distance that cannot be told."""

EARTH_METRES = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""

Place = tuple[int | None, float | None, float | None]
"""An area's key, and the latitude and longitude of its centre in degrees."""

Metres = npt.NDArray[np.int32]
Centres = npt.NDArray[np.float64]


def place_of(person: Person) -> Place:
    """Where a person's area is."""
    return (person.area, person.latitude, person.longitude)


class Places:
    """The distinct areas of some people, in the order in which they were first seen."""

    def __init__(self) -> None:
        self._numbers: Numbers[Place] = Numbers()
        self._centres: Centres = np.empty((0, 3))
        self._of_area: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: int) -> Place:
        return self._numbers.things[number]

    @property
    def centres(self) -> Centres:
        """The centres by number as points on a ball of radius 1, (places, 3); nan where unknown."""
        return self._centres

    def add(self, persons: Sequence[Person]) -> list[int]:
        """Give the number of each person's place."""
        found = [self._numbers.add(place_of(person)) for person in persons]
        fresh = self._numbers.things[len(self._centres) :]
        for at, (area, _, _) in enumerate(fresh, start=len(self._centres)):
            if area is not None:
                self._of_area.setdefault(area, []).append(at)
        if fresh:
            self._centres = np.concatenate([self._centres, units(fresh)])
        return found

    def metres_from(self, places: Sequence[Place]) -> Metres:
        """Measure from each of some places to each of these: (places given, places here).

        Within one area the distance is 0. Otherwise it is the great circle between the centres, by the chord (exact for
        near points, and the same both ways), in whole metres; UNKNOWN where either centre is unknown.
        """
        centres = self._centres
        table = np.empty((len(places), len(centres)), dtype=np.int32)
        for row, (area, latitude, longitude) in enumerate(places):
            _measure(centres, *_unit(latitude, longitude), table[row])
            for at in self._of_area.get(area, ()) if area is not None else ():
                # Another thread may just now be adding places that no pool here has yet.
                if at < len(centres):
                    table[row, at] = 0
        return table


@compiled
def _measure(centres: Centres, x: float, y: float, z: float, found: Metres) -> None:
    for at in range(len(centres)):
        off_x, off_y, off_z = centres[at, 0] - x, centres[at, 1] - y, centres[at, 2] - z
        half_chord = math.sqrt(off_x * off_x + off_y * off_y + off_z * off_z) / 2
        arc = 2 * EARTH_METRES * math.asin(min(half_chord, 1.0))
        found[at] = UNKNOWN if math.isnan(half_chord) else np.int32(np.rint(arc))


def units(places: Sequence[Place]) -> Centres:
    """The centres of places as points on a ball of radius 1, (places, 3); nan where unknown."""
    return np.array([_unit(latitude, longitude) for _, latitude, longitude in places]).reshape(-1, 3)


def _unit(latitude: float | None, longitude: float | None) -> tuple[float, float, float]:
    if latitude is None or longitude is None:
        return (math.nan, math.nan, math.nan)
    up, round_ = math.radians(latitude), math.radians(longitude)
    return (math.cos(up) * math.cos(round_), math.cos(up) * math.sin(round_), math.sin(up))
