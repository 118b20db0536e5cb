"""The engine's reasons as sentences for the two people they are about, and moments in the reader's own words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Value
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import clock
from accounts.models import Approach, Area, Experience, Language, Meeting, Mode, Need, Profile
from matching.engine.explain import ReasonKey

Words = str | Promise

Reasons = Sequence[Mapping[str, Any]]
"""Reasons as they are kept: each {"key": ..., "params": {...}}."""

Params = Mapping[str, Any]

OVERTAKEN: Words = gettext_lazy("This has moved on meanwhile. Below is how it stands now.")

WITHIN_A_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of areas and meetings by id; one that is gone is simply not there."""

    areas: Mapping[int, str] = field(default_factory=dict)
    meetings: Mapping[int, str] = field(default_factory=dict)


def names_in(*lists: Reasons) -> Names:
    """The names that these reasons speak of: one query for all of them, none when they name nothing."""
    areas: set[int] = set()
    meetings: set[int] = set()
    for params in (one.get("params", {}) for reasons in lists for one in reasons):
        areas.update([params["area"]] if "area" in params else [])
        meetings.update([params["group"]] if "group" in params else params.get("meetings", []))
    if not areas and not meetings:
        return Names()
    found: dict[str, dict[int, str]] = {"area": {}, "meeting": {}}
    of_areas = Area.objects.filter(pk__in=areas).order_by().values_list(Value("area"), "pk", "name")
    of_meetings = Meeting.objects.filter(pk__in=meetings).order_by().values_list(Value("meeting"), "pk", "name")
    for kind, key, name in of_areas.union(of_meetings, all=True):
        found[kind][key] = name
    return Names(found["area"], found["meeting"])


def reasons_in_words(reasons: Reasons, *, viewer: Profile, names: Names | None = None) -> list[str]:
    """Sentences for the viewer about the other person, in the order of the reasons; times are in the viewer's zone.

    ``names`` comes from :func:`names_in`, so that a page with several people asks once. A reason that this version
    has no words for, kept by an earlier one, is left out.
    """
    known = names_in(reasons) if names is None else names
    with timezone.override(ZoneInfo(viewer.zone)):
        sentences = [_sentence(one["key"], one.get("params", {}), viewer, known) for one in reasons]
    return [sentence for sentence in sentences if sentence]


def moment(at: datetime) -> str:
    """A moment in the active zone: "Tuesday, 6 p.m." within the next days, else with the date."""
    local = timezone.localtime(at)
    words = {"weekday": formats.date_format(local, "l"), "hour": formats.time_format(local, "TIME_FORMAT")}
    if timedelta(0) <= at - clock.now() < WITHIN_A_WEEK:
        return _("%(weekday)s, %(hour)s") % words
    return _("%(weekday)s, %(day)s, %(hour)s") % {**words, "day": formats.date_format(local, "MONTH_DAY_FORMAT")}


def listed(choices: type[models.TextChoices], keys: Iterable[str]) -> str:
    """Chosen values in the reader's words; a value that no longer exists is left out."""
    return ", ".join(str(choices(key).label) for key in keys if key in choices.values)


def _sentence(key: str, params: Params, viewer: Profile, names: Names) -> str:
    if key == ReasonKey.RECOVERY_BAND:
        dated = viewer.fellowship is None or viewer.fellowship.has_date
        return str((IN_RECOVERY if dated else IN_THE_PROGRAM).get(params["band"], ""))
    return _SAY[key](params, names) if key in _SAY else ""


def _shared_hours(params: Params, names: Names) -> str:
    hours = params["hours"]
    return ngettext("You are both free %(hours)s hour a week.", "You are both free %(hours)s hours a week.", hours) % {
        "hours": formats.number_format(hours)
    }


def _same_area(params: Params, names: Names) -> str:
    name = names.areas.get(params["area"])
    return _("Same area as you: %(area)s.") % {"area": name} if name else _("Same area as you.")


