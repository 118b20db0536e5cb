"""Columns of chance: many draws of one kind at once, as plain lists, the same from the same seed."""

from collections.abc import Sequence
from itertools import permutations
from uuid import UUID

import numpy as np
import numpy.typing as npt

WEEK_HOURS = 168
_DAY = np.arange(24)


class Dice:
    """Draws for so many people. The order of the calls is part of what a seed stands for."""

    def __init__(self, seed: tuple[int, ...], many: int) -> None:
        self._random, self._many = np.random.default_rng(seed), many

    def below(self, end: int) -> list[int]:
        """Numbers from 0 up to, without, the end."""
        return _ints(self._below(end))

    def within(self, ends: Sequence[int]) -> list[int]:
        """For each person a number from 0 up to, without, an end of their own."""
        return _ints((self._random.random(self._many) * np.asarray(ends)).astype(np.int64))

    def shares(self) -> list[float]:
        """Numbers from 0 up to 1."""
        shares: list[float] = self._random.random(self._many).tolist()
        return shares

    def yes(self, share: float) -> list[bool]:
        """True with this chance."""
        flags: list[bool] = (self._random.random(self._many) < share).tolist()
        return flags

    def one_of(self, shares: Sequence[int]) -> list[int]:
        """Indexes, each as often as its share of the sum."""
        steps = np.cumsum(shares)
        return _ints(np.searchsorted(steps, self._below(int(steps[-1])), side="right"))

    def bits(self, count: int, share: float) -> list[int]:
        """Numbers of so many bits, each set with this chance."""
        return _ints((self._random.random((self._many, count)) < share) @ (1 << np.arange(count)))

    def rankings(self, words: Sequence[str], most: int) -> list[tuple[str, ...]]:
        """Some of the words in an order, none up to the most, each length as often as any other."""
        by_length = [tuple(permutations(words, length)) for length in range(most + 1)]
        lengths = self.below(most + 1)
        places = self.within([len(by_length[length]) for length in lengths])
        return [by_length[length][place] for length, place in zip(lengths, places, strict=True)]

    def weeks(self) -> list[int]:
        """Weeks of 168 bits: seven of ten evenings and days of the weekend, 2 to 5 hours each.

        Evenings begin from 17 to 19 h, days of the weekend from 9 to 17 h; who drew none has Monday from 18 to 19 h.
        """
        free = np.zeros((self._many, WEEK_HOURS), dtype=np.bool_)
        for day in range(7):
            start = 17 + self._below(3) if day < 5 else 9 + self._below(9)
            end = np.where(self._random.random(self._many) < 0.7, start + 2 + self._below(4), 0)
            free[:, 24 * day : 24 * (day + 1)] = (start[:, None] <= _DAY) & (end[:, None] > _DAY)
        packed, size = np.packbits(free, axis=1, bitorder="little").tobytes(), WEEK_HOURS // 8
        return [int.from_bytes(packed[at : at + size], "little") or 1 << 18 for at in range(0, len(packed), size)]

    def lognormal(self, mean: float, deviation: float, most: int) -> list[int]:
        """Whole numbers whose logarithm is normal."""
        return _ints(np.minimum(np.exp(self._random.normal(mean, deviation, self._many)), most).astype(np.int64))

    def ids(self) -> list[UUID]:
        """Ids of 128 bits: nobody is drawn twice in practice."""
        words = self._random.integers(0, 1 << 32, (4, self._many)).tolist()
        return [UUID(int=a << 96 | b << 64 | c << 32 | d) for a, b, c, d in zip(*words, strict=True)]

    def _below(self, end: int) -> npt.NDArray[np.int64]:
        return self._random.integers(0, end, self._many)


def _ints(values: npt.NDArray[np.int64]) -> list[int]:
    plain: list[int] = values.tolist()
    return plain
