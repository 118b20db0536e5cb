"""The arithmetic of scores, once more and apart from the engine: shares in millionths, thousandths of a point."""

from matching.engine import Component
from recovery_match.bench.crowd import facts

POLICY = facts().policy
POINT = 1000
MILLION = 1_000_000
HALF = MILLION // 2

MOST_BONUS = POINT - 1


def portion(amount: int, full: int) -> int:
    """The share that an amount is of what counts as full."""
    return min(amount, full) * MILLION // full


def points(component: Component, share: int) -> int:
    """What a share of this component is worth."""
    return POLICY.weight(component) * POINT * share // MILLION
