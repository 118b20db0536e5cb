"""Rows of people put in the order of kinds, and changed rows merged into it in one pass."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import numpy as np

from matching.engine.columns import Codes, Flags, People, Rows
from matching.engine.compiled import compiled
from matching.engine.laying import laid_kinds
from matching.engine.scene import firsts
from matching.engine.vocabulary import WORD
from matching.engine.week import UNEVEN, Words

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


def merged(people: People, stale: Flags, fresh: People, codes: Codes) -> People:
    """Leave out the stale rows and merge the fresh ones in. What rows point to is only ever added to.

    Args:
        people: In the order of kinds.
        stale: (people,) which rows to leave out.
        fresh: Laid out by the same codes, which may have grown.
        codes: The codes of both.
    """
    order = np.argsort(fresh.rows["kind"], kind="stable")
    added = fresh._replace(rows=fresh.rows[order], tags=fresh.tags[order])
    added.rows["visits"] += len(people.visits)
    uneven = added.rows["start"] == UNEVEN
    added.rows["hours0"][uneven] += np.uint64(len(people.wide))
    size = len(stale) - int(stale.sum()) + len(added.rows)
    rows = np.empty(size, dtype=people.rows.dtype)
    tags = np.zeros((size, max(people.tags.shape[1], added.tags.shape[1])), dtype=np.uint64)
    _merge(people, added, stale, rows, tags)
    kinds, _, languages, needs, can_meet = laid_kinds(codes.kinds.things[len(people.kinds) :], codes)
    return People(
        rows=rows,
        kinds=np.concatenate([people.kinds, kinds]),
        first=_moved(people, np.flatnonzero(stale), added.rows["kind"], len(codes.kinds)),
        languages=_under(people.languages, languages),
        needs=_under(people.needs, needs),
        can_meet=_under(people.can_meet, can_meet),
        tags=tags,
        visits=np.concatenate([people.visits, fresh.visits]),
        wide=np.concatenate([people.wide, fresh.wide]),
    )


@compiled
def _merge(people: People, added: People, stale: Flags, rows: Any, tags: Words) -> None:
    """Merge by kind; of one kind, those who were there come first."""
    old, new = 0, 0
    for to in range(len(rows)):
        while old < len(stale) and stale[old]:
            old += 1
        if new == len(added.rows) or (old < len(stale) and people.rows[old].kind <= added.rows[new].kind):
            rows[to] = people.rows[old]
            for word in range(people.tags.shape[1]):
                tags[to, word] = people.tags[old, word]
            old += 1
        else:
            rows[to] = added.rows[new]
            for word in range(added.tags.shape[1]):
                tags[to, word] = added.tags[new, word]
            new += 1


def _first(rows: Any, kinds: int) -> Rows:
    return np.searchsorted(rows["kind"], np.arange(kinds + 1))


def _moved(people: People, stale: Rows, added: Any, kinds: int) -> Rows:
    """Where the rows of each kind begin after a change, by counting who went and came."""
    counts = np.bincount(added, minlength=kinds) - np.bincount(people.rows["kind"][stale], minlength=kinds)
    counts[: len(people.kinds)] += np.diff(people.first)
    return firsts(counts.tolist())


def _under(above: Words, below: Words) -> Words:
    """Put masks below one another, the narrower widened with nothing."""
    width = max(above.shape[1], below.shape[1])
    table = np.zeros((len(above) + len(below), width), dtype=np.uint64)
    table[: len(above), : above.shape[1]] = above
    table[len(above) :, : below.shape[1]] = below
    return table
