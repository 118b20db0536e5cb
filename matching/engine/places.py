"""Coarse areas and the distance between their centres. Nobody's own position is known here."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

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


def place_of(person: Person) -> Place:
    """Where a person's area is."""
    return (person.area, person.latitude, person.longitude)


class Places:
    """The distinct areas of some people, in the order in which they were first seen."""

    def __init__(self) -> None:
        self._numbers: Numbers[Place] = Numbers()
        self._centres: list[tuple[float, float, float]] = []
        self._of_area: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: int) -> Place:
        return self._numbers.things[number]

    def add(self, persons: Sequence[Person]) -> list[int]:
        """Give the number of each person's place."""
        found = [self._numbers.add(place_of(person)) for person in persons]
        for area, latitude, longitude in self._numbers.things[len(self._centres) :]:
            if area is not None:
                self._of_area.setdefault(area, []).append(len(self._centres))
            self._centres.append(_unit(latitude, longitude))
        return found

    def metres_from(self, places: Sequence[Place]) -> Metres:
        """Measure from each of some places to each of these: (places given, places here).

        Within one area the distance is 0. Otherwise it is the great circle between the centres, by the chord (exact for
        near points, and the same both ways), in whole metres; UNKNOWN where either centre is unknown.
        """
        centres = np.array(self._centres, dtype=np.float64).reshape(-1, 3).T
        table = np.empty((len(places), centres.shape[1]), dtype=np.int32)
        for row, (area, latitude, longitude) in enumerate(places):
            x, y, z = centres - np.array(_unit(latitude, longitude))[:, None]
            half_chord = np.minimum(np.sqrt(x * x + y * y + z * z) / 2, 1.0)
            arc = np.rint(2 * EARTH_METRES * np.arcsin(half_chord))
            table[row] = np.nan_to_num(arc, nan=UNKNOWN)
            if area is not None:
                # Another thread may just now be adding places that no pool here has yet.
                table[row, [at for at in self._of_area.get(area, ()) if at < centres.shape[1]]] = 0
        return table


def _unit(latitude: float | None, longitude: float | None) -> tuple[float, float, float]:
    if latitude is None or longitude is None:
        return (math.nan, math.nan, math.nan)
    up, round_ = math.radians(latitude), math.radians(longitude)
    return (math.cos(up) * math.cos(round_), math.cos(up) * math.sin(round_), math.sin(up))
