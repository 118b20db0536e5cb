"""Stores what a Meeting Guide feed says; the only writer of meetings and areas."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from django.db import transaction

from accounts.meeting_guide import Entry, Feed, FeedError
from accounts.meeting_guide.rows import SLUG_LENGTH
from accounts.meeting_guide.text import short_slug
from accounts.models.audit import record
from accounts.models.intergroup import Area, Fellowship, Intergroup
from accounts.models.meeting import Meeting
from accounts.models.people import User
from accounts.models.policy import Policy

SOURCE_LENGTH = 120
_BATCH = 500
COLUMNS = (
    "fellowship_id",
    "source",
    "name",
    "day",
    "starts",
    "minutes",
    "zone",
    "types",
    "area_id",
    "place",
    "attendance",
    "conference_url",
    "conference_phone",
    "active",
)
"""Of a meeting, what its list tells and an undo brings back."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many meetings an import added, changed, left as they were, and took off the list."""

    created: int
    updated: int
    unchanged: int
    retired: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. ``held`` are the meetings as they stand that ``updated`` would replace; ``areas`` are
    those that the entries name, not stored yet."""

    areas: list[Area]
    created: list[Meeting]
    updated: list[Meeting]
    held: list[Meeting]
    unchanged: int
    retired: list[Meeting]

    @property
    def report(self) -> ImportReport:
        """The plan in numbers."""
        return ImportReport(len(self.created), len(self.updated), self.unchanged, len(self.retired))


def plan_import(entries: Sequence[Entry], *, intergroup: Intergroup, fellowship: Fellowship, source: str) -> Plan:
    """Compare what a feed says with an intergroup's meetings; nothing is written."""
    source = source[:SOURCE_LENGTH]
    stored = {meeting.slug: meeting for meeting in Meeting.objects.filter(intergroup=intergroup)}
    areas = _areas(entries, intergroup)
    wanted = {
        meeting.slug: meeting
        for meeting in (
            _meeting(entry, _slug_for(entry, source, stored), areas, intergroup, fellowship, source)
            for entry in entries
        )
    }
    updated, held = [], []
    for slug, meeting in wanted.items():
        if slug in stored and _differs(stored[slug], meeting):
            meeting.pk = stored[slug].pk
            updated.append(meeting)
            held.append(stored[slug])
    return Plan(
        areas=list(areas.values()),
        created=[meeting for slug, meeting in wanted.items() if slug not in stored],
        updated=updated,
        held=held,
        unchanged=sum(slug in stored for slug in wanted) - len(updated),
        retired=[one for slug, one in stored.items() if one.source == source and one.active and slug not in wanted],
    )


def _differs(held: Meeting, meeting: Meeting) -> bool:
    new_area = meeting.area is not None and meeting.area.pk is None
    return new_area or any(getattr(held, name) != getattr(meeting, name) for name in COLUMNS)


def store_plan(plan: Plan) -> None:
    """Write what a plan says, in the running transaction."""
    new = [area for area in plan.areas if area.pk is None]
    known = [area for area in plan.areas if area.pk is not None]
    Area.objects.bulk_create(new, batch_size=_BATCH)
    Area.objects.bulk_update(known, ["name", "latitude", "longitude"], batch_size=_BATCH)
    Meeting.objects.bulk_create(plan.created, batch_size=_BATCH)
    Meeting.objects.bulk_update(plan.updated, [name.removesuffix("_id") for name in COLUMNS], batch_size=_BATCH)
    Meeting.objects.filter(pk__in=[one.pk for one in plan.retired]).update(active=False)


@transaction.atomic
def import_meetings(
    feed: Feed, *, intergroup: Intergroup, fellowship: Fellowship, by: User | None, source: str
) -> ImportReport:
    """Make an intergroup's meetings what the feed says, all or nothing; a second run changes nothing.

    ``source`` names the feed, usually the file. A meeting of this source that the feed no longer lists becomes
    inactive and keeps its members' links. ``by`` None means the clock. A list that a coordinator published before can
    be taken back no more. Raises FeedError if the feed has no meeting, since that would retire them all.
    """
    if not feed.entries:
        raise FeedError("nothing_usable")
    # Two imports at once would both find a slug missing and both create it. The policy comes first, as everywhere.
    Policy.objects.select_for_update().filter(pk=intergroup.pk).first()
    Intergroup.objects.select_for_update(no_key=True).get(pk=intergroup.pk)
    plan = plan_import(feed.entries, intergroup=intergroup, fellowship=fellowship, source=source)
    store_plan(plan)
    Policy.objects.filter(pk=intergroup.pk).update(meeting_feed=None)
    report = plan.report
    record(
        by,
        "meetings_imported",
        intergroup,
        intergroup_id=intergroup.pk,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        retired=report.retired,
    )
    return report


def _slug_for(entry: Entry, source: str, stored: dict[str, Meeting]) -> str:
    """The entry's slug, unless another feed of the office uses it for another meeting: then with the feed's name.

    A meeting of the same name is taken over instead, so that a feed whose file was renamed does not double.
    """
    held = stored.get(entry.slug)
    if held is None or held.source == source or held.name.casefold() == entry.name.casefold():
        return entry.slug
    return short_slug(f"{entry.slug} {source}", SLUG_LENGTH)


def _meeting(
    entry: Entry,
    slug: str,
    areas: dict[str, Area],
    intergroup: Intergroup,
    fellowship: Fellowship,
    source: str,
) -> Meeting:
    return Meeting(
        intergroup=intergroup,
        fellowship=fellowship,
        source=source,
        slug=slug,
        name=entry.name,
        day=entry.day,
        starts=entry.starts,
        minutes=entry.minutes,
        zone=entry.zone,
        types=list(entry.types),
        area=areas.get(entry.area_code),
        place=entry.place,
        attendance=entry.attendance,
        conference_url=entry.conference_url,
        conference_phone=entry.conference_phone,
        active=entry.active,
    )


def _areas(entries: Iterable[Entry], intergroup: Intergroup) -> dict[str, Area]:
    """The areas named by the entries, by code. A centre is the median of the meetings' coordinates to about 1 km;
    an area whose meetings have none keeps the centre it had. Nothing is written; areas are never removed, as members
    live in them.
    """
    names: dict[str, str] = {}
    places: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for entry in entries:
        if not entry.area_code:
            continue
        names.setdefault(entry.area_code, entry.area_name)
        if entry.latitude is not None and entry.longitude is not None:
            places[entry.area_code].append((entry.latitude, entry.longitude))
    areas = {area.code: area for area in Area.objects.filter(intergroup=intergroup, code__in=names)}
    for code, name in names.items():
        area = areas.setdefault(code, Area(intergroup=intergroup, code=code))
        area.name = name
        if places[code]:
            area.latitude, area.longitude = (round(median(axis), 2) for axis in zip(*places[code], strict=True))
    return areas
