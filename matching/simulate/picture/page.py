"""The whole picture: head, rows, legend, and what it rests on."""

from html import escape

from matching.simulate import words
from matching.simulate.compare import Comparison, Result
from matching.simulate.picture import legend, row
from matching.simulate.picture.dots import IN_ALL, TICKS, Axis, Dots
from matching.simulate.picture.marks import (
    EMBER,
    FONTS,
    GRID,
    INK,
    LINE,
    PAPER,
    PRIMARY,
    QUIET,
    SURFACE,
    element,
    lines_in,
    paragraph,
    rule,
    text,
)

_WIDTH = 1180
_ROWS = 226.0
_GAP = 20.0
_NUMBERS = "no one two three four five six seven eight nine".split()


def draw(comparison: Comparison) -> str:
    """Draw a comparison as an SVG of about 1120 by 1200 units, light, with text that can be selected and read out."""
    ends = _ROWS + row.HEIGHT * len(comparison.results)
    notes, height = _notes(comparison, ends + _GAP + legend.HEIGHT + _GAP / 2)
    return element(
        "svg",
        element("title", escape(_title(comparison)), id="simulation-title"),
        element("desc", escape(_description(comparison)), id="simulation-desc"),
        element("rect", width=_WIDTH, height=height, fill=PAPER),
        _head(comparison),
        _columns(ends),
        _rows(comparison),
        legend.draw_legend(ends + _GAP, comparison.results[0].policy.name),
        notes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {height:.0f}",
        width=_WIDTH,
        height=height,
        role="img",
        aria_labelledby="simulation-title simulation-desc",
        font_family=FONTS,
    )


def _title(comparison: Comparison) -> str:
    many = len(comparison.results)
    number = _NUMBERS[many] if many < len(_NUMBERS) else str(many)
    return f"A year of one office, {number} {'way' if many == 1 else 'ways'} to match"


def _description(comparison: Comparison) -> str:
    told = [words.DISCLAIMER, words.headline(comparison)]
    told += [f"{one.policy.name} ({', '.join(one.policy.traits)}): {_told(one)}" for one in comparison.results]
    told += [f"{about}: {what}" for about, what in words.assumptions(comparison.assumed)]
    return " ".join([*told, words.PLAYED, words.NOT_PLAYED])


def _told(result: Result) -> str:
    one = result.figures
    return (
        f"median {words.hours(one.median_hours)} hours to contact, 90th percentile {words.hours(one.p90_hours)}; "
        f"{words.percent(one.elsewhere)} found somebody elsewhere, {words.percent(one.unserved)} nobody in 60 days; "
        f"for each request {one.offers:.1f} sponsors asked, {one.no:.1f} said no, {one.late:.1f} ran out of time, "
        f"{one.in_vain:.1f} taken back; {one.desk_hours:.1f} hours a week at the desk; {one.people:.2f} people for "
        f"each sponsor, {words.percent(one.idle)} of sponsors have nobody, {words.percent(one.full)} are full."
    )


def _head(comparison: Comparison) -> str:
    lines = lines_in(words.headline(comparison), _WIDTH - 440, 15)
    pill = element("rect", x=802, y=38, width=338, height=36, rx=18, fill=SURFACE, stroke=EMBER, stroke_width=1.5)
    return (
        text(row.NAME, 66, _title(comparison), size=28, bold=True)
        + paragraph(row.NAME, 96, lines, size=15, fill=QUIET)
        + pill
        + text(971, 61, words.DISCLAIMER, size=14, fill=EMBER, bold=True, at="middle")
    )


def _columns(ends: float) -> str:
    heads = (
        (row.NAME, ("Policy", "bold: what differs")),
        (row.STRIP, (f"Of {IN_ALL} who ask: time to contact", "")),
        (row.NEVER, ("No contact", "")),
        (row.ASKED, ("Offers", "for each request")),
        (row.DESK, ("Coordinators", "hours a week")),
        (row.LOAD, ("Load", "per sponsor")),
    )
    marks = []
    for x, (head, below) in heads:
        marks += [text(x, 166, head, size=14, bold=True), text(x, 184, below, size=12.5, fill=QUIET)]
    axis = _axis()
    for hours, label in TICKS:
        marks.append(rule(axis.x(hours), _ROWS - 8, axis.x(hours), ends, GRID))
        marks.append(text(axis.x(hours), _ROWS - 14, label, size=12, fill=QUIET, at="middle"))
    return "".join(marks)


def _axis() -> Axis:
    return Axis(row.STRIP, row.STRIP_END, row.PITCH)


def _rows(comparison: Comparison) -> str:
    axis, results = _axis(), comparison.results
    scales = row.Scales(
        axis=axis,
        rise=min(row.PITCH, row.HIGHEST / max(Dots.of(one, axis).highest for one in results)),
        most_offers=max([one.figures.offers for one in results] + [1.0]),
        most_desk=max([one.figures.desk_hours for one in results] + [1.0]),
    )
    rows = [row.draw_row(one, results[0], _ROWS + at * row.HEIGHT, scales) for at, one in enumerate(results)]
    return _guide(comparison) + "".join(rows)


def _guide(comparison: Comparison) -> str:
    """The first policy's median, drawn down through the others."""
    median = comparison.results[0].figures.median_hours
    if median is None or len(comparison.results) == 1:
        return ""
    x, ends = _axis().x(median), _ROWS + row.HEIGHT * len(comparison.results)
    return rule(x, _ROWS, x, ends, PRIMARY, dash="2 4")


def _notes(comparison: Comparison, top: float) -> tuple[str, float]:
    """The card below the rows, and the height of the whole picture."""
    size, wide = 12.5, 496.0
    told = [*words.assumptions(comparison.assumed), ("Played", words.PLAYED), ("Not played", words.NOT_PLAYED)]
    marks, heights = [], [top + 66.0, top + 66.0]
    for about, what in told:
        side = 0 if heights[0] <= heights[1] else 1
        x, lines = row.NAME + 24 + side * (wide + 44), lines_in(what, wide, size)
        marks.append(text(x, heights[side], about, size=13, bold=True))
        marks.append(paragraph(x, heights[side] + 18, lines, size=size, fill=QUIET))
        heights[side] += 18 + len(lines) * size * 1.4 + 14
    tall = max(heights) - top + 2
    card = element("rect", x=row.NAME, y=top, width=row.RIGHT - row.NAME, height=tall, rx=14, fill=SURFACE, stroke=LINE)
    head = text(
        row.NAME + 24, top + 34, "What this takes for granted. None of it is measured.", size=16, fill=INK, bold=True
    )
    return card + head + "".join(marks), top + tall + 40
