"""One row of a feed, read on its own."""

from dataclasses import dataclass, field

from accounts.meeting_guide.feed import Entry, Findings, Note, RowError
from accounts.meeting_guide.text import plain_text, short_slug
from accounts.meeting_guide.when import DEFAULT_MINUTES, read_days, read_minutes, read_time, read_zone
from accounts.meeting_guide.where import (
    has_exact_place,
    read_area,
    read_attendance,
    read_coordinates,
    read_link,
    read_phone,
    read_types,
)

NAME_LENGTH = PLACE_LENGTH = SLUG_LENGTH = 160


@dataclass(slots=True)
class Draft:
    """A row before it is compared with the others. ``whereabouts`` tells two meetings of one name apart."""

    number: int
    label: str = ""
    entries: list[Entry] = field(default_factory=list)
    whereabouts: str = ""
    findings: Findings = field(default_factory=Findings)
    refusal: Note | None = None


def read_row(item: object, number: int, *, zone: str) -> Draft:
    """Read one row; several days give several entries, still with the row's one slug. ``zone`` is the office's own."""
    draft = Draft(number)
    try:
        if not isinstance(item, dict):
            raise RowError("not_a_meeting")
        _fill(draft, item, zone)
    except RowError as refused:
        draft.refusal = refused.note
        draft.entries = []
    return draft


def _fill(draft: Draft, row: dict[str, object], zone: str) -> None:
    findings = draft.findings
    draft.label = name = _read_name(row, findings)
    days = read_days(row.get("day"), findings)
    starts = read_time(row.get("time"), findings)
    if days and starts is None:
        raise RowError("day_without_time")
    if starts is not None and not days:
        raise RowError("time_without_day")
    minutes = DEFAULT_MINUTES if starts is None else read_minutes(starts, row.get("end_time"), findings)
    if starts is None:
        findings.remark("by_appointment")

    types = read_types(row.get("types"), findings)
    link, phone = read_link(row.get("conference_url"), findings), read_phone(row.get("conference_phone"), findings)
    coordinates = read_coordinates(row.get("latitude"), row.get("longitude"), findings)
    attendance, active = read_attendance(
        row,
        types=types,
        can_join=bool(link or phone),
        has_place=has_exact_place(row, located=coordinates is not None),
        findings=findings,
    )
    area_code, area_name = read_area(row, findings)
    place = plain_text(row.get("location"), "location", PLACE_LENGTH, findings)
    draft.whereabouts = _whereabouts(row, place) or link or phone
    slug = _read_slug(row, name, findings)
    meeting_zone = read_zone(row.get("timezone"), zone, findings)
    latitude, longitude = coordinates or (None, None)
    draft.entries = [
        Entry(
            slug=slug,
            name=name,
            day=day,
            starts=starts,
            minutes=minutes,
            zone=meeting_zone,
            types=types,
            attendance=attendance,
            active=active,
            place=place,
            area_code=area_code,
            area_name=area_name,
            latitude=latitude,
            longitude=longitude,
            conference_url=link,
            conference_phone=phone,
        )
        for day in days or (None,)
    ]


def _read_name(row: dict[str, object], findings: Findings) -> str:
    name = plain_text(row.get("name"), "name", NAME_LENGTH, findings)
    if name:
        return name
    group = plain_text(row.get("group"), "group", NAME_LENGTH, findings)
    if not group:
        raise RowError("no_name")
    findings.mend("name_from_group")
    return group


def _read_slug(row: dict[str, object], name: str, findings: Findings) -> str:
    given = plain_text(row.get("slug"), "slug", 1000, findings)
    slug = short_slug(given, SLUG_LENGTH)
    if not slug:
        slug = short_slug(name, SLUG_LENGTH) or "meeting"
        findings.mend("slug_made", slug)
    elif slug != given:
        findings.mend("slug_cleaned", slug)
    return slug


def _whereabouts(row: dict[str, object], place: str) -> str:
    """The place and street, for comparison only: a street address is never stored."""
    address = plain_text(row.get("formatted_address") or row.get("address"), "", 400, Findings())
    return " ".join(filter(None, [place, address])).casefold()
