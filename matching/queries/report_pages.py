"""A report in words: sections with a picture and the same figures as a table, all small counts hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Comfort, Language, Mode
from matching.disclosure import SMALL, disclosed, share, shown
from matching.models import ServiceKind
from matching.pictures import Bars, Line, Matrix, bars, matrix, points, stairs
from matching.queries.report_rows import ASKED, BANDS, DEMAND, FOUND, NO_OFFER, PAIRS, STILL, WAITS
from matching.queries.reports import Figures
from matching.survival import Step, curve, kept_at

KEPT_DAYS = (30, 60, 90)
MOST_ROWS, MOST_MARKS = 8, 5
DAY = 24


@dataclass(frozen=True)
class Behind:
    """The way to the people behind a number: its name, and what else the address needs."""

    name: str
    more: str


@dataclass(frozen=True)
class Section:
    """``name`` tells it apart on the page; ``bars``, ``line`` or ``matrix`` is its picture, ``rows`` its table.

    ``links`` leads from the number at the end of each row to the people behind it; None where there is no such list or
    the number is not shown. Without any it is empty.
    """

    name: str
    title: str
    text: str
    headers: list[str]
    rows: list[list[str]]
    bars: Bars | None = None
    line: Line | None = None
    matrix: Matrix | None = None
    links: list[Behind | None] = field(default_factory=list)

    @property
    def linked(self) -> list[tuple[list[str], str, Behind | None]]:
        """The rows with what stands before their last cell, that cell, and where it leads."""
        links = self.links or [None] * len(self.rows)
        return [(row[:-1], row[-1], link) for row, link in zip(self.rows, links, strict=True)]


def in_short(figures: Figures) -> list[tuple[str, str, Behind | None]]:
    """The lines that the monthly meeting asks for first: what, how much, and the way to those behind it."""
    asked, offers = figures.asked, figures.offers
    found = _became(figures)[_("Found a sponsor")]
    kept = [kept_at(figures.pairs, day) for day in KEPT_DAYS]
    pairs = shown(len(figures.pairs))
    return [
        (_("People who asked"), _count(shown(asked.all)), _of(ASKED, shown(asked.all))),
        (_("Found a sponsor"), _percent(found and share(found, asked.all - found)), None),
        (_("Half had a first offer within"), _duration(asked.to_offer), None),
        (_("Half could get in touch within"), _duration(asked.to_contact), None),
        (_("Offers answered in time"), _percent(share(offers.answered, offers.expired)), None),
        (_("Pairs that began"), _count(pairs), _of(PAIRS, pairs)),
        *((_("Pairs kept for %(days)s days") % {"days": one.day}, _percent(_kept(one)), None) for one in kept),
    ]


def _of(name: str, count: int | None, **more: str) -> Behind | None:
    """The way to those behind a number, as long as that is shown and there are any."""
    return Behind(name, urlencode(more)) if count and name else None


def sections(figures: Figures) -> list[Section]:
    """Every picture of the report, in the order of the page."""
    parts = (_waits, _outcomes, _kept_pairs, _contact, _work, _demand)
    return [part(figures) for part in parts]


def _count(count: int | None) -> str:
    return _("not shown") if count is None else formats.number_format(count)


def _percent(value: float | None) -> str:
    return _("not shown") if value is None else f"{round(100 * value)} %"


def _duration(hours: Sequence[float]) -> str:
    """The median in hours or days; of so few that it would tell of somebody, nothing."""
    if len(hours) < SMALL:
        return _("not shown")
    middle = median(hours)
    if middle < 1:
        return _("an hour")
    if middle < 2 * DAY:
        return _("%(hours)s h") % {"hours": formats.number_format(middle, 0 if middle >= 10 else 1)}
    return _("%(days)s days") % {"days": formats.number_format(middle / DAY, 1)}


def _barred(
    name: str, title: str, text: str, counts: dict[str, int | None], headers: list[str], numbers: Sequence[str] = ()
) -> Section:
    """``numbers`` are the bars as an address names them, an empty one where it names none."""
    words, values = list(counts), list(counts.values())
    texts = [_count(value) for value in values]
    rows = [[word, _count(value)] for word, value in counts.items()]
    links = [_of(one, value) for one, value in zip(numbers, values, strict=True)] if numbers else []
    return Section(name, title, text, headers, rows, bars=bars(values, texts, words), links=links)


def _waits(figures: Figures) -> Section:
    hours, below = figures.asked.to_offer, 0.0
    counts: dict[str, int] = {}
    for limit, words in WAITS:
        counts[str(words)] = sum(below <= one < limit for one in hours)
        below = limit
    counts[_("None yet")] = figures.asked.all - len(hours)
    return _barred(
        "wait",
        _("How long people waited for a first offer"),
        _("From asking until the first sponsor was asked."),
        _hidden(counts),
        [_("Wait"), _("People")],
        [*BANDS, NO_OFFER],
    )


def _outcomes(figures: Figures) -> Section:
    return _barred(
        "outcome",
        _("What became of those who asked"),
        _("As it stands today."),
        _became(figures),
        [_("Outcome"), _("People")],
        [FOUND, STILL, ""],
    )


def _became(figures: Figures) -> dict[str, int | None]:
    asked = figures.asked
    ended = asked.withdrawn + asked.closed
    return _hidden(
        {_("Found a sponsor"): asked.matched, _("Still wait"): asked.waiting, _("Stopped without one"): ended}
    )


def _hidden(counts: dict[str, int]) -> dict[str, int | None]:
    return dict(zip(counts, disclosed(list(counts.values())), strict=True))


def _kept(step: Step) -> float | None:
    return step.kept if step.at_risk >= SMALL else None


def _kept_pairs(figures: Figures) -> Section:
    longest = KEPT_DAYS[-1]
    steps = [(one.day, one.kept) for one in curve(figures.pairs) if one.day <= longest and one.at_risk >= SMALL]
    seen = sorted((one.days for one in figures.pairs), reverse=True)
    # As far as at least SMALL of them were seen.
    reach = min(seen[SMALL - 1], longest) if len(seen) >= SMALL else 0
    line = (
        stairs([*steps, (reach, steps[-1][1])], longest, marks=[(d, str(d)) for d in (0, *KEPT_DAYS)])
        if steps and reach
        else None
    )
    return Section(
        "kept",
        _("Pairs that stay together"),
        _("Of the pairs that began in this time; those that still are together count for as long as they have been."),
        [_("Days"), _("Still together")],
        [[str(day), _percent(_kept(kept_at(figures.pairs, day)))] for day in KEPT_DAYS],
        line=line,
    )


def _contact(figures: Figures) -> Section:
    shares = [share(week.talked, week.live - week.talked) for week in figures.weeks]
    names = [formats.date_format(week.monday, "SHORT_DATE_FORMAT") for week in figures.weeks]
    below = [formats.date_format(week.monday, pgettext("a day on a chart", "M j")) for week in figures.weeks]
    every = max(-(-len(below) // MOST_MARKS), 1)
    return Section(
        "contact",
        _("Pairs that talked, week by week"),
        _("Of the pairs that were there for the whole week. What two people said to each other is not known here."),
        [_("Week from"), _("Pairs that talked")],
        [[name, _percent(one)] for name, one in zip(names, shares, strict=True)],
        line=points(shares, marks=list(enumerate(below))[::every]) if any(one is not None for one in shares) else None,
    )


def _work(figures: Figures) -> Section:
    counts = {str(ServiceKind(one.kind).label): one.times if one.members >= SMALL else None for one in figures.work}
    return _barred(
        "work",
        _("Twelfth-Step work by kind"),
        _("What members logged themselves, and talks from check-ins. Shown when at least ten people did it."),
        counts,
        [_("Kind"), _("Times")],
    )


def _demand(figures: Figures) -> Section:
    words: tuple[Callable[[str], str], ...] = (_language, lambda key: str(Comfort(key).label), _mode)
    rows = [
        [words[0](one.language), words[1](one.comfort), words[2](one.mode), _count(one.waiting)]
        for one in figures.demand
        if shown(one.waiting)
    ]
    return Section(
        "demand",
        _("Who waits today, with no offer on the way"),
        _("Whoever speaks two languages or can meet in two ways counts in each. Groups under ten are not listed."),
        [_("Language"), _("At ease with"), _("Way to meet"), _("People")],
        rows,
        matrix=_demand_matrix(figures),
        links=[
            _of(DEMAND, one.waiting, language=one.language, comfort=one.comfort, mode=one.mode)
            for one in figures.demand
            if shown(one.waiting)
        ],
    )


def _demand_matrix(figures: Figures) -> Matrix | None:
    """Languages and comfort down, ways to meet across: the rows in which most people wait."""
    told = {(one.language, one.comfort, one.mode): one.waiting for one in figures.demand if shown(one.waiting)}
    rows = list(dict.fromkeys((language, comfort) for language, comfort, _ in told))[:MOST_ROWS]
    if not rows:
        return None
    return matrix(
        [[told.get((language, comfort, mode)) for mode in Mode.values] for language, comfort in rows],
        [f"{_language(language)} · {Comfort(comfort).label}" for language, comfort in rows],
        [str(label) for label in Mode.labels],
    )


def _language(code: str) -> str:
    return str(Language(code).label)


def _mode(code: str) -> str:
    return str(Mode(code).label)
