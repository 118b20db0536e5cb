"""The choice of a time zone: IANA zones by region, the office's own first."""

from collections import defaultdict
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
Group = tuple[str, list[tuple[str, str]]]


def is_zone(name: str) -> bool:
    """Whether this is the name of a zone that this machine knows."""
    return name in _known()


def zone_choices(*first: str) -> list[Group]:
    """Zones for a select, grouped by region; those in ``first`` stand before all others. Unknown ones are left out."""
    nearest = [(zone, zone_name(zone)) for zone in dict.fromkeys(first) if is_zone(zone)]
    return [(_("Near you"), nearest), *_by_region(), (_("No place"), [("UTC", "UTC")])]


def zone_name(zone: str) -> str:
    """How a zone is shown: "America/New York"."""
    return zone.replace("_", " ")


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _by_region() -> list[Group]:
    regions: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for zone in sorted(_known()):
        region, slash, place = zone.partition("/")
        if slash and region in REGIONS:
            regions[region].append((zone, zone_name(place)))
    return [(region, regions[region]) for region in REGIONS]
