"""Where the parts of a picture stand, in units of its viewBox; templates draw them. Pure: figures in, places out.

The viewBox is narrow, so that its words can be read on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 360
BAR_ROW, BAR_HEIGHT, COUNT_ROOM = 40, 14, 48
LEFT, TOP, BASELINE, GROUND = 48, 12, 172, 192
"""A line's share of 1 stands at TOP, of 0 on the BASELINE; the words below it on the GROUND."""
MATRIX_HEAD, MATRIX_ROW = 24, 60
SHARE_MARKS = (0, 50, 100)
TREE_ROW, TREE_STEP, TREE_DOT = 44, 36, 9
RIM = 1
"""Half of what is drawn around a dot, and more."""
LONGEST = 22
"""Letters of a name for which a tree has room."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that begins at the left edge, its words above it and its figure at its end; no bar where none is shown."""

    y: float
    width: float
    label: Mark
    figure: Mark


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars one below the other."""

    bars: list[Bar]
    thick: int
    height: int

    @property
    def drawn(self) -> bool:
        """Whether there is any bar: figures that are all hidden make no picture."""
        return any(bar.width for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Line:
    """A line from the left edge on: ``path`` in SVG's words, and its marks on both sides."""

    path: str
    across: list[Mark]
    below: list[Mark]


@dataclass(frozen=True, slots=True)
class Dot:
    """A figure of a matrix as a circle whose area is the figure."""

    x: float
    y: float
    radius: float
    figure: Mark


@dataclass(frozen=True, slots=True)
class Matrix:
    """Dots in rows and columns with their words."""

    dots: list[Dot]
    rows: list[Mark]
    columns: list[Mark]
    height: int


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody in a tree, the words right of a dot; ``own`` where it is the reader."""

    x: float
    y: float
    label: Mark
    own: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """People one below the other, each generation further to the right; ``path`` joins them, in SVG's words."""

    nodes: list[Node]
    path: str
    radius: int
    height: int


def bars(values: Sequence[float | None], figures: Sequence[str], labels: Sequence[str]) -> Bars:
    """The highest value as long as there is room; None is words alone."""
    most = max((value for value in values if value), default=1)
    found = []
    for at, (value, figure, label) in enumerate(zip(values, figures, labels, strict=True)):
        top = at * BAR_ROW
        width = round((WIDTH - COUNT_ROOM) * (value or 0) / most, 1)
        found.append(
            Bar(top + 20, width, Mark(0, top + 14, label), Mark(width + (6 if width else 0), top + 32, figure))
        )
    return Bars(found, BAR_HEIGHT, len(found) * BAR_ROW)


def stairs(steps: Sequence[tuple[int, float]], days: int, *, marks: Sequence[tuple[int, str]]) -> Line:
    """A share (0 to 1) that falls in steps, from the first step's day to the last one's, of ``days`` that have room."""
    path = ""
    for day, share in steps:
        x, y = _along(day, days), _height(share)
        path += f"H{x}V{y}" if path else f"M{x} {y}"
    return Line(path, _shares(), [Mark(_along(day, days), GROUND, text) for day, text in marks])


def points(values: Sequence[float | None], *, marks: Sequence[tuple[int, str]]) -> Line:
    """Shares (0 to 1) at equal distances, joined where both neighbours are shown; a lone one is a dot."""
    last = max(len(values) - 1, 1)
    path, pen = "", False
    for at, value in enumerate(values):
        if value is not None:
            place = f"{_along(at, last)} {_height(value)}"
            path += f"L{place}" if pen else f"M{place}h0"
        pen = value is not None
    return Line(path, _shares(), [Mark(_along(at, last), GROUND, text) for at, text in marks])


def matrix(values: Sequence[Sequence[int | None]], rows: Sequence[str], columns: Sequence[str]) -> Matrix:
    """Circles in the order of ``rows`` and ``columns``; None leaves the place empty. A row's words stand above it."""
    wide = WIDTH / max(len(columns), 1)
    most = max((value for row in values for value in row if value), default=1)
    dots = []
    for line, row in enumerate(values):
        y = MATRIX_HEAD + MATRIX_ROW * line + 38
        for at, value in enumerate(row):
            if value:
                x = round(wide * (at + 0.5), 1)
                dots.append(Dot(x, y, round(20 * (value / most) ** 0.5, 1), Mark(x, y + 5, str(value))))
    words = [Mark(0, MATRIX_HEAD + MATRIX_ROW * line + 14, text) for line, text in enumerate(rows)]
    heads = [Mark(round(wide * (at + 0.5), 1), 14, text) for at, text in enumerate(columns)]
    return Matrix(dots, words, heads, MATRIX_HEAD + MATRIX_ROW * len(rows))


def tree(above: Sequence[str], own: str, below: Sequence[str]) -> Tree:
    """A line of sponsorship: those above the reader, the reader, and those below."""
    middle = len(above)
    step = TREE_STEP if above else 0
    levels = [*([0] * middle), step, *([step + TREE_STEP] * len(below))]
    nodes = [
        Node(x + RIM + TREE_DOT, y, Mark(x + 2 * TREE_DOT + 10, y + 6, _short(name)), own=at == middle)
        for at, (name, x) in enumerate(zip([*above, own, *below], levels, strict=True))
        for y in [TREE_ROW * at + TREE_ROW // 2]
    ]
    here = nodes[middle]
    joined = [(one, here) for one in nodes[:middle]] + [(here, one) for one in nodes[middle + 1 :]]
    path = "".join(f"M{upper.x} {upper.y}V{lower.y}H{lower.x}" for upper, lower in joined)
    return Tree(nodes, path, TREE_DOT, TREE_ROW * len(nodes))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def _along(at: int, last: int) -> float:
    return round(LEFT + (WIDTH - LEFT - 16) * at / last, 1)


def _height(share: float) -> float:
    return round(BASELINE - (BASELINE - TOP) * share, 1)


def _shares() -> list[Mark]:
    return [Mark(LEFT - 8, _height(one / 100) + 5, f"{one} %") for one in SHARE_MARKS]
