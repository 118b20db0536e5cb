"""Coarse areas and the distance between their centres. Nobody's own position is known here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.people import Person
from matching.engine.week import Whole

ANY_METRES = 1 << 40
"""A limit that no distance on Earth reaches."""

UNKNOWN = -1
"""Stands for a distance that cannot be told."""

NO_AREA = np.iinfo(np.int64).min
EARTH_METRES = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""

_Place = tuple[int | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Places:
    """The distinct areas of some people.

    Attributes:
        area: (places,) key of the area, or NO_AREA.
        centre: (3, places) unit vector to the centre, NaN where unknown.
    """

    area: Whole
    centre: npt.NDArray[np.float64]

    @classmethod
    def of(cls, persons: Sequence[Person]) -> tuple["Places", Whole]:
        """Collect the places of people, with the index of each person's own."""
        index: dict[_Place, int] = {}
        mine = [index.setdefault((p.area, p.latitude, p.longitude), len(index)) for p in persons]
        areas = [NO_AREA if area is None else area for area, _, _ in index]
        centres = [_unit(latitude, longitude) for _, latitude, longitude in index]
        table = np.array(centres, dtype=np.float64).reshape(-1, 3).T.copy()
        return cls(np.array(areas, dtype=np.int64), table), np.array(mine, dtype=np.int64)

    def metres_from(self, other: "Places", place: int) -> Whole:
        """Measure from one of the other's places to each of these.

        Within one area the distance is 0. Otherwise it is the great circle between the centres, by the chord (exact for
        near points, and the same both ways), in whole metres; UNKNOWN where either centre is unknown.
        """
        x, y, z = self.centre - other.centre[:, place, None]
        half_chord = np.minimum(np.sqrt(x * x + y * y + z * z) / 2, 1.0)
        arc = np.rint(2 * EARTH_METRES * np.arcsin(half_chord))
        metres = np.nan_to_num(arc, nan=UNKNOWN).astype(np.int64)
        own = other.area[place]
        return np.where((self.area == own) & (own != NO_AREA), 0, metres)


def _unit(latitude: float | None, longitude: float | None) -> tuple[float, float, float]:
    if latitude is None or longitude is None:
        return (math.nan, math.nan, math.nan)
    up, round_ = math.radians(latitude), math.radians(longitude)
    return (math.cos(up) * math.cos(round_), math.cos(up) * math.sin(round_), math.sin(up))
