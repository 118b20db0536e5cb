"""Several policies, each in the same seeded years."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context

from matching.simulate.assumptions import Assumptions
from matching.simulate.measures import Figures, Tally
from matching.simulate.policies import Policy
from matching.simulate.world import World
from matching.simulate.year import play


@dataclass(frozen=True)
class Result:
    """What came of one policy.

    Attributes:
        hours: Hours to contact over all years, ascending.
        figures: Of all years together; years: of each.
    """

    policy: Policy
    hours: tuple[float, ...]
    figures: Figures
    years: tuple[Figures, ...]


@dataclass(frozen=True)
class Comparison:
    """Policies side by side. Each met the same people and the same chances, year by year.

    Attributes:
        seeds: One for each year.
        results: In the order of the policies; the first is what the others are compared with.
    """

    assumed: Assumptions
    weeks: int
    seeds: tuple[int, ...]
    results: tuple[Result, ...]

    def plain(self) -> dict[str, object]:
        """Everything as JSON takes it."""
        return {
            "measured": False,
            "weeks": self.weeks,
            "seeds": list(self.seeds),
            "assumptions": self.assumed.plain(),
            "policies": [
                {
                    "name": one.policy.name,
                    "traits": list(one.policy.traits),
                    "all_years": one.figures.plain(),
                    "each_year": [year.plain() for year in one.years],
                }
                for one in self.results
            ],
        }


def compare(
    policies: Sequence[Policy],
    *,
    assumed: Assumptions | None = None,
    weeks: int = 52,
    seeds: Sequence[int] = (1,),
    processes: int | None = None,
) -> Comparison:
    """Play every policy in every year.

    Args:
        policies: At least one; the names differ.
        assumed: What is taken for granted; by default the defaults.
        weeks: Weeks in which newcomers arrive.
        seeds: One year for each.
        processes: How many years are played at the same time; by default one for each processor. The result does not
            depend on it.

    Raises:
        ValueError: No policy, no seed, two policies of one name, or less than a week.
    """
    if not policies or not seeds:
        raise ValueError("a comparison needs a policy and a seed")
    if len({policy.name for policy in policies}) < len(policies):
        raise ValueError("two policies have the same name")
    worlds = [World.of(seed, weeks, assumed) for seed in seeds]
    tallies = _play_all(list(product(policies, worlds)), processes or os.cpu_count() or 1)
    results = tuple(
        _result(policy, tallies[at * len(worlds) : (at + 1) * len(worlds)]) for at, policy in enumerate(policies)
    )
    return Comparison(worlds[0].assumed, weeks, tuple(seeds), results)


def _play_all(plays: Sequence[tuple[Policy, World]], processes: int) -> list[Tally]:
    if processes == 1 or len(plays) == 1:
        return [_tally(*one) for one in plays]
    # Begun afresh and not forked: whoever calls may have threads.
    with ProcessPoolExecutor(min(processes, len(plays)), mp_context=get_context("spawn")) as pool:
        return list(pool.map(_tally, *zip(*plays, strict=True)))


def _tally(policy: Policy, world: World) -> Tally:
    return Tally.of(play(world, policy))


def _result(policy: Policy, tallies: Sequence[Tally]) -> Result:
    together = Tally.sum(tallies)
    return Result(
        policy, tuple(sorted(together.hours)), Figures.of(together), tuple(Figures.of(one) for one in tallies)
    )
