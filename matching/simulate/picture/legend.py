"""How to read the picture: every mark that it uses, with its word."""

from matching.simulate.picture.marks import (
    EMBER,
    EMBER_WASH,
    PRIMARY,
    QUIET,
    SAND,
    WASH,
    bar,
    disc,
    ring,
    rule,
    text,
    width_of,
)
from matching.simulate.picture.row import NAME

HEIGHT = 54.0
_SIZE = 12.5


def draw_legend(top: float, first: str) -> str:
    """Two lines below `top`; `first` is the name of the policy that the others are compared with."""
    y = top + 14
    return _line(
        y,
        (disc(0, -4, PRIMARY), "in contact"),
        (ring(0, -4), "found a sponsor in a meeting meanwhile"),
        (disc(0, -4, EMBER), "found nobody in 60 days"),
        (bar(-5, -6, 12, 5, WASH), "medians of the years"),
        (rule(0, -11, 0, 3, PRIMARY, dash="2 3"), f"median of “{first}”"),
    ) + _line(
        y + 24,
        ("", "Offers:"),
        (_box(PRIMARY), "yes"),
        (_box(WASH), "no"),
        (_box(EMBER_WASH), "out of time"),
        (_box(SAND), "taken back"),
        ("", "Sponsors:"),
        (_box(SAND), "with nobody"),
        (_box(WASH), "with a free seat"),
        (_box(PRIMARY), "full"),
    )


def _box(fill: str) -> str:
    return bar(-5, -9, 11, 11, fill)


def _line(y: float, *entries: tuple[str, str]) -> str:
    """Marks with their words; one without a mark is the head of those that follow."""
    marks, x = [], NAME
    for mark, word in entries:
        if mark:
            marks.append(f'<g transform="translate({x + 6:.1f} {y:.1f})">{mark}</g>')
            x += 19
        marks.append(text(x, y, word, size=_SIZE, fill=QUIET, bold=not mark))
        x += width_of(word, _SIZE) + 24
    return "".join(marks)
