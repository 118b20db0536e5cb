"""What is wanted of a run, told from the command to the process that measures."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """How large the office is, and how hard the server is asked.

    Attributes:
        members: Everybody of the office; requests: open ones; pairs: who work together, each with an open question.
        connections: Kept open and used at once; the next request goes out when the answer before it has come.
        seconds: Of each case in each round, after one that is not counted; rounds: how often all cases are asked.
    """

    members: int = 100_000
    requests: int = 2_000
    pairs: int = 5_000
    connections: int = 16
    seconds: float = 4.0
    rounds: int = 3

    def told(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def heard(cls, text: str) -> "Options":
        """From that text."""
        return cls(**json.loads(text))
