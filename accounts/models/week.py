"""The week a member is free: 168 hours in the member's own zone, Monday 00:00 first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

HOURS = 168

if TYPE_CHECKING:
    _Field = models.Field["Week", "Week"]
else:
    _Field = models.Field


@dataclass(frozen=True, slots=True)
class Week:
    """168 hours as one integer: bit ``24 * weekday + hour`` is set when that local hour is free (Monday is 0)."""

    bits: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.bits < 1 << HOURS:
            raise ValueError("A week has 168 hours.")

    @classmethod
    def of(cls, hours: Iterable[int]) -> "Week":
        """A week of hour numbers, 0 (Monday 00:00) to 167. Raises ValueError for any other number."""
        bits = 0
        for hour in hours:
            if not 0 <= hour < HOURS:
                raise ValueError(f"There is no hour {hour} in a week.")
            bits |= 1 << hour
        return cls(bits)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read the database's form: 168 characters 0 or 1, Monday 00:00 first."""
        if len(text) != HOURS or set(text) - {"0", "1"}:
            raise ValueError("A week is written as 168 characters 0 or 1.")
        return cls(int(text[::-1], 2))

    def __str__(self) -> str:
        return format(self.bits, f"0{HOURS}b")[::-1]

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __contains__(self, hour: int) -> bool:
        return bool(self.bits >> hour & 1)

    def deconstruct(self) -> tuple[str, list[int], dict[str, Any]]:
        """How migrations write a week."""
        return "accounts.models.Week", [self.bits], {}

    @property
    def hours(self) -> list[int]:
        """The free hours' numbers, rising."""
        return [hour for hour in range(HOURS) if hour in self]

    def instants(self, zone: str, monday: date) -> list[datetime]:
        """The free hours of the local week that begins on ``monday``, as moments in UTC.

        A local hour that the clocks skip is left out; of an hour that happens twice, the first counts.
        Raises ValueError when ``monday`` is another weekday.
        """
        if monday.weekday() != 0:
            raise ValueError("A week begins on a Monday.")
        there = ZoneInfo(zone)
        found = []
        for hour in self.hours:
            local = datetime.combine(monday + timedelta(days=hour // 24), time(hour % 24), tzinfo=there)
            instant = local.astimezone(UTC)
            if instant.astimezone(there).replace(tzinfo=None) == local.replace(tzinfo=None):
                found.append(instant)
        return found


class WeekField(_Field):
    """A :class:`Week` as PostgreSQL's ``bit(168)``."""

    description = _("168 hours of a week")

    def db_type(self, connection: Any) -> str:
        return f"bit({HOURS})"

    def get_internal_type(self) -> str:
        return "WeekField"

    def from_db_value(self, value: str | None, *_: Any) -> Week | None:
        return None if value is None else Week.parse(value)

    def to_python(self, value: Any) -> Week | None:
        if value is None or isinstance(value, Week):
            return value
        try:
            return Week.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> str | None:
        week = self.to_python(value)
        return None if week is None else str(week)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        return self.get_prep_value(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return f"%s::bit({HOURS})"

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))
