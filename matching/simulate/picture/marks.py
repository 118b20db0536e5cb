"""The few marks that a picture is made of, as SVG in text."""

from collections.abc import Iterable
from html import escape
from textwrap import wrap

PAPER, SURFACE, LINE, GRID, SAND = "#fbf8f3", "#ffffff", "#e2d9c9", "#eee7da", "#d5cab6"
INK, QUIET = "#1f2a2e", "#4f5d63"
PRIMARY, WASH = "#1f5e5b", "#9cc4bf"
EMBER, EMBER_WASH = "#b4530a", "#e6b98f"
FONTS = "'Atkinson Hyperlegible Next', 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

_WIDEST = 0.55
"""Average width of a letter for its size, in the widest of the fonts."""


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element; `_` in an attribute's name stands for `-`, and numbers are rounded to a tenth."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def text(x: float, y: float, words: str, *, size: float = 13, fill: str = INK, bold: bool = False, at: str = "") -> str:
    """A line of text; `at` is "middle" or "end" where x is not its beginning."""
    more = {"font_weight": 700} if bold else {}
    if at:
        more |= {"text_anchor": at}  # type: ignore[dict-item]
    return element("text", escape(words), x=x, y=y, font_size=size, fill=fill, **more)


def width_of(words: str, size: float) -> float:
    """About how wide a text is."""
    return len(words) * size * _WIDEST


def lines_in(words: str, width: float, size: float) -> list[str]:
    """Break a text so that it fits a width."""
    return wrap(words, int(width / (size * _WIDEST)))


def paragraph(x: float, y: float, lines: Iterable[str], *, size: float = 13, fill: str = INK) -> str:
    """Lines below one another."""
    return "".join(text(x, y + at * size * 1.4, line, size=size, fill=fill) for at, line in enumerate(lines))


def disc(x: float, y: float, fill: str) -> str:
    """A person."""
    return element("circle", cx=x, cy=y, r=3.4, fill=fill)


def ring(x: float, y: float) -> str:
    """A person who found somebody elsewhere."""
    return element("circle", cx=x, cy=y, r=2.8, fill=SURFACE, stroke=PRIMARY, stroke_width=1.1)


def bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    return element("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill)


def rule(x1: float, y1: float, x2: float, y2: float, stroke: str = LINE, *, width: float = 1, dash: str = "") -> str:
    more = {"stroke_dasharray": dash} if dash else {}
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **more)


def _value(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else escape(str(value))
