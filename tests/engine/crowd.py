"""The bench's crowd as these tests want it: one fellowship, and the areas of a large crowd for a few people."""

from matching.engine import Person
from recovery_match.bench import crowd as made_up

AREAS = 40


def crowd(newcomers: int, sponsors: int, *, fellowships: int = 1, seed: int = 1) -> tuple[list[Person], list[Person]]:
    """Draw newcomers and sponsors; the same numbers and seed always give the same people."""
    return made_up.crowd(newcomers, sponsors, fellowships=fellowships, areas=AREAS, seed=seed)