def _same_home_group(params: Params, names: Names) -> str:
    name = names.meetings.get(params["group"])
    return _("Same home group as you: %(group)s.") % {"group": name} if name else _("Same home group as you.")


def _shared_meetings(params: Params, names: Names) -> str:
    found = [names.meetings[key] for key in params["meetings"] if key in names.meetings]
    return _("Meetings you both go to: %(meetings)s.") % {"meetings": ", ".join(found)} if found else ""


def _waiting(params: Params, names: Names) -> str:
    since = timezone.localtime(datetime.fromisoformat(params["since"]))
    return _("Has looked for a sponsor since %(day)s.") % {"day": formats.date_format(since, "MONTH_DAY_FORMAT")}


def _chosen(sentence: Words, choices: type[models.TextChoices], name: str) -> "_Say":
    """A sentence with one place, ``%(what)s``, for one chosen value or several."""

    def say(params: Params, names: Names) -> str:
        value = params[name]
        what = listed(choices, [value] if isinstance(value, str) else value)
        return str(sentence) % {"what": what} if what else ""

    return say


_Say = Callable[[Params, Names], str]

_SAY: Mapping[str, _Say] = {
    ReasonKey.SHARED_HOURS: _shared_hours,
    ReasonKey.CONFIRMED_LATELY: lambda params, names: _("Said lately that they are glad to sponsor."),
    ReasonKey.EXPERIENCE: _chosen(gettext_lazy("Something you have in common: %(what)s."), Experience, "tag"),
    ReasonKey.SAME_AREA: _same_area,
    ReasonKey.NEAR: lambda params, names: str(NEAR.get(params["band"], "")),
    ReasonKey.SAME_HOME_GROUP: _same_home_group,
    ReasonKey.SHARED_MEETINGS: _shared_meetings,
    ReasonKey.SAME_APPROACH: lambda params, names: str(APPROACH.get(params["approach"], "")),
    ReasonKey.LANGUAGE: _chosen(gettext_lazy("Languages you share: %(what)s."), Language, "codes"),
    ReasonKey.WAY_TO_MEET: _chosen(gettext_lazy("Ways to meet that suit you both: %(what)s."), Mode, "modes"),
    ReasonKey.NEEDS_MET: _chosen(gettext_lazy("Fits what you need: %(what)s."), Need, "needs"),
    ReasonKey.NEEDS_TO_MEET: _chosen(gettext_lazy("Needs what you can offer: %(what)s."), Need, "needs"),
    ReasonKey.WAITING: _waiting,
}

NEAR: Mapping[str, Words] = {
    "within_5_km": gettext_lazy("Your areas are within 5 km of each other."),
    "within_10_km": gettext_lazy("Your areas are within 10 km of each other."),
    "within_25_km": gettext_lazy("Your areas are within 25 km of each other."),
    "within_50_km": gettext_lazy("Your areas are within 50 km of each other."),
}

IN_RECOVERY: Mapping[str, Words] = {
    "under_1_year": gettext_lazy("In recovery for less than a year."),
    "1_to_2_years": gettext_lazy("In recovery for one to two years."),
    "2_to_5_years": gettext_lazy("In recovery for two to five years."),
    "5_to_10_years": gettext_lazy("In recovery for five to ten years."),
    "over_10_years": gettext_lazy("In recovery for more than ten years."),
}

IN_THE_PROGRAM: Mapping[str, Words] = {
    "under_1_year": gettext_lazy("In the program for less than a year."),
    "1_to_2_years": gettext_lazy("In the program for one to two years."),
    "2_to_5_years": gettext_lazy("In the program for two to five years."),
    "5_to_10_years": gettext_lazy("In the program for five to ten years."),
    "over_10_years": gettext_lazy("In the program for more than ten years."),
}

APPROACH: Mapping[str, Words] = {
    Approach.SPIRITUAL: gettext_lazy("You both take a spiritual approach."),
    Approach.SECULAR: gettext_lazy("You both take a secular approach."),
}
