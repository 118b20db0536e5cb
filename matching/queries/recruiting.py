"""Why somebody finds nobody, and whom an office could look for: the last search, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Area, Fellowship, Intergroup, User
from accounts.models.intergroup import in_reader_language
from matching import engine, office_words, roster
from matching.disclosure import SMALL
from matching.models import Recruiting, RecruitingLine
from matching.models.care import too_near
from matching.office_words import Reason
from matching.queries.around import waiting
from matching.queries.coordinate import requests_for
from matching.recruiting_words import in_words, openly_in_words
from matching.states import LIVE_REQUEST

STEPS = 13
"""Steps of a search: reading everybody, the round, ten recruits, the reasons."""


@dataclass(frozen=True)
class Names:
    """Names that a kind's sentence needs; empty where it needs none. ``in_languages`` are the fellowship's other ones.

    They are kept with the search, so that it reads later as it was worked out.
    """

    fellowship: str
    area: str
    in_languages: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The fellowship's name in the reader's language."""
        return in_reader_language({"en": self.fellowship, **self.in_languages})


@dataclass
class Group:
    """Sponsors of one kind who are sought: ``gain`` more people are served with them, after those before.

    ``people`` are behind the gain as far as the viewer may see them and they still wait; ``fits`` is how many of all
    who wait such a sponsor fits.
    """

    kind: engine.Sought
    names: Names
    number: int = 0
    gain: int = 0
    fits: int = 0
    words: str = ""
    people: list[RecruitingLine] = field(default_factory=list)

    @property
    def others(self) -> int:
        """How many more there were behind the gain."""
        return self.gain - len(self.people)


@dataclass(frozen=True)
class Sheet:
    """What may be read out: sentences about sponsors, and how many more are sought of whom nothing is said."""

    sentences: list[str]
    more: int
    sought: int


def pairs(intergroup: Intergroup) -> int:
    """How many pairs of a newcomer and a sponsor there are to look at."""
    return waiting(intergroup).count() * roster.sponsors_of(intergroup.pk).count()


def last(intergroup: Intergroup) -> Recruiting | None:
    """The last search, without what only workers need."""
    return Recruiting.objects.filter(intergroup=intergroup).defer("problem", "found").first()


def steps_done(search: Recruiting) -> int:
    """How many of the STEPS are done."""
    return (search.as_of is not None) + (search.served > 0 or bool(search.recruits)) + len(search.recruits)


def lines(search: Recruiting, viewer: User) -> QuerySet[RecruitingLine]:
    """Whoever still waits and found nobody or few, as far as the viewer may see them, the longest wait first."""
    seen = search.lines.filter(request__in=requests_for(viewer), request__state__in=LIVE_REQUEST)
    found = seen.exclude(too_near(viewer, "newcomer"))
    return found.select_related("newcomer__profile", "request").order_by("request__asked_at", "pk")


def why(line: RecruitingLine) -> list[Reason]:
    """How many sponsors are possible, and what excludes the others, in the coordinators' words, the commonest first."""
    fit = ngettext("%(count)s sponsor fits", "%(count)s sponsors fit", line.eligible) % {"count": line.eligible}
    if not line.eligible and not line.excluded:
        return [Reason(_("There are no sponsors yet"))]
    reasons = office_words.counted(line.excluded)
    return [Reason(fit), *reasons] if line.eligible else reasons


def kind_in(recruit: Mapping[str, Any]) -> engine.Sought:
    """The kind of a recruit as it is kept."""
    plain = recruit["kind"]
    return engine.Sought(**{**plain, "needs": tuple(plain["needs"])})


def groups(search: Recruiting, number: int, viewer: User) -> list[Group]:
    """The first so many recruits by kind, in the order in which they were found, with the people behind the figures."""
    found, by_step = _grouped(search.recruits[:number])
    for line in lines(search, viewer).filter(step__lte=number):
        found[by_step[(line.step or 1) - 1]].people.append(line)
    for one in found.values():
        one.words = in_words(one.kind, one.number, fellowship=one.names.said, area=one.names.area)
    return list(found.values())


def _grouped(recruits: Sequence[Mapping[str, Any]]) -> tuple[dict[engine.Sought, Group], list[engine.Sought]]:
    found, by_step = dict[engine.Sought, Group](), list[engine.Sought]()
    for recruit in recruits:
        kind = kind_in(recruit)
        one = found.setdefault(kind, Group(kind, Names(**recruit["names"]), fits=recruit["fits"]))
        one.number, one.gain = one.number + 1, one.gain + recruit["gain"]
        by_step.append(kind)
    return found, by_step


def names(intergroup: Intergroup, kind: engine.Sought) -> Names:
    """The name of a kind's fellowship, where the office has several, and of its area."""
    served = {one.pk: one for one in Fellowship.objects.filter(intergroups=intergroup)}
    area = Area.objects.filter(pk=kind.area).first() if kind.area is not None else None
    where = "" if area is None else area.name
    one = served.get(kind.fellowship) if len(served) > 1 else None
    return Names("", where) if one is None else Names(one.name, where, one.names)


def most(search: Recruiting, number: int) -> int:
    """No choice of so many sponsors of these kinds serves more people than this."""
    return engine.most(search.gains, number)


def sheet(search: Recruiting, number: int) -> Sheet:
    """What a recruiter may read out at a meeting.

    A sentence says that somebody waits whom such a sponsor fits. It is about sponsors, yet of a rare kind it would tell
    of one person. So it is given only where such a sponsor fits at least SMALL of those who wait, and without the
    place, the needs and whom to be at ease with; figures of members are left out altogether.
    """
    found, _steps = _grouped(search.recruits[:number])
    open_ones = [one for one in found.values() if one.fits >= SMALL]
    added = dict[tuple[int, str, str, str], Group]()
    for one in open_ones:
        kind = one.kind
        key = kind.fellowship, kind.gender, kind.language, kind.hours
        added.setdefault(key, Group(kind, one.names)).number += one.number
    sentences = [openly_in_words(one.kind, one.number, fellowship=one.names.said) for one in added.values()]
    sought = sum(one.number for one in found.values())
    return Sheet(sentences, sought - sum(one.number for one in open_ones), sought)
