"""What of a count may be shown, so that a figure tells of many people or of nobody.

Counts under SMALL are hidden. A hidden count must not follow from the others and their sum either, so more are hidden
until at least two are, and until what is hidden is SMALL together (complementary suppression; Hundepool et al.,
Statistical Disclosure Control, Wiley 2012, chapter 4).
"""

from collections.abc import Sequence

SMALL = 10
"""Smaller counts are not shown, as they could tell of somebody."""


def shown(count: int) -> int | None:
    """A count that stands alone, or None when it is too small to be shown."""
    return count if count >= SMALL else None


def disclosed(counts: Sequence[int]) -> list[int | None]:
    """The counts of one breakdown, whose sum may be known, with None in the place of what must not be shown."""
    hidden = {at for at, count in enumerate(counts) if count < SMALL}
    if not hidden:
        return list(counts)
    others = sorted((at for at in range(len(counts)) if at not in hidden), key=lambda at: (counts[at], at))
    for at in others:
        if len(hidden) > 1 and sum(counts[one] for one in hidden) >= SMALL:
            break
        hidden.add(at)
    return [None if at in hidden else count for at, count in enumerate(counts)]


def share(part: int, rest: int) -> float | None:
    """``part`` of ``part + rest``, 0 to 1; None when either is too small to be shown, as both follow from the share."""
    if part < SMALL or rest < SMALL:
        return None
    return part / (part + rest)
