"""The demo's offices: fellowships with their words, three intergroups, and their real meetings (see ORIGIN.md)."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accounts.actions.meetings import import_meetings
from accounts.meeting_guide import read_rows
from accounts.models import Fellowship, Intergroup, Policy

FEEDS = Path(__file__).parent / "meetings.json.gz"

# Minimum times and names of dates as the fellowships themselves use them; Al-Anon counts from no date.
FELLOWSHIPS: dict[str, tuple[str, dict[str, str], int]] = {
    "aa": (
        "Alcoholics Anonymous",
        {"en": "sobriety date", "es": "fecha de sobriedad", "fr": "date de sobriété"},
        365,
    ),
    "na": ("Narcotics Anonymous", {"en": "clean date", "es": "fecha limpia", "fr": "date d'abstinence"}, 365),
    "ga": (
        "Gamblers Anonymous",
        {"en": "date of my last bet", "es": "fecha de mi última apuesta", "fr": "date de mon dernier pari"},
        365,
    ),
    "oa": (
        "Overeaters Anonymous",
        {"en": "abstinence date", "es": "fecha de abstinencia", "fr": "date d'abstinence"},
        0,
    ),
    "al-anon": ("Al-Anon Family Groups", {}, 365),
}
NAMES = {
    "aa": {"es": "Alcohólicos Anónimos", "fr": "Alcooliques Anonymes"},
    "na": {"es": "Narcóticos Anónimos", "fr": "Narcotiques Anonymes"},
    "ga": {"es": "Jugadores Anónimos", "fr": "Gamblers Anonymes"},
    "oa": {"es": "Comedores Compulsivos Anónimos", "fr": "Outremangeurs Anonymes"},
    "al-anon": {"es": "Grupos de Familia Al-Anon", "fr": "Groupes familiaux Al-Anon"},
}
EXTRA_MILESTONE_MONTHS = {"na": [18]}


@dataclass(frozen=True, slots=True)
class Office:
    """An intergroup of the demo; ``feed`` is its key in the meetings file."""

    slug: str
    name: str
    zone: str
    country: str
    fellowship: str
    feed: str


OFFICES = (
    Office("bay", "Bay Area Intergroup (demo)", "America/Los_Angeles", "US", "aa", "san-francisco-marin"),
    Office("edmonton", "Edmonton Central Office (demo)", "America/Edmonton", "CA", "aa", "edmonton"),
    Office("massachusetts", "Massachusetts Family Groups (demo)", "America/New_York", "US", "al-anon", "al-anon"),
)


def open_offices() -> list[Intergroup]:
    """Make or refresh fellowships, intergroups and meetings; a second run changes nothing."""
    for code, (name, words, days) in FELLOWSHIPS.items():
        told: dict[str, Any] = {"name": name, "names": NAMES[code], "date_words": words, "minimum_days": days}
        told["extra_milestone_months"] = EXTRA_MILESTONE_MONTHS.get(code, [])
        Fellowship.objects.get_or_create(code=code, defaults=told)
    feeds: dict[str, list[Any]] = json.loads(gzip.decompress(FEEDS.read_bytes()))
    return [_open(office, feeds[office.feed]) for office in OFFICES]


def _open(office: Office, rows: list[Any]) -> Intergroup:
    intergroup, new = Intergroup.objects.get_or_create(
        slug=office.slug, defaults={"name": office.name, "zone": office.zone, "country": office.country}
    )
    if new:
        fellowship = Fellowship.objects.get(code=office.fellowship)
        intergroup.fellowships.add(fellowship)
        Policy.objects.create(intergroup=intergroup)
        import_meetings(
            read_rows(rows, zone=office.zone),
            intergroup=intergroup,
            fellowship=fellowship,
            by=None,
            source=f"{office.feed}.json",
        )
    return intergroup
