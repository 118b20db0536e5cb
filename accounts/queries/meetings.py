"""Reads on the imported meetings: what starts soon, and the search for a home group."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Attendance, Meeting, Profile

SOON = timedelta(hours=3)
MOST_SOON = 8
MOST_FOUND = 30
LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class SoonMeeting:
    """A meeting as the help page shows it; ``starts_at`` is aware, in the meeting's own zone."""

    name: str
    fellowship: str
    area: str
    attendance: str
    starts_at: datetime
    conference_url: str
    conference_phone: str


def meetings_soon(now: datetime, member: Profile | None = None, *, at_most: int = MOST_SOON) -> list[SoonMeeting]:
    """Active meetings that start from ``now`` (aware) on within three hours, the soonest first.

    For a member those of their fellowship that they can get to: in their intergroup, or online anywhere. Where there is
    none, and for visitors, those of all.
    """
    if member is None:
        return _soon_among(Meeting.objects.all(), now)[:at_most]
    online = Q(attendance__in=(Attendance.ONLINE, Attendance.HYBRID))
    theirs = Meeting.objects.filter(Q(intergroup=member.intergroup_id) | online, fellowship=member.fellowship_id)
    return (_soon_among(theirs, now) or _soon_among(Meeting.objects.all(), now))[:at_most]


def _soon_among(meetings: QuerySet[Meeting], now: datetime) -> list[SoonMeeting]:
    end = now + SOON
    zones = list(meetings.filter(active=True, day__isnull=False).order_by().values_list("zone").distinct())
    windows = Q(pk__in=[])
    for (zone,) in zones:
        windows |= Q(zone=zone) & _window(now.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone)))
    near = meetings.filter(windows, active=True).select_related("area", "fellowship").order_by()
    starts = sorted(((_next_start(meeting, now), meeting.pk, meeting) for meeting in near), key=lambda row: row[:2])
    return [_soon(meeting, at) for at, _, meeting in starts if now <= at <= end]


def _soon(meeting: Meeting, starts_at: datetime) -> SoonMeeting:
    return SoonMeeting(
        name=meeting.name,
        fellowship=str(meeting.fellowship),
        area=meeting.area.name if meeting.area else "",
        attendance=str(Attendance(meeting.attendance).label),
        starts_at=starts_at,
        conference_url=meeting.conference_url,
        conference_phone=meeting.conference_phone,
    )


def _window(start: datetime, end: datetime) -> Q:
    """Days (Sunday is 0) and times between two local moments less than a day apart."""
    first, last = start.isoweekday() % 7, end.isoweekday() % 7
    if first == last:
        return Q(day=first, starts__range=(start.time(), end.time()))
    return Q(day=first, starts__gte=start.time()) | Q(day=last, starts__lte=end.time())


def _next_start(meeting: Meeting, now: datetime) -> datetime:
    """The first start at or after ``now`` within the next day, else the last before it."""
    assert meeting.starts is not None
    zone = ZoneInfo(meeting.zone)
    today = now.astimezone(zone).date()
    if today.isoweekday() % 7 != meeting.day:
        today += timedelta(days=1)
    # Through UTC: a time that the clocks skip becomes the real one an hour on.
    return datetime.combine(today, meeting.starts, tzinfo=zone).astimezone(UTC).astimezone(zone)


def search_meetings(profile: Profile, words: str) -> QuerySet[Meeting]:
    """Meetings of the member's own intergroup and fellowship whose name holds all the words; at most 30.

    Nothing for less than two letters: the list is long, and the index is made of three.
    """
    if len(words.replace(" ", "")) < LEAST_LETTERS:
        return Meeting.objects.none()
    found = Meeting.objects.filter(intergroup=profile.intergroup, fellowship=profile.fellowship, active=True)
    for word in words.split():
        found = found.filter(name__icontains=word)
    return found.select_related("area").order_by("name", "day", "starts")[:MOST_FOUND]
