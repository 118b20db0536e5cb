"""Rows of people put in the order of kinds, and changed rows merged into it in one pass."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from matching.engine.columns import ROW, Codes, Flags, People, Rows
from matching.engine.compiled import compiled
from matching.engine.laying import laid_kinds
from matching.engine.vocabulary import WORD
from matching.engine.week import UNEVEN, Words

_BYTES = np.dtype((np.void, ROW.itemsize))
"""A row as so many bytes, which are copied many times quicker than its fields are."""

SIEVE = 8192
"""Remainders of ids that are remembered, so that most people are told apart at a glance."""


def in_kinds(people: People, codes: Codes) -> tuple[People, Rows]:
    """Put people in the order of their kinds, those of a kind as they were; also gives the row each came from."""
    order = np.argsort(people.rows["kind"], kind="stable")
    rows = people.rows[order]
    kinds, _, languages, needs, can_meet = laid_kinds(codes.kinds.things, codes)
    first = _first(rows, len(kinds))
    return People(rows, kinds, first, languages, needs, can_meet, people.tags[order], people.visits, people.wide), order


def find(rows: Any, ids: Collection[UUID]) -> Flags:
    """Tell of each row whether it is one of these people."""
    numbers = sorted((one.int & (1 << WORD) - 1, one.int >> WORD) for one in ids)
    low = np.array([each for each, _ in numbers], dtype=np.uint64)
    high = np.array([each for _, each in numbers], dtype=np.uint64)
    maybe = np.zeros(SIEVE, dtype=np.bool_)
    maybe[low % SIEVE] = True
    found = np.zeros(len(rows), dtype=np.bool_)
    _find(rows, low, high, maybe, found)
    return found


@compiled
def _find(rows: Any, low: Words, high: Words, maybe: Flags, found: Flags) -> None:
    for j in range(len(rows)):
        if not maybe[np.int64(rows[j].id_low % np.uint64(SIEVE))]:
            continue
        begin, end = 0, len(low)
        while begin < end:
            middle = (begin + end) // 2
            if low[middle] < rows[j].id_low or (low[middle] == rows[j].id_low and high[middle] < rows[j].id_high):
                begin = middle + 1
            else:
                end = middle
        found[j] = begin < len(low) and low[begin] == rows[j].id_low and high[begin] == rows[j].id_high


class Moves(NamedTuple):
    """Where rows go as others leave and come: most of them in long runs.

    Attributes:
        runs: In their new order; of those who were there, or, where it says so, of those who come.
        fresh: (those who come,) where they are afterwards.
    """

    runs: list[tuple[bool, slice]]
    fresh: Rows

    def moved(self, old: Any, new: Any) -> Any:
        """What is known of everybody afterwards, from what was known and what is of those who come."""
        return np.concatenate([(new if come else old)[run] for come, run in self.runs])


def merged(people: People, stale: Flags, fresh: People, codes: Codes) -> tuple[People, Moves]:
    """Leave out the stale rows and merge the fresh ones in. What rows point to is only ever added to.

    Args:
        people: In the order of kinds.
        stale: (people,) which rows to leave out.
        fresh: Laid out by the same codes, which may have grown.
        codes: The codes of both.

    Returns:
        Everybody in the order of kinds, of one kind those who were there first; and where the rows went.
    """
    order = np.argsort(fresh.rows["kind"], kind="stable")
    added = fresh._replace(rows=fresh.rows[order], tags=fresh.tags[order])
    added.rows["visits"] += len(people.visits)
    uneven = added.rows["start"] == UNEVEN
    added.rows["hours0"][uneven] += np.uint64(len(people.wide))
    gone = np.flatnonzero(stale)
    moves = _moves(people, gone, added.rows["kind"])
    kinds, _, languages, needs, can_meet = laid_kinds(codes.kinds.things[len(people.kinds) :], codes)
    everybody = People(
        rows=moves.moved(people.rows.view(_BYTES), added.rows.view(_BYTES)).view(ROW),
        kinds=np.concatenate([people.kinds, kinds]),
        first=_firsts_after(people, gone, added.rows["kind"], len(codes.kinds)),
        languages=_under(people.languages, languages),
        needs=_under(people.needs, needs),
        can_meet=_under(people.can_meet, can_meet),
        tags=moves.moved(*_as_wide(people.tags, added.tags)),
        visits=np.concatenate([people.visits, fresh.visits]),
        wide=np.concatenate([people.wide, fresh.wide]),
    )
    return everybody, moves


def _moves(people: People, gone: Rows, kinds: Any) -> Moves:
    """Tell where rows go as some are left out, and as one of each of these kinds, in rising order, comes last of it."""
    ends = np.append(people.first[1:], len(people.rows))[np.minimum(kinds, len(people.kinds))]
    # Who goes from where somebody comes goes afterwards.
    cuts = [(end, True) for end in ends.tolist()] + [(row, False) for row in gone.tolist()]
    cuts.sort(key=lambda cut: (cut[0], not cut[1]))
    runs, fresh, begin, added, size = [], [], 0, 0, 0
    for at, come in cuts:
        if begin < at:
            runs.append((False, slice(begin, at)))
            size += at - begin
            begin = at
        if come:
            runs.append((True, slice(added, added + 1)))
            fresh.append(size)
            added, size = added + 1, size + 1
        else:
            begin = at + 1
    return Moves([*runs, (False, slice(begin, len(people.rows)))], np.array(fresh, dtype=np.intp))


def _first(rows: Any, kinds: int) -> Rows:
    return np.searchsorted(rows["kind"], np.arange(kinds + 1))


def _firsts_after(people: People, stale: Rows, added: Any, kinds: int) -> Rows:
    """Where the rows of each kind begin after a change, by counting who went and came."""
    counts = np.bincount(added, minlength=kinds) - np.bincount(people.rows["kind"][stale], minlength=kinds)
    counts[: len(people.kinds)] += np.diff(people.first)
    first = np.zeros(kinds + 1, dtype=np.intp)
    np.cumsum(counts, out=first[1:])
    return first


def _under(above: Words, below: Words) -> Words:
    """Put masks below one another, the narrower widened with nothing."""
    return np.concatenate(_as_wide(above, below))


def _as_wide(one: Words, other: Words) -> tuple[Words, Words]:
    """Widen the narrower masks with nothing."""
    width = max(one.shape[1], other.shape[1])
    return _widened(one, width), _widened(other, width)


def _widened(masks: Words, width: int) -> Words:
    lacking = width - masks.shape[1]
    return np.pad(masks, ((0, 0), (0, lacking))) if lacking else masks
