"""What is wanted of a run, told from the command to the process that measures."""

import json
from dataclasses import asdict, dataclass

SIZES = (1_000, 1_000_000)


@dataclass(frozen=True, kw_only=True)
class Options:
    """How much is measured.

    Attributes:
        members: Whom ours is to ask at one hour; naive: whom the naive way is.
        flow: Messages of the steady flow, of both ways; a thousand take a minute.
        sizes: Rows in the tables before which a tick is timed.
    """

    members: int = 10_000
    naive: int = 1_000
    flow: int = 500
    sizes: tuple[int, ...] = SIZES

    def told(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def heard(cls, text: str) -> "Options":
        """From that text."""
        said = json.loads(text)
        return cls(**said | {"sizes": tuple(said["sizes"])})
