"""What is wanted of a run, told from the command to the process that measures."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """How large the office is, and how often each page is fetched.

    Attributes:
        members: Everybody of the office, coordinator and bystanders included.
        requests: Of these, how many have an open request; pairs: how many pairs work together.
        small: Members of the small office, with requests and pairs in the same proportion.
        times: Measured fetches of a page, after three that are not.
    """

    members: int = 20_000
    requests: int = 2_000
    pairs: int = 5_000
    small: int = 200
    times: int = 40

    def told(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def heard(cls, text: str) -> "Options":
        """From that text."""
        return cls(**json.loads(text))

    def shrunk(self) -> "Options":
        """The small office."""
        share = self.small / self.members
        return Options(
            members=self.small,
            requests=max(8, round(self.requests * share)),
            pairs=max(8, round(self.pairs * share)),
            small=self.small,
            times=self.times,
        )
