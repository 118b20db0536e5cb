"""One's own free hours as the clocks of another time zone show them, as they are painted and before they are saved."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from accounts import clock
from accounts.forms.elsewhere import ElsewhereForm
from accounts.forms.zones import is_zone, zone_name
from accounts.models import Week
from accounts.templatetags.ui import chosen_hours

LOOK = "look"
"""The name of the button that shows the hours and saves nothing."""

AN_HOUR = timedelta(hours=1)


def shown_elsewhere(data: QueryDict, *, first: str) -> dict[str, Any]:
    """For the template: the checked question, and the hours as lines in the zone that was chosen; none without any."""
    form = ElsewhereForm(data, first=first)
    zone, lines = data.get("zone", ""), list[str]()
    if form.is_valid() and is_zone(zone):
        week = Week.of(painted(data)["hours"])
        lines = [in_words(*run) for run in runs_elsewhere(week, zone, form.cleaned_data["elsewhere"])]
    place = zone_name(form.cleaned_data.get("elsewhere", ""))
    return {"elsewhere": form, "looked": True, "lines": lines, "place": place}


def painted(data: QueryDict) -> dict[str, Any]:
    """What stands in the week's form, as it can be shown again."""
    return {"zone": data.get("zone", ""), "hours": sorted(chosen_hours(data.getlist("hours")))}


def runs_elsewhere(week: Week, zone: str, other: str) -> Iterator[tuple[datetime, datetime]]:
    """Hours in a row as moments in ``other``, from this Monday in ``zone`` on; half hours between zones count."""
    today = clock.today(zone)
    found: list[tuple[datetime, datetime]] = []
    for begins in week.instants(zone, today - timedelta(days=today.weekday())):
        if found and found[-1][1] == begins:
            found[-1] = (found[-1][0], begins + AN_HOUR)
        else:
            found.append((begins, begins + AN_HOUR))
    there = ZoneInfo(other)
    for start, end in found:
        yield start.astimezone(there), end.astimezone(there)


def in_words(start: datetime, end: datetime) -> str:
    """ "Monday 6 p.m. to 9 p.m."; with the day at the end too when that is another one."""
    ends_at_midnight = end - start <= timedelta(days=1) and end.time() == end.min.time()
    same_day = start.date() == end.date() or ends_at_midnight
    until = _time(end) if same_day else f"{_day(end)} {_time(end)}"
    return _("%(start)s to %(end)s") % {"start": f"{_day(start)} {_time(start)}", "end": until}


def _day(moment: datetime) -> str:
    return formats.date_format(moment, "l")


def _time(moment: datetime) -> str:
    return formats.time_format(moment.time(), "TIME_FORMAT")
