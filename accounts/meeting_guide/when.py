"""Days, times and zones in the notations found in published feeds."""

import re
import unicodedata
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from accounts.meeting_guide.feed import Findings, RowError
from accounts.meeting_guide.text import is_scalar, plain_text, quote

DEFAULT_MINUTES = 60
LONGEST_MINUTES = 12 * 60

_DAY_NAMES = (
    "sunday sun domingo dom dimanche dim",
    "monday mon lunes lun lundi",
    "tuesday tues tue martes mar mardi",
    "wednesday wed miercoles mie mercredi mer",
    "thursday thurs thur thu jueves jue jeudi jeu",
    "friday fri viernes vie vendredi ven",
    "saturday sat sabado sab samedi sam",
)
_DAYS = {name: day for day, names in enumerate(_DAY_NAMES) for name in names.split()} | {
    str(day): day for day in range(7)
}
_TIME_WORDS = {
    word: hour
    for hour, words in ((12, ("noon", "midday", "mediodia", "midi")), (0, ("midnight", "medianoche", "minuit")))
    for word in words
}
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?::\d{2})?|h)?\s*(?P<half>[ap])?\.?\s?m?\.?|(?P<digits>\d{3,4})",
    re.ASCII,
)


def read_days(value: object, findings: Findings) -> tuple[int, ...]:
    """Days of the week, Sunday = 0, in order and each once; empty by appointment. Refused if none is readable."""
    items = value if isinstance(value, list) else re.split(r"[,;/]", value) if isinstance(value, str) else [value]
    given = [item for item in items if not (item is None or (isinstance(item, str) and not item.strip()))]
    read = [(item, _read_day(item)) for item in given]
    days = sorted({day for _, day in read if day is not None})
    strange = [item for item, day in read if day is None]
    if strange and not days:
        raise RowError("bad_day", quote(strange[0]))
    if strange:
        findings.mend("day_dropped", quote(strange[0]))
    if any(isinstance(item, str) for item in given):
        findings.remark("day_notation")
    if len(days) > 1:
        findings.remark("several_days")
    return tuple(days)


def _read_day(value: object) -> int | None:
    if not is_scalar(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = _plain_word(value)
    return _DAYS.get(word, _DAYS.get(word.removesuffix("s")))


def read_time(value: object, findings: Findings) -> time | None:
    """A time of day, to the minute; None when there is none. Refused if it is unreadable."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    word = _plain_word(value) if is_scalar(value) else ""
    found = _time_of(word, findings)
    if found is None:
        raise RowError("bad_time", quote(value))
    if word != found.strftime("%H:%M"):
        findings.remark("time_notation")
    return found


def _time_of(word: str, findings: Findings) -> time | None:
    word = word.removeprefix("12 ") if word.removeprefix("12 ") in _TIME_WORDS else word
    if word in _TIME_WORDS:
        return time(_TIME_WORDS[word])
    match = _CLOCK.fullmatch(word)
    if match is None:
        return None
    if match["digits"]:
        hour, minute, half = int(match["digits"][:-2]), int(match["digits"][-2:]), None
    else:
        hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if half is None and word.isdigit() and not match["digits"]:
        return None
    if half and hour == 12:
        hour = 0 if half == "a" else 12
    elif half == "p" and 12 < hour < 24:
        findings.mend("afternoon", word)
    elif half == "p":
        hour = hour + 12 if 0 < hour < 12 else 24
    elif half == "a" and hour > 12:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_minutes(starts: time, value: object, findings: Findings) -> int:
    """The length in minutes, over midnight too; the spec's one hour when the end is missing or does not fit."""
    try:
        ends = read_time(value, Findings())
    except RowError:
        ends = starts
    if ends is None:
        return DEFAULT_MINUTES
    minutes = ((ends.hour - starts.hour) * 60 + ends.minute - starts.minute) % (24 * 60)
    if 0 < minutes <= LONGEST_MINUTES:
        return minutes
    findings.mend("end_time_dropped", quote(value))
    return DEFAULT_MINUTES


def read_zone(value: object, fallback: str, findings: Findings) -> str:
    """An IANA zone name; the office's own (``fallback``) when it is missing or unknown."""
    name = plain_text(value, "timezone", 64, findings)
    if not name:
        findings.remark("zone_missing")
        return fallback
    zone = _zones().get(name.casefold().replace(" ", "_"))
    if zone is None:
        findings.mend("zone_unknown", quote(name))
        return fallback
    return zone


@cache
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() if "/" in zone or zone in ("UTC", "GMT")}


def _plain_word(value: object) -> str:
    """Lower case without accents or surrounding signs: "Miércoles." as "miercoles"."""
    text = unicodedata.normalize("NFKD", plain_text(value, "", 40, Findings()).casefold())
    return "".join(char for char in text if not unicodedata.combining(char)).strip().rstrip(".").strip()
