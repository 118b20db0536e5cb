"""Words as bits, and whatever else people have in common as numbers."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
Words = frozenset[str] | tuple[str, ...]

WORD = 64
_MOST_KEPT = 4096
"""Masks, and lists of words, whose counterpart is remembered."""


class Numbers(Generic[K]):
    """Numbers from nought for things, in the order in which they were first seen; UNSEEN for all others."""

    UNSEEN = -1

    def __init__(self) -> None:
        self._numbers: dict[K, int] = {}
        self.things: list[K] = []

    def __len__(self) -> int:
        return len(self.things)

    def add(self, thing: K) -> int:
        """Give the number of a thing, a new one if need be."""
        number = self._numbers.setdefault(thing, len(self.things))
        if number == len(self.things):
            self.things.append(thing)
        return number

    def find(self, thing: K) -> int:
        """Give the number of a thing, or UNSEEN."""
        return self._numbers.get(thing, self.UNSEEN)


class Vocabulary:
    """Words of one kind as bits. Bit 0 stands for every word that this vocabulary does not know.

    Nobody whose words are in the vocabulary has bit 0, so a newcomer encoded later never shares an unknown language,
    and a need nobody here has heard of is never met.
    """

    def __init__(self) -> None:
        self._numbers: Numbers[str] = Numbers()
        self._listed: dict[int, tuple[str, ...]] = {}
        self._added: dict[Words, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def words(self) -> int:
        """How many 64-bit words hold all bits."""
        return len(self._numbers) // WORD + 1

    def add(self, words: Words) -> int:
        """Encode words, learning those that are new."""
        mask = self._added.get(words)
        if mask is None:
            mask = self._mask(self._numbers.add(word) for word in sorted(words))
            if len(self._added) < _MOST_KEPT:
                self._added[words] = mask
        return mask

    def find(self, words: Iterable[str]) -> int:
        """Encode words as far as they are known."""
        return self._mask(self._numbers.find(word) for word in words)

    def bit(self, word: str) -> int:
        """Give the bit of a word, 0 if it is not known."""
        return self._numbers.find(word) + 1

    def listed(self, mask: int) -> tuple[str, ...]:
        """Give the words of a mask back, in rising order."""
        found = self._listed.get(mask)
        if found is None:
            found = tuple(sorted(word for at, word in enumerate(self._numbers.things, start=1) if mask >> at & 1))
            if len(self._listed) < _MOST_KEPT:
                self._listed[mask] = found
        return found

    @staticmethod
    def _mask(numbers: Iterable[int]) -> int:
        mask = 0
        for number in numbers:
            mask |= 1 << number + 1
        return mask
