"""The coordinators' desk: a few hours a week, one thing after the other, oldest first."""

from datetime import datetime, timedelta

from matching.simulate.assumptions import Assumptions

_DAY = timedelta(days=1)


class Desk:
    """A place with opening hours where one piece of work is done at a time.

    Attributes:
        minutes: Work booked so far.
    """

    def __init__(self, assumed: Assumptions) -> None:
        self.minutes = 0
        self._sessions = assumed.desk
        self._free_at: datetime | None = None

    def book(self, now: datetime, minutes: int) -> datetime:
        """Put a piece of work behind what waits already; returns when it will be done."""
        self.minutes += minutes
        after = now if self._free_at is None else max(now, self._free_at)
        self._free_at = self._done_at(after, timedelta(minutes=minutes))
        return self._free_at

    def _done_at(self, after: datetime, work: timedelta) -> datetime:
        """The end of the first stretch from then on that lies within one session."""
        midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
        while True:
            for _, begins, ends in sorted(one for one in self._sessions if one[0] == midnight.weekday()):
                done_at = max(after, midnight + timedelta(hours=begins)) + work
                if done_at <= midnight + timedelta(hours=ends):
                    return done_at
            midnight += _DAY
