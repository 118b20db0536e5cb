"""What an action may refuse, each with enough for the view to say what to do."""

from typing import TYPE_CHECKING

from matching.states import IllegalMove

if TYPE_CHECKING:
    from matching.queries.round_changes import Changes


class TooLate(IllegalMove):
    """What was to be changed has moved on since the page was made."""


class NoSeat(TooLate):
    """All the sponsor's seats were taken meanwhile."""


class ChangedSince(TooLate):
    """Something that was shown has changed since, so nothing of it was done; ``changes`` tells what."""

    def __init__(self, changes: "Changes") -> None:
        super().__init__("changed since")
        self.changes = changes


class NotAllowed(Exception):
    """The actor has no part in this; views fetch through the viewer's eyes, so this is the second door."""


class NotReady(Exception):
    """The profile lacks something a match needs; ``missing`` names the welcome's steps."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class AlreadyLooking(Exception):
    """The member has a live request in this fellowship."""


class AlreadyWorking(Exception):
    """A round is being made for this intergroup at present."""


class AlreadyPaired(Exception):
    """The member has a sponsor in this fellowship."""


class NoLongerFits(Exception):
    """A hard rule stands between the two by now; ``rule`` names it, for coordinators only."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule
