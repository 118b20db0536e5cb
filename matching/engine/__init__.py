"""The matching engine: frozen values in, frozen values out. Standard library and numpy only.

A `Pool` of Persons and the `Facts` around them answer a newcomer's question: `suggest`, `why_nobody`,
`what_would_help`; `recheck` looks at one pair.
"""

from matching.engine.explain import Reason, ReasonKey, recovery_band, shared_week
from matching.engine.people import DEFAULT_WEIGHTS, Component, Person, Policy
from matching.engine.pool import Facts, Pool
from matching.engine.rules import RULES, Rule
from matching.engine.suggest import (
    ADJUSTABLE,
    Suggestion,
    Verdict,
    recheck,
    suggest,
    what_would_help,
    why_nobody,
)
from matching.engine.week import UnknownZoneError

__all__ = [
    "ADJUSTABLE",
    "DEFAULT_WEIGHTS",
    "RULES",
    "Component",
    "Facts",
    "Person",
    "Policy",
    "Pool",
    "Reason",
    "ReasonKey",
    "Rule",
    "Suggestion",
    "UnknownZoneError",
    "Verdict",
    "recheck",
    "recovery_band",
    "shared_week",
    "suggest",
    "what_would_help",
    "why_nobody",
]
