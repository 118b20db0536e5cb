"""The matching engine: frozen values in, frozen values out. Standard library and numpy only.

A `Pool` of Persons and the `Facts` around them answer a newcomer's question: `suggest`, `why_nobody`,
`what_would_help`; `recheck` looks at one pair. `match_round` and `match_stable` serve everybody at once, and
`check_round` and `check_stable` check what they propose. `Recruiting` tells whom to look for when seats are short.
`split` takes a round apart for several machines and `join` puts it together again; `wire` makes plain values of
everything on the way.
"""

from matching.engine import wire
from matching.engine.explain import Reason, ReasonKey, recovery_band, shared_week
from matching.engine.facts import Facts
from matching.engine.fairness import Fairness, Share, fairness
from matching.engine.optimum import Cancelled
from matching.engine.outcome import Assignment, Certificate, Left, Round, StableRound
from matching.engine.parts import Part, concerning, join, join_stable, service_of, split
from matching.engine.people import DEFAULT_WEIGHTS, Component, Person, Policy
from matching.engine.pool import Pool
from matching.engine.recruiting import Recruit, Recruiting, most, possible_sponsors
from matching.engine.rehearsal import rehearse
from matching.engine.rounds import match_round
from matching.engine.rules import RULES, Rule
from matching.engine.sought import HOURS, SEATS, Sought
from matching.engine.stable import match_stable
from matching.engine.standing import Standing
from matching.engine.suggest import (
    ADJUSTABLE,
    Suggestion,
    Verdict,
    excluded_by,
    recheck,
    suggest,
    what_would_help,
    why_nobody,
)
from matching.engine.verify import Refused, check_round, check_stable
from matching.engine.warm import warm_up
from matching.engine.week import UnknownZoneError

__all__ = [
    "ADJUSTABLE",
    "DEFAULT_WEIGHTS",
    "HOURS",
    "RULES",
    "SEATS",
    "Assignment",
    "Cancelled",
    "Certificate",
    "Component",
    "Facts",
    "Fairness",
    "Left",
    "Part",
    "Person",
    "Policy",
    "Pool",
    "Reason",
    "ReasonKey",
    "Recruit",
    "Recruiting",
    "Refused",
    "Round",
    "Rule",
    "Share",
    "Sought",
    "StableRound",
    "Standing",
    "Suggestion",
    "UnknownZoneError",
    "Verdict",
    "check_round",
    "check_stable",
    "concerning",
    "excluded_by",
    "fairness",
    "join",
    "join_stable",
    "match_round",
    "match_stable",
    "most",
    "possible_sponsors",
    "recheck",
    "recovery_band",
    "rehearse",
    "service_of",
    "shared_week",
    "split",
    "suggest",
    "warm_up",
    "what_would_help",
    "why_nobody",
    "wire",
]
