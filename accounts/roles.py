"""What somebody may do here decides how they prove who they are, and for how long a session of theirs lasts."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """The most that somebody is; each one is also all those above it."""

    NEWCOMER = "newcomer"
    SPONSOR = "sponsor"
    COORDINATOR = "coordinator"
    STAFF = "staff"

    @property
    def needs_second_factor(self) -> bool:
        """Whether a mailbox alone opens too much: a newcomer is offered a second factor, the others must have one."""
        return self is not Role.NEWCOMER


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A session ends after ``idle`` without a request, and after ``whole`` in any case."""

    idle: timedelta
    whole: timedelta


LIFETIMES = {
    Role.NEWCOMER: Lifetime(idle=timedelta(days=30), whole=timedelta(days=180)),
    Role.SPONSOR: Lifetime(idle=timedelta(days=14), whole=timedelta(days=90)),
    Role.COORDINATOR: Lifetime(idle=timedelta(minutes=30), whole=timedelta(hours=12)),
    Role.STAFF: Lifetime(idle=timedelta(minutes=15), whole=timedelta(hours=8)),
}

OWN_MATTERS = timedelta(minutes=10)
"""How fresh a proof must be for what could take an account away: addresses, keys, a copy of everything, erasure."""

OFFICE_MATTERS = timedelta(hours=2)
"""How fresh it must be to decide on others, as coordinators and operators do: once for an evening's work."""


def role(*, staff: bool, coordinates: bool, sponsors: bool) -> Role:
    """The most that somebody is."""
    if staff:
        return Role.STAFF
    if coordinates:
        return Role.COORDINATOR
    return Role.SPONSOR if sponsors else Role.NEWCOMER
