"""How long things last when some of them still do: the product-limit estimate.

Kaplan & Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53 (1958) 457-481: at each day on which
something ended, the share kept is multiplied by one less the share of those at risk that ended on it. What still lasts
counts for as long as it was seen, and then leaves without a word about how it goes on.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Something that was seen for whole ``days``; ``ended`` tells whether it ended then or was merely last seen."""

    days: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on the share ``kept`` holds (0 to 1). ``at_risk``: how many were seen to last until this day."""

    day: int
    at_risk: int
    kept: float


def curve(spans: Iterable[Span]) -> list[Step]:
    """The steps of the estimate in the order of their days, beginning with day 0 at which everything is kept.

    Raises ValueError for a span of negative length.
    """
    spans = list(spans)
    if any(span.days < 0 for span in spans):
        raise ValueError("A span can't be shorter than nothing.")
    ends = Counter(span.days for span in spans if span.ended)
    leaves = Counter(span.days for span in spans)
    at_risk, kept, steps = len(spans), 1.0, [Step(0, len(spans), 1.0)]
    for day in sorted(leaves):
        if ends[day]:
            kept *= 1 - ends[day] / at_risk
            step = Step(day, at_risk, kept)
            if day == 0:
                steps[0] = step
            else:
                steps.append(step)
        at_risk -= leaves[day]
    return steps


def kept_at(spans: Sequence[Span], day: int) -> Step:
    """The estimate on a day, with how many of the spans reach as far as that day."""
    kept = next(step.kept for step in reversed(curve(spans)) if step.day <= day)
    return Step(day, sum(span.days >= day for span in spans), kept)
