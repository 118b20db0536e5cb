"""A member's answers in words, question by question."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.forms.how import distance_words
from accounts.forms.steps import Step, steps_for
from accounts.forms.zones import zone_name
from accounts.models import (
    Approach,
    Comfort,
    Contact,
    Experience,
    Gender,
    Language,
    Mode,
    Need,
    Profile,
    Sponsor,
)

Words = str | Promise
CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Row:
    """One question's answer: lines of text, none when it was left open; ``url`` changes it, empty where none can."""

    title: Words
    lines: list[Words]
    url: str
    needed: bool


def summary_of(profile: Profile, url_of: Callable[[Step], str], *, shut: bool) -> list[Row]:
    """The rows of a summary, in the order of the questions. An answer is only given where the question is asked.

    ``shut``: of how the member is reached only the ends are shown, as nobody has shown lately that it is them.
    """
    found = []
    for step in steps_for(profile):
        # A question that must be answered has none while part of it is missing, such as a consent.
        lines = [] if step.needed and not step.answered(profile) else _LINES[step.slug](profile)
        if shut and step.slug == CONTACT:
            lines = [_ends(str(line)) for line in lines if line]
            lines.append(_("The rest is shown once you show that it is you."))
        found.append(Row(step.title, [line for line in lines if line], url_of(step), step.needed))
    return found


def _ends(text: str) -> str:
    """A number, an address or a remark that whoever knows it knows again: ``•••01``, ``a•••@example.org``."""
    name, at, host = text.partition("@")
    if at:
        return f"{name[:1]}•••@{host}"
    return f"•••{text[-2:]}" if any(map(str.isdigit, text)) else "•••"


def _labels(choices: type[models.TextChoices], values: Iterable[str]) -> str:
    return ", ".join(str(choices(value).label) for value in values)


def _fellowship(profile: Profile) -> list[Words]:
    return [str(one) for one in (profile.fellowship, profile.intergroup) if one]


def _date(profile: Profile) -> list[Words]:
    return [formats.date_format(profile.recovery_date, "DATE_FORMAT")] if profile.recovery_date else []


def _people(profile: Profile) -> list[Words]:
    if not profile.comfortable_with:
        return []
    gender = Gender(profile.gender).label if profile.gender else _("Gender not said")
    return [gender, _("Comfortable with: %(people)s") % {"people": _labels(Comfort, profile.comfortable_with)}]


def _meeting(profile: Profile) -> list[Words]:
    far = distance_words(profile.max_km) if profile.max_km else ""
    return [_labels(Mode, profile.modes), str(profile.area or ""), far]


def _home_group(profile: Profile) -> list[Words]:
    group = profile.home_group
    if group is None:
        return []
    return [group.name] if group.active else [group.name, _("It is no longer on your office's list.")]


def _week(profile: Profile) -> list[Words]:
    hours = len(profile.week)
    if not hours:
        return []
    return [
        ngettext("%(hours)s hour a week", "%(hours)s hours a week", hours) % {"hours": hours},
        zone_name(profile.zone),
    ]


def _approach(profile: Profile) -> list[Words]:
    ranked = [f"{place}. {Experience(tag).label}" for place, tag in enumerate(profile.experiences, 1)]
    return [Approach(profile.approach).label if profile.approach else "", *ranked]


def _needs(profile: Profile) -> list[Words]:
    needs, offers = _labels(Need, profile.needs), _labels(Need, profile.can_meet)
    return [
        _("I need: %(needs)s") % {"needs": needs} if needs else "",
        _("I can do: %(offers)s") % {"offers": offers} if offers else "",
    ]


def _why(profile: Profile) -> list[Words]:
    return [_("I look for a sponsor") if profile.looking else _("I would like to sponsor")]


def _sponsor(profile: Profile) -> list[Words]:
    side: Sponsor | None = getattr(profile.user, "sponsor", None)
    if side is None:
        return []
    people = ngettext("%(seats)s person at a time", "%(seats)s people at a time", side.seats_chosen) % {
        "seats": side.seats_chosen
    }
    return [people, _("Steps worked: %(steps)s") % {"steps": side.steps_worked}]


def _contact(profile: Profile) -> list[Words]:
    contact = Contact.objects.filter(pk=profile.pk).first()
    return [contact.phone, contact.email, contact.hint] if contact else []


_LINES: dict[str, Callable[[Profile], list[Words]]] = {
    "fellowship": _fellowship,
    "name": lambda profile: [profile.display_name],
    "date": _date,
    "languages": lambda profile: [_labels(Language, profile.languages)],
    "people": _people,
    "meeting": _meeting,
    "home-group": _home_group,
    "week": _week,
    "approach": _approach,
    "needs": _needs,
    "why": _why,
    "sponsor": _sponsor,
    "contact": _contact,
}
