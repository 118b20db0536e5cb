"""Where a meeting is and how one takes part: attendance, links, coordinates and area."""

import re
import unicodedata
from urllib.parse import urlsplit

from accounts.meeting_guide.feed import Findings
from accounts.meeting_guide.text import plain_text, quote, short_slug

ONLINE, CLOSED = "ONL", "TC"
URL_LENGTH, PHONE_LENGTH, TYPE_LENGTH, MOST_TYPES = 400, 60, 20, 40
AREA_NAME_LENGTH, AREA_CODE_LENGTH = 120, 80

_ATTENDANCE = ("in_person", "online", "hybrid", "inactive")
_BARE_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?", re.IGNORECASE | re.ASCII)
_PHONE = re.compile(r"[0-9+,;*#().\-/ xX]+", re.ASCII)


def read_types(value: object, findings: Findings) -> tuple[str, ...]:
    """Meeting Guide's codes in order, each once; unknown ones are kept, as the spec allows an office its own."""
    items = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else [value]
    types: list[str] = []
    for item in items[:MOST_TYPES]:
        code = plain_text(item, "types", 1000, findings)
        if len(code) > TYPE_LENGTH:
            findings.mend("type_dropped")
        elif code and code not in types:
            types.append(code)
    if len(items) > MOST_TYPES:
        findings.mend("cut", "types")
    return tuple(types)


def read_link(value: object, findings: Findings) -> str:
    """A web address with http or https; empty, and noted, for anything else."""
    if value is None or value == "":
        return ""
    link = value.strip().replace("&amp;", "&") if isinstance(value, str) else ""
    if _BARE_HOST.fullmatch(link):
        findings.mend("link_completed")
        link = f"https://{link}"
    if len(link) <= URL_LENGTH and _is_web_address(link):
        return link
    if not isinstance(value, str) or value.strip():
        findings.mend("link_dropped")
    return ""


def _is_web_address(link: str) -> bool:
    if any(char.isspace() or unicodedata.category(char)[0] == "C" for char in link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def read_phone(value: object, findings: Findings) -> str:
    """A number to dial, with the signs that the spec allows for one-tap links; empty, and noted, for anything else."""
    if value is None or value == "":
        return ""
    phone = plain_text(value, "conference_phone", 1000, Findings())
    if len(phone) <= PHONE_LENGTH and _PHONE.fullmatch(phone) and sum(char.isdigit() for char in phone) >= 3:
        return phone
    if phone or not isinstance(value, str):
        findings.mend("phone_dropped")
    return ""


def read_coordinates(latitude: object, longitude: object, findings: Findings) -> tuple[float, float] | None:
    """Degrees north and east; None when missing or, noted, when they are nowhere or at the null point 0, 0."""
    if latitude in (None, "") and longitude in (None, ""):
        return None
    try:
        north, east = _degrees(latitude), _degrees(longitude)
    except (ValueError, OverflowError):
        findings.mend("coordinates_dropped")
        return None
    if not (abs(north) <= 90 and abs(east) <= 180) or (north == 0 and east == 0):
        findings.mend("coordinates_dropped")
        return None
    return north, east


def _degrees(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    return float(value)


def read_area(row: dict[str, object], findings: Findings) -> tuple[str, str]:
    """A code and a name for the coarse area: of the regions, general first, the second at most; else the city."""
    regions = row.get("regions")
    if isinstance(regions, str):
        regions = regions.split(">")
    if not isinstance(regions, list) or not regions:
        regions = [row.get("region"), row.get("sub_region")]
    names = [plain_text(region, "region", AREA_NAME_LENGTH, findings) for region in regions[:2]]
    names = list(dict.fromkeys(filter(None, names)))
    if not names:
        names = list(filter(None, [plain_text(row.get("city"), "city", AREA_NAME_LENGTH, findings)]))
    if not names:
        findings.remark("no_area")
        return "", ""
    name = ", ".join(reversed(names))
    if len(name) > AREA_NAME_LENGTH:
        name = names[-1]
    code = short_slug(" ".join(names), AREA_CODE_LENGTH)
    return (code, name) if code else ("", "")


def read_attendance(
    row: dict[str, object], *, types: tuple[str, ...], can_join: bool, has_place: bool, findings: Findings
) -> tuple[str, bool]:
    """How one attends, and whether the meeting meets at the moment.

    ``attendance_option`` decides where it is given. Elsewhere, as the spec and the 12 Step Meeting List plugin have it:
    online by type ONL or a link or phone number; TC closes the place, and then what is not online does not meet.
    """
    online = ONLINE in types or can_join
    stated = plain_text(row.get("attendance_option"), "attendance_option", 40, findings)
    option = re.sub(r"[\s-]+", "_", stated.casefold())
    if option not in _ATTENDANCE:
        if option:
            findings.mend("attendance_unknown", quote(stated))
        option = _derive_attendance(online=online, closed=CLOSED in types, has_place=has_place)
    if option == "inactive":
        findings.remark("not_meeting")
        return ("online" if online else "in_person"), False
    if option == "online" and not can_join:
        findings.remark("no_way_to_join")
    return option, True


def _derive_attendance(*, online: bool, closed: bool, has_place: bool) -> str:
    if online:
        return "hybrid" if has_place and not closed else "online"
    return "inactive" if closed else "in_person"


def has_exact_place(row: dict[str, object], *, located: bool) -> bool:
    """Whether the row names a spot and not just a town: by ``approximate``, else coordinates, else a street."""
    approximate = quote(row.get("approximate")).casefold()
    if approximate in ("yes", "no"):
        return approximate == "no"
    if located:
        return True
    address = plain_text(row.get("formatted_address") or row.get("address"), "", 400, Findings())
    street, *rest = address.split(",")
    return any(char.isdigit() for char in street) or bool(address and not rest and row.get("city"))
