"""A calendar of moments as a file that calendar programs read (RFC 5545). Pure: moments in, bytes out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Component, Event, Timezone, TimezoneStandard

LASTS = timedelta(minutes=10)
FETCH_EVERY = timedelta(hours=12)


def calendar_file(owner: UUID, name: str, title: str, moments: Iterable[datetime], made_at: datetime) -> bytes:
    """The file: one event titled ``title`` at each moment, which are in UTC.

    ``name`` is what the calendar is called. An event has the same UID in every file made for its owner, and the same
    moments give the same bytes; ``made_at`` is when the address was made, the last time anybody revised it.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{name}//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", FETCH_EVERY, parameters={"VALUE": "DURATION"})
    events = [_event(owner, title, moment, made_at) for moment in sorted(set(moments))]
    # A calendar without any component is none: where nothing is planned it says which zone it is in.
    components: list[Component] = [*events] or [_utc()]
    for component in components:
        calendar.add_component(component)
    text: bytes = calendar.to_ical()
    return text


def _event(owner: UUID, title: str, moment: datetime, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", str(uuid5(owner, moment.isoformat())))
    event.add("dtstamp", made_at.replace(microsecond=0))
    event.add("dtstart", moment)
    event.add("duration", LASTS)
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _utc() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  (local time of the zone, as the format wants it)
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add("tzid", "Etc/UTC")
    zone.add_component(standard)
    return zone
