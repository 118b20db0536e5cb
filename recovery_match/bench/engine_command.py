"""`manage.py bench engine`: its options, and what they start."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from recovery_match.bench.contest import Write
from recovery_match.bench.engine import LARGE, SIZES, Bench, Options
from recovery_match.bench.ways.names import READY

HELP = "Our engine against the other ways: whole rounds, one newcomer, and how time and memory grow."


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    default = Options()
    large = " and ".join(f"{newcomers}x{sponsors}" for newcomers, sponsors in LARGE)
    add = parser.add_argument
    add("--newcomers", type=int, default=default.newcomers, help="newcomers of the round (%(default)s)")
    add("--sponsors", type=int, default=default.sponsors, help="sponsors of the round (%(default)s)")
    add("--pools", type=int, nargs="*", default=default.pools, help="sponsors before one newcomer (%(default)s)")
    add("--sizes", type=int, nargs="*", default=SIZES, help="crowds by which growth is measured (%(default)s)")
    add("--runs", type=int, default=default.runs, help="runs of each way, of which the median counts (%(default)s)")
    add("--seed", type=int, default=default.seed, help="of the crowds (%(default)s)")
    add("--ways", nargs="*", choices=READY, default=default.ways, help="ways of solving the round (all)")
    add(
        "--large",
        type=_round,
        nargs="*",
        metavar="NEWCOMERSxSPONSORS",
        help=f"also these rounds ({large}), all sizes and more runs of slow ways, beyond 8 minutes",
    )
    add("--json", type=Path, help="a file for the figures, as a list of rows")


def run(options: dict[str, Any], write: Write) -> None:
    """Measure. Only a PostgreSQL of our own is used: nobody else's server is loaded with made-up people."""
    chosen = {name: options[name] for name in ("newcomers", "sponsors", "runs", "seed", "json")}
    chosen |= {name: tuple(options[name]) for name in ("pools", "sizes", "ways")}
    large = () if options["large"] is None else tuple(options["large"]) or LARGE
    database = os.environ["DATABASE_URL"] if settings.LOCAL else ""
    Bench(Options(**chosen, large=large, database=database), write).run()


def _round(said: str) -> tuple[int, int]:
    """Read what the option says.

    Raises:
        ValueError: It is not two numbers.
    """
    newcomers, sponsors = said.split("x")
    return int(newcomers), int(sponsors)
