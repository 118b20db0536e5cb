"""A comparison as a table for the terminal."""

from collections.abc import Callable, Sequence
from textwrap import wrap

from matching.simulate import words
from matching.simulate.compare import Comparison, Result

_WIDTH = 110
_COLUMNS: tuple[tuple[str, str, Callable[[Result], str]], ...] = (
    ("hours to contact", "median", lambda one: words.hours(one.figures.median_hours)),
    ("", "years", words.span_of_years),
    ("", "p90", lambda one: words.hours(one.figures.p90_hours)),
    ("contact by", "3 d", lambda one: words.percent(one.figures.by_day[3])),
    ("", "7 d", lambda one: words.percent(one.figures.by_day[7])),
    ("no contact", "else", lambda one: words.percent(one.figures.elsewhere)),
    ("", "60 d", lambda one: words.percent(one.figures.unserved)),
    ("for each request", "offers", lambda one: f"{one.figures.offers:.1f}"),
    ("", "no", lambda one: f"{one.figures.no:.1f}"),
    ("", "late", lambda one: f"{one.figures.late:.1f}"),
    ("", "vain", lambda one: f"{one.figures.in_vain:.1f}"),
    ("desk", "h/week", lambda one: f"{one.figures.desk_hours:.1f}"),
    ("sponsors", "people", lambda one: f"{one.figures.people:.1f}"),
    ("", "idle", lambda one: words.percent(one.figures.idle)),
    ("", "full", lambda one: words.percent(one.figures.full)),
)
_LEGEND = (
    "Hours are of those who got into contact; years: the least and the highest median of one year. else: found a "
    "sponsor in a meeting meanwhile; 60 d: found nobody in 60 days. no, late, vain: offers that were declined, ran "
    "out, and were taken back. people: for each sponsor on the list; idle, full: sponsors with nobody, and with no "
    "free seat."
)


def table(comparison: Comparison) -> str:
    """The comparison in plain text: the figures, how to read them, and what they rest on."""
    lines = [*wrap(f"{words.DISCLAIMER} {words.headline(comparison)}", _WIDTH), "", *_rows(comparison.results)]
    lines += ["", *wrap(_LEGEND, _WIDTH), "", "Taken for granted, not measured:"]
    for about, what in words.assumptions(comparison.assumed):
        lines += wrap(f"{about}: {what}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
    lines += ["", *wrap(f"Played: {words.PLAYED}", _WIDTH), *wrap(f"Not played: {words.NOT_PLAYED}", _WIDTH)]
    return "\n".join(lines)


def _rows(results: Sequence[Result]) -> list[str]:
    """Two lines of heads and a line for each policy, every column as wide as it needs to be."""
    names = ["", *(one.policy.name for one in results)]
    wide = max(map(len, names))
    groups, lines = " " * wide, [name.ljust(wide) for name in names]
    for group, head, shown in _COLUMNS:
        cells = [head, *map(shown, results)]
        groups = groups.ljust(len(lines[0]) + 2) + group if group else groups
        wide = max(map(len, cells)) + 2
        lines = [line + cell.rjust(wide) for line, cell in zip(lines, cells, strict=True)]
    return [groups, *lines]
