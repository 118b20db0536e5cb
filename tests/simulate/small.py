"""Small worlds that are played in a moment, and busy enough that people meet."""

from dataclasses import replace

from matching.simulate import Assumptions, World

BUSY = Assumptions(
    arrivals_a_week=10, sponsors=20, sponsors_a_week=1, approves=0.7, pauses=0.6, finds_elsewhere_days=20
)
"""More newcomers than the sponsors can take, and much that comes between: last seats go, requests wait, some close,
reviews end in a no, and sponsors pause while another offer is with them."""


def busy(seed: int = 1, weeks: int = 3) -> World:
    """A few crowded weeks."""
    return World.of(seed, weeks, BUSY)


def alone(seed: int) -> World:
    """One newcomer among the sponsors, so that nobody else can take a seat or a coordinator's hour."""
    world = World.of(seed, 1, replace(BUSY, arrivals_a_week=20))
    return replace(world, newcomers=world.newcomers[:1])
