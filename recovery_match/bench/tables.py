"""What a pair can score, looked up: small tables for each newcomer instead of arithmetic for each pair."""

import math
from collections.abc import Sequence

import numpy as np

from matching.engine import Component, Person
from recovery_match.bench.columns import TASTES, Keys, Long, Whole
from recovery_match.bench.crowd import APPROACHES, LIMITS, TAGS
from recovery_match.bench.points import HALF, MILLION, points, portion

ANY_METRES = 1 << 40
NEARBY_METRES = 50_000
EARTH_METRES = 6_371_008.8

FAR = 1 << 24
"""Added to the points of nearness where the two could not meet in person; more than any points."""

LIMIT_METRES = np.array([ANY_METRES if one is None else round(one * 1000) for one in LIMITS])
APART = points(Component.NEARNESS, HALF)
"""Points of nearness of two who would meet remotely."""

HOURS = np.array([points(Component.AVAILABILITY, portion(4 * hours, 20)) for hours in range(169)], dtype=np.int32)
"""Points by shared hours."""

SAME_HOME = points(Component.HOME_GROUP, MILLION)
UNSTATED = points(Component.HOME_GROUP, HALF)
MEETINGS = np.array(
    [points(Component.HOME_GROUP, HALF + portion(shared, 2) // 2 if shared else 0) for shared in range(4)],
    dtype=np.int32,
)
"""Points by shared meetings, of two who both named some."""


def points_of_many(component: Component, shares: Long) -> Long:
    """What many shares of this component are worth."""
    return shares * points(component, MILLION) // MILLION


def tastes_of(newcomers: Sequence[Person]) -> Whole:
    """Points of experience and approach, (newcomers, TASTES), for each taste that a sponsor can have."""
    rankings = {ranking: at for at, ranking in enumerate({one.experiences for one in newcomers})}
    weights = np.array([_weights(ranking) for ranking in rankings], dtype=np.int64).reshape(-1, len(TAGS))
    full = np.maximum(weights.sum(axis=1), 1)[:, None]
    share = HALF + np.minimum(weights @ _HELD, full) * MILLION // full // 2
    ranking = np.fromiter((rankings[one.experiences] for one in newcomers), dtype=np.intp)
    approach = np.fromiter((APPROACHES.index(one.approach) for one in newcomers), dtype=np.intp)
    experience = points_of_many(Component.EXPERIENCE, share)[ranking, :, None]
    table: Whole = (experience + _APPROACH_POINTS[approach, None, :]).astype(np.int32)
    return table.reshape(-1, TASTES)


def _weights(ranking: Sequence[str]) -> list[int]:
    """Of n tags the first weighs n, the last 1."""
    return [len(ranking) - ranking.index(tag) if tag in ranking else 0 for tag in TAGS]


def _approach(own: str, theirs: str) -> int:
    if not own or not theirs:
        return HALF
    return MILLION if own == theirs else 0


class Areas:
    """The centres of the areas by key, as unit vectors."""

    def __init__(self, *sides: Sequence[Person]) -> None:
        centres = {one.area: (one.latitude, one.longitude) for side in sides for one in side}
        self.count = max((area for area in centres if area is not None), default=0) + 1
        self._vectors = np.full((3, self.count), math.nan)
        for area, (latitude, longitude) in centres.items():
            if area is not None and latitude is not None and longitude is not None:
                up, round_ = math.radians(latitude), math.radians(longitude)
                level = math.cos(up)
                self._vectors[:, area] = level * math.cos(round_), level * math.sin(round_), math.sin(up)

    def metres_from(self, areas: Keys) -> Long:
        """Whole metres from each of these areas to every area, (areas, all); what nobody lives in is far."""
        x, y, z = self._vectors[:, None, :] - self._vectors[:, areas, None]
        chord = np.minimum(np.sqrt(x * x + y * y + z * z) / 2, 1.0)
        metres: Long = np.nan_to_num(np.rint(2 * EARTH_METRES * np.arcsin(chord)), nan=ANY_METRES).astype(np.int64)
        return metres


def nearness(metres: Long, own_limits: Keys) -> Whole:
    """Points of nearness of newcomers to who would meet in person, and FAR where a limit forbids it.

    Args:
        metres: (newcomers, areas) from each newcomer's area to every area.
        own_limits: The newcomers' limits as indexes.

    Returns:
        (newcomers, areas * limits) by area and limit of the sponsor.
    """
    limits = np.minimum(LIMIT_METRES[own_limits][:, None], LIMIT_METRES)
    reach = np.where(limits == ANY_METRES, NEARBY_METRES, limits)[:, None, :]
    away = metres[:, :, None]
    share = HALF + np.minimum(np.maximum(reach - away, 0), reach) * MILLION // reach // 2
    found = points_of_many(Component.NEARNESS, share) + np.where(away > limits[:, None, :], FAR, 0)
    return found.astype(np.int32).reshape(len(metres), -1)


_HELD = np.arange(1 << len(TAGS)) >> np.arange(len(TAGS))[:, None] & 1
"""(tags, sets of tags) whether the set has the tag."""

_APPROACH_POINTS = np.array(
    [[points(Component.APPROACH, _approach(own, theirs)) for theirs in APPROACHES] for own in APPROACHES]
)
