"""Crisis lines by country. Static data, shown on every page; ``REVIEWED`` is when somebody last looked the list over.
Offices add local numbers, which stand beside these and never in their place.

Where to check them: 988lifeline.org (US), 988.ca (CA), samaritans.org (GB, IE), lifeline.org.au (AU), 1737.org.nz (NZ),
findahelpline.com (elsewhere).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REVIEWED = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """One line: ``tel`` is what a phone dials, ``emergency`` the country's emergency number."""

    country: str
    place: str | Promise
    name: str
    number: str
    tel: str
    emergency: str
    by_text: bool = False


CRISIS_LINES = (
    CrisisLine("US", _("United States"), "988 Suicide & Crisis Lifeline", "988", "988", "911", by_text=True),
    CrisisLine("CA", _("Canada"), "9-8-8", "988", "988", "911", by_text=True),
    CrisisLine("GB", _("United Kingdom"), "Samaritans", "116 123", "116123", "999"),
    CrisisLine("IE", _("Ireland"), "Samaritans", "116 123", "116123", "112"),
    CrisisLine("AU", _("Australia"), "Lifeline", "13 11 14", "131114", "000"),
    CrisisLine("NZ", _("New Zealand"), "1737", "1737", "1737", "111", by_text=True),
)

ELSEWHERE_URL = "https://findahelpline.com/"


@dataclass(frozen=True, slots=True)
class LocalLine:
    """A number that an office added. ``source`` is where it was checked, ``reviewed`` the day."""

    name: str
    number: str
    source: str
    reviewed: date
    by_text: bool = False

    @property
    def tel(self) -> str:
        """What a phone dials."""
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


def local_lines(kept: Iterable[Mapping[str, Any]]) -> list[LocalLine]:
    """The local numbers as an office's policy keeps them."""
    return [LocalLine(**{**one, "reviewed": date.fromisoformat(one["reviewed"])}) for one in kept]
