"""One policy as a row of the picture: its name, its people as dots, and what it asks of whom."""

from dataclasses import dataclass

from matching.simulate import words
from matching.simulate.compare import Result
from matching.simulate.measures import Figures
from matching.simulate.picture.dots import Axis, Dots
from matching.simulate.picture.marks import (
    EMBER,
    EMBER_WASH,
    INK,
    PRIMARY,
    QUIET,
    SAND,
    WASH,
    bar,
    disc,
    paragraph,
    ring,
    rule,
    text,
)

HEIGHT = 136.0
NAME, STRIP, STRIP_END, NEVER, ASKED, DESK, LOAD, RIGHT = 40.0, 216.0, 606.0, 648.0, 776.0, 930.0, 1052.0, 1140.0
PITCH = 7.5
"""From one dot to the next."""

HIGHEST = 74.0
"""Room for the highest stack of dots."""

_FLOOR = 96.0
"""Where dots stand, below the top of a row."""

_IN_LINE = 10
_SMALL = 12.5


@dataclass(frozen=True)
class Scales:
    """What all rows have in common, so that they can be compared.

    Attributes:
        axis: Hours to contact.
        rise: From one dot to the one on it.
        most_offers, most_desk: What a bar of full width stands for.
    """

    axis: Axis
    rise: float
    most_offers: float
    most_desk: float


def draw_row(result: Result, first: Result, top: float, scales: Scales) -> str:
    """Draw one policy below `top`; what differs from the first policy is set in bold."""
    return "".join(
        (
            rule(NAME, top, RIGHT, top),
            _name(result, first, top),
            _people(Dots.of(result, scales.axis), top + _FLOOR, scales),
            _hours(result, top + _FLOOR, scales.axis),
            _asked(result.figures, top, scales.most_offers),
            _desk(result.figures, top, scales.most_desk),
            _load(result.figures, top),
        )
    )


def _name(result: Result, first: Result, top: float) -> str:
    lines = [text(NAME, top + 32, result.policy.name, size=17, bold=True)]
    for at, (trait, usual) in enumerate(zip(result.policy.traits, first.policy.traits, strict=True)):
        differs = trait != usual
        fill = INK if differs else QUIET
        lines.append(text(NAME, top + 54 + 17.5 * at, trait, size=_SMALL, fill=fill, bold=differs))
    return "".join(lines)


def _people(dots: Dots, floor: float, scales: Scales) -> str:
    """Everybody who asked: along the hours who came into contact, beside them who did not."""
    marks = [rule(STRIP, floor, STRIP_END, floor)]
    for column, count in sorted(dots.contact.items()):
        for at in range(count):
            marks.append(disc(scales.axis.middle(column), floor - scales.rise * (at + 0.5) - 1.5, PRIMARY))
    for at in range(dots.elsewhere + dots.unserved):
        x, y = NEVER + 4 + PITCH * (at % _IN_LINE), floor - PITCH * (at // _IN_LINE + 0.5) - 1.5
        marks.append(ring(x, y) if at < dots.elsewhere else disc(x, y, EMBER))
    return "".join(marks)


def _hours(result: Result, floor: float, axis: Axis) -> str:
    """The figures below the dots, and as a band the medians of the years."""
    figures = result.figures
    below = (
        text(NEVER, floor + 18, f"{words.percent(figures.elsewhere)} elsewhere", size=_SMALL, fill=QUIET),
        text(NEVER, floor + 34, f"{words.percent(figures.unserved)} nobody", size=_SMALL, fill=EMBER, bold=True),
    )
    if figures.median_hours is None or figures.p90_hours is None:
        return "".join(below) + text(STRIP, floor + 22, "nobody came into contact", size=_SMALL, fill=QUIET)
    medians = [axis.x(one.median_hours) for one in result.years if one.median_hours is not None]
    middle, late = axis.x(figures.median_hours), axis.x(figures.p90_hours)
    half, most = f"half by {words.hours(figures.median_hours)} h", f"90 % by {words.hours(figures.p90_hours)} h"
    return "".join(
        (
            *below,
            bar(min(medians), floor + 2, max(medians) - min(medians), 5, WASH),
            bar(middle - 1.5, floor - 1, 3, 11, PRIMARY),
            bar(late - 0.75, floor - 1, 1.5, 11, PRIMARY),
            text(middle, floor + 24, half, size=_SMALL, bold=True, at="middle"),
            text(max(late - 8, middle + 56), floor + 24, most, size=_SMALL, fill=QUIET),
        )
    )


def _asked(figures: Figures, top: float, most: float) -> str:
    """What became of the offers, in whole and in parts."""
    wide, x = (DESK - ASKED - 28) / most, ASKED
    yes = figures.offers - figures.no - figures.late - figures.in_vain
    marks = [text(ASKED, top + 32, f"{figures.offers:.1f} asked", size=15, bold=True)]
    for amount, fill in ((yes, PRIMARY), (figures.no, WASH), (figures.late, EMBER_WASH), (figures.in_vain, SAND)):
        marks.append(bar(x, top + 42, amount * wide, 12, fill))
        x += amount * wide
    told = (f"{figures.no:.1f} no", f"{figures.late:.1f} out of time", f"{figures.in_vain:.1f} taken back")
    return "".join(marks) + paragraph(ASKED, top + 74, told, size=_SMALL, fill=QUIET)


def _desk(figures: Figures, top: float, most: float) -> str:
    wide = (LOAD - DESK - 28) / most
    return text(DESK, top + 32, f"{figures.desk_hours:.1f} h", size=15, bold=True) + bar(
        DESK, top + 42, figures.desk_hours * wide, 12, WASH
    )


def _load(figures: Figures, top: float) -> str:
    """How people are spread over the sponsors: those with nobody, those with a free seat, those without."""
    wide, x = RIGHT - LOAD, LOAD
    marks = [text(LOAD, top + 32, f"{figures.people:.2f}", size=15, bold=True)]
    for share, fill in ((figures.idle, SAND), (1 - figures.idle - figures.full, WASH), (figures.full, PRIMARY)):
        marks.append(bar(x, top + 42, share * wide, 12, fill))
        x += share * wide
    told = (f"{words.percent(figures.idle)} nobody", f"{words.percent(figures.full)} full")
    return "".join(marks) + paragraph(LOAD, top + 74, told, size=_SMALL, fill=QUIET)
