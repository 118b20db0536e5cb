"""SQL that takes longer to write than to answer: written once by a process, for whoever asks and whenever.

It is written for a user and a moment that do not exist; where these stand among its values, others are filled in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts import clock
from accounts.models import User

WHOEVER = UUID("5a0c7f1e-0b1d-4c53-9d0e-6f1b8a3c2d47")
SOME_TIME = datetime(1977, 5, 19, 3, 14, 15, 926535, tzinfo=UTC)
AROUND_IT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Written:
    """SQL, and its values as they were written."""

    sql: str
    values: tuple[Any, ...]

    def values_for(self, user: User) -> list[Any]:
        """The values for somebody at this moment."""
        passed = clock.now() - SOME_TIME
        return [_filled_in(value, user.pk, passed) for value in self.values]


def _filled_in(value: Any, pk: UUID, passed: timedelta) -> Any:
    if isinstance(value, datetime):
        return value + passed
    return pk if value == WHOEVER else value


def write(make: Callable[[User], QuerySet[Any, Any]]) -> Written:
    """Write what ``make`` asks for somebody. Raises ValueError for a day, and for a moment that does
    not go by the present one."""
    with clock.standing(SOME_TIME):
        sql, values = make(User(pk=WHOEVER)).query.sql_with_params()
    if any(_stands_still(value) for value in values):
        raise ValueError("a moment that does not go by the present one")
    return Written(sql, values)


def _stands_still(value: Any) -> bool:
    """A day would stay the one it was written on, as would a moment that is no span away from the present one."""
    if isinstance(value, datetime):
        return abs(value - SOME_TIME) > AROUND_IT
    return isinstance(value, date)
