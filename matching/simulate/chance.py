"""Chance that depends on who and what, never on the order of events.

Each decision has dice of its own, named by the people it is about. Two policies therefore meet the same people, who
would answer the same question in the same way and at the same pace; what differs is what the policy asks of whom, and
when. (Common random numbers: the noise is shared, so that it falls out of the difference.)
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Chance:
    """The chances of one world."""

    seed: int

    def dice(self, *named: object) -> Random:
        """Dice for one decision; the same names always give the same throws."""
        return Random(":".join(map(str, (self.seed, *named))))

    def happens(self, share: float, *named: object) -> bool:
        """Whether something with this chance happens."""
        return self.dice(*named).random() < share
