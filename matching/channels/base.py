"""What the outbox asks of a channel. A new one is a file beside this one, and a line in NOTICE_CHANNELS."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.utils.functional import Promise

from matching.models import OutboxMessage
from matching.notices import Notice, Told

Letter = TypeVar("Letter")


class ChannelGone(Exception):
    """The channel as a whole can't be used now: no message's fault, and no attempt of any."""


class Nowhere(Exception):
    """The address does not exist any more; nothing is left to try. The text is one word, with nothing private."""


class Later(Exception):
    """Not now. ``wait``: the receiver asked not to be tried again before. The text holds nothing private."""

    def __init__(self, reason: str, wait: timedelta = timedelta()) -> None:
        super().__init__(reason)
        self.wait = wait


class Channel(Protocol[Letter]):
    """One way of reaching members, for one run of the outbox: it may keep a connection from letter to letter.

    Each address that a message goes to is a row of the outbox with a lease, attempts and a mark of its own, so what
    fails on one channel or at one address neither doubles nor loses anything elsewhere.
    """

    name: str
    """What rows of the outbox and members' wishes call it; never changed once it is used."""

    label: str | Promise
    """What members read where they choose what comes this way."""

    @property
    def offered(self) -> bool:
        """Whether it is set up here, so that members may choose what comes this way."""
        ...

    def addresses(self, members: Collection[UUID]) -> Mapping[UUID, Sequence[UUID | None]]:
        """Where these members can be reached, asked when a message is posted; at most one query, however many they are.

        Whoever can't be reached is left out. None stands for the one address of a channel on which a member has no
        other; ids name several.
        """
        ...

    def compose(self, notice: Notice, message: OutboxMessage, told: Told) -> Letter:
        """Put a notice into this channel's form, in its recipient's language; no query, no connection.

        ``told`` has the path of what it is about, and the text. What it raises counts as an attempt.
        """
        ...

    def announce(self, letter: Letter) -> None:
        """Hear which letter is sent next, so that a part of the way is gone by then; doing nothing is right too.

        Never waits and never raises: what is wrong is told when the letter is sent.
        """
        ...

    def send(self, letter: Letter) -> None:
        """Hand one letter over; returns once it was taken.

        Raises ChannelGone, Nowhere or Later; whatever else it raises is this letter's own trouble.
        """
        ...

    def close(self) -> None:
        """End what was opened. Never raises."""
        ...


AnyChannel = Channel[Any]
