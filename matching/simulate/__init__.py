"""An office's year in a minute: the real engine and the real states, made-up people, and no database.

`compare` plays policies side by side; `table` and `draw` show what came of them. All of it rests on `Assumptions`, none
of which is measured: it tells how policies differ if people were like that, not what will happen.
"""

from matching.simulate.assumptions import Assumptions, Span
from matching.simulate.compare import Comparison, Result, compare
from matching.simulate.measures import Figures
from matching.simulate.picture import draw
from matching.simulate.policies import DEFAULT_POLICIES, Policy, read_policy
from matching.simulate.table import table
from matching.simulate.world import World
from matching.simulate.year import begin, play, steps

__all__ = [
    "DEFAULT_POLICIES",
    "Assumptions",
    "Comparison",
    "Figures",
    "Policy",
    "Result",
    "Span",
    "World",
    "begin",
    "compare",
    "draw",
    "play",
    "read_policy",
    "steps",
    "table",
]
