"""One value of a copy, in words of the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.copy.words import Vocabulary

NOTHING = "–"
A_DAY = 24
HOURS_OF_A_DAY = {"hour", "quiet_begins", "quiet_ends"}


def shown(value: Any, *, section: str, name: str, words: Vocabulary) -> str:
    """The value as text; nothing is left out, and nothing at all is a dash."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return formats.date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(one, section=section, name='', words=words)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return _week(value) if name == "week" else _listed(value, section, name, words)
    return words.word(section, name, value) if isinstance(value, str) else _number(value, name)


def _listed(values: Iterable[Any], section: str, name: str, words: Vocabulary) -> str:
    return ", ".join(shown(one, section=section, name=name, words=words) for one in values)


def _number(value: Any, name: str) -> str:
    if name == "weekday":
        return str(WEEKDAYS[value])
    if name in HOURS_OF_A_DAY:
        return formats.time_format(time(value % A_DAY))
    return str(value)


def _week(hours: Iterable[int]) -> str:
    """The free hours of a week, day by day: each hour by its beginning."""
    days: dict[int, list[str]] = {}
    for hour in hours:
        days.setdefault(hour // A_DAY, []).append(formats.time_format(time(hour % A_DAY)))
    return "; ".join(f"{WEEKDAYS[day]} {', '.join(times)}" for day, times in days.items())
