"""After the rehearsal nothing is left to compile: the first round of a process is as quick as the second."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

COUNTS = """
import gc, sys
from numba.core.dispatcher import Dispatcher
from matching.engine import Pool, Recruiting, check_round, match_round, rehearse, suggest, why_nobody
from recovery_match.bench.crowd import crowd, facts

def compiled():
    return sum(len(one.signatures) for one in gc.get_objects() if isinstance(one, Dispatcher))

if "rehearse" in sys.argv:
    rehearse()
before = compiled()
newcomers, sponsors = crowd(300, 80, fellowships=2, areas=9, seed=1)
pool = Pool.of(sponsors, facts())
found = match_round(newcomers, pool)
check_round(newcomers, sponsors, facts(), found)
Recruiting(newcomers, pool, found, "UTC").following()
suggest(newcomers[0], pool)
why_nobody(newcomers[0], pool)
print(compiled() - before)
"""


@pytest.mark.parametrize("rehearsed", [True, False], ids=["rehearsed", "control"])
def test_nothing_is_left_to_compile(rehearsed: bool) -> None:
    found = subprocess.run(
        [sys.executable, "-c", COUNTS, *(["rehearse"] if rehearsed else [])],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    left = int(found.stdout)
    assert (left == 0) == rehearsed, left
