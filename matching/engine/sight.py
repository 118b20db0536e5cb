"""Everybody at first glance: six bytes a sponsor, read through for all who may fit, so that few are looked at closely.

A ceiling bounds what a sponsor brings to every pair. A mark tells where they live, whether they named meetings, and
their tags, every eighth taken for one. From marks a newcomer's `Hopes` bound the rest.

Ceilings hold for a whole day of UTC under one policy, so that pools seen at other moments of it share them: whatever
time takes away is counted as at the day's beginning, and whatever time gives as after its end.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.columns import Codes, People, Rows
from matching.engine.compiled import compiled, inlined
from matching.engine.merging import Moves
from matching.engine.places import ANY_METRES
from matching.engine.rules import may_take_somebody
from matching.engine.scene import Scene, Terms
from matching.engine.scoring import ENGAGEMENT, FREE_SEATS, NEARBY_METRES, RECOVERY, fixed
from matching.engine.vocabulary import Numbers
from matching.engine.week import Whole, Words

SHUT = 0
"""The ceiling of who may take nobody all day; all others stand one higher, in steps."""

_TOP = np.iinfo(np.uint16).max - 1
TAG_BITS = 8
"""Bits of tags in a mark; above them one bit tells of meetings, and the place lies above that."""

TAG_SETS = 1 << TAG_BITS
_MOST_PLACES = 1 << 23
_SIEVE = 512
"""Remainders of meetings' numbers that are remembered of a place."""

Marks = npt.NDArray[np.uint32]
Ceilings = npt.NDArray[np.uint16]
Ints = npt.NDArray[np.int32]


class Glance(NamedTuple):
    """A sight as compiled code sees it.

    Attributes:
        marks, ceilings: (people,) as above.
        attended: (places, 8) the remainders of the meetings that those attend who live there.
        family: (kinds,) which kinds are alike but for ways to meet and approach; heads: (families,) a kind of each.
        step: Thousandths of a point in one step of a ceiling.
        reach: (1,) the farthest limit anybody set, or NEARBY_METRES if that is farther.
    """

    marks: Marks
    ceilings: Ceilings
    attended: Words
    family: Ints
    heads: Ints
    step: int
    reach: Whole


@dataclass(frozen=True, eq=False)
class Sight:
    """The glance at some people.

    Attributes:
        families: By what they have in common; family: (kinds,) the number of each kind's.
    """

    glance: Glance
    families: Numbers[tuple[int, ...]]
    family: Ints

    @classmethod
    def of(cls, scene: Scene, codes: Codes) -> "Sight":
        """See people for the first time. The scene's terms are those of a whole day, see the head of this module."""
        families: Numbers[tuple[int, ...]] = Numbers()
        family = _numbered(families, np.empty(0, dtype=np.int32), scene.many, codes)
        glance = _room(scene, codes, family, len(scene.many.rows))
        _note_some(scene, glance, np.arange(len(scene.many.rows)))
        return cls(glance, families, family)

    def after(self, moves: Moves, scene: Scene, codes: Codes) -> "Sight":
        """See the same people after a change: only those who are new are looked at.

        Args:
            moves: Where those who stay are now, and where those who are new.
            scene: The people as they are now.
        """
        old, family = self.glance, _numbered(self.families, self.family, scene.many, codes)
        fresh = _room(scene, codes, family, len(moves.fresh))
        marks, ceilings = moves.moved(old.marks, fresh.marks), moves.moved(old.ceilings, fresh.ceilings)
        glance = fresh._replace(marks=marks, ceilings=ceilings)
        glance.attended[: len(old.attended)] = old.attended
        glance.reach[:] = old.reach
        _note_some(scene, glance, moves.fresh)
        return Sight(glance, self.families, family)

    @property
    def nbytes(self) -> int:
        """What is held for people, in bytes."""
        return self.glance.marks.nbytes + self.glance.ceilings.nbytes + self.glance.attended.nbytes


def _numbered(families: Numbers[tuple[int, ...]], known: Ints, people: People, codes: Codes) -> Ints:
    """Number the families of kinds, those of the first kinds being known."""
    keys = codes.kinds.things[len(known) : len(people.kinds)]
    return np.concatenate([known, np.array([families.add((*key[:3], *key[5:])) for key in keys], dtype=np.int32)])


def _room(scene: Scene, codes: Codes, family: Ints, size: int) -> Glance:
    """A glance with room for so many people, at nobody yet.

    Raises:
        OverflowError: There are more places than a mark can tell apart.
    """
    places = len(codes.places)
    if places > _MOST_PLACES:
        raise OverflowError("too many places")
    heads, dense = _dense(family)
    return Glance(
        marks=np.empty(size, dtype=np.uint32),
        ceilings=np.empty(size, dtype=np.uint16),
        attended=np.zeros((places, _SIEVE // 64), dtype=np.uint64),
        family=dense,
        heads=heads,
        step=_step(scene.terms),
        reach=np.array([NEARBY_METRES], dtype=np.int64),
    )


def _dense(family: Ints) -> tuple[Ints, Ints]:
    """The first kind of each family that is there, and of each kind the place of its family among these."""
    first = np.full(family.max(initial=-1) + 1, -1, dtype=np.int32)
    first[family[::-1]] = np.arange(len(family) - 1, -1, -1)
    there = first >= 0
    return first[there], (np.cumsum(there, dtype=np.int32) - 1)[family]


def _step(terms: Terms) -> int:
    top = int(terms.points[ENGAGEMENT] + terms.points[FREE_SEATS] + terms.points[RECOVERY])
    return top // _TOP + 1


@compiled
def _note_some(scene: Scene, glance: Glance, some: Rows) -> None:
    for j in some:
        _note(scene, glance, j)


@inlined
def sieved(meeting: int) -> tuple[int, Any]:
    """The word and the bit of `Glance.attended` that stand for a meeting, and for others too."""
    return meeting % _SIEVE // 64, np.uint64(1) << np.uint64(meeting % 64)


@inlined
def _note(scene: Scene, glance: Glance, j: int) -> None:
    people = scene.many
    row = people.rows[j]
    tags = np.uint64(0)
    for word in range(people.tags.shape[1]):
        tags |= people.tags[j, word]
    for shift in (32, 16, TAG_BITS):
        tags |= tags >> np.uint64(shift)
    named = row.visit_count != 0
    glance.marks[j] = (np.int64(row.place) * 2 + named) * TAG_SETS + np.int64(tags & np.uint64(TAG_SETS - 1))
    glance.ceilings[j] = SHUT
    if may_take_somebody(scene, j):
        glance.ceilings[j] = -(-fixed(scene, j) // glance.step) + 1
    for at in range(row.visits, row.visits + row.visit_count):
        word, bit = sieved(people.visits[at])
        glance.attended[row.place, word] |= bit
    if row.max_metres != ANY_METRES:
        glance.reach[0] = max(glance.reach[0], np.int64(row.max_metres))
