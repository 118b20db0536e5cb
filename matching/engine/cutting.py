"""A field cut into small ones of people who live near one another, so that whoever would meet in person keeps almost
everybody they could meet."""

import numpy as np

from matching.engine.columns import Rows
from matching.engine.edges import Field
from matching.engine.places import Centres, place_of, units


def cut(field: Field, parts: int) -> tuple[Rows, Rows]:
    """Deal everybody to so many parts, alike in size, by where they live; whose place is unknown, by lot.

    Ids are random, so places in the field are as good as a lot. It decides among people of one area, too.

    Returns:
        (newcomers,), (sponsors,) the part of each, from 0.
    """
    newcomers, sponsors = _lot(len(field.at)), _lot(len(field.rows))
    order = np.argsort(np.concatenate([newcomers, sponsors]), kind="stable")
    part = np.empty(len(order), dtype=np.intp)
    part[order] = _dealt(_homes(field)[order], parts)
    return part[: len(newcomers)], part[len(newcomers) :]


def _lot(many: int) -> Centres:
    """Where each of so many stands between 0 and 1, so that two sides of different size are mixed evenly."""
    return (np.arange(many) + 0.5) / max(many, 1)


def _homes(field: Field) -> Centres:
    """The centres of everybody's areas, (newcomers and sponsors, 3); nan where unknown."""
    spots, first, own = np.unique(field.scene.place[field.at], return_index=True, return_inverse=True)
    centres = units([place_of(field.newcomers[at]) for at in first.tolist()]).reshape(len(spots), 3)
    pool = field.pool
    return np.concatenate([centres[own], pool.codes.places.centres[pool.people.rows["place"][field.rows]]])


def _dealt(homes: Centres, parts: int) -> Rows:
    part = np.arange(len(homes)) % parts
    _halve(homes, np.flatnonzero(~np.isnan(homes[:, 0])), 0, parts, part)
    return part


def _halve(homes: Centres, some: Rows, first: int, parts: int, part: Rows) -> None:
    """Cut some people across where they lie widest, and both sides again (a k-d tree: Bentley 1975)."""
    if parts < 2 or not len(some):
        part[some] = first
        return
    axis = int(np.ptp(homes[some], axis=0).argmax())
    some = some[np.argsort(homes[some, axis], kind="stable")]
    half = parts // 2
    middle = len(some) * half // parts
    _halve(homes, some[:middle], first, half, part)
    _halve(homes, some[middle:], first + half, parts - half, part)
