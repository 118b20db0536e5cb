"""What stands in the way of a change to an office."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import PolicyChange


class ChangedSince(Exception):
    """What was to be changed or taken back was changed already by somebody else."""


class SavedMeanwhile(Exception):
    """Somebody else saved some of the same settings after the page was made on which others were typed; ``changes``
    are theirs, the newest first, and ``last`` is the last change of any setting. Nothing was written."""

    def __init__(self, changes: "Sequence[PolicyChange]", last: UUID) -> None:
        super().__init__("saved meanwhile")
        self.changes, self.last = changes, last
