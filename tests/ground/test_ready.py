"""A process that is ready does not look again and again through all that it has loaded for good."""

import os
import subprocess
import sys

from recovery_match.embedded.folders import PROJECT

COUNTS = """
import gc, sys
from recovery_match.ready import get_ready
if "ready" in sys.argv:
    get_ready()
print(gc.get_freeze_count(), len(gc.get_objects()))
before = gc.get_stats()[0]["collections"]
kept = [[] for _ in range(100_000)]
print(gc.get_stats()[0]["collections"] - before)
"""


def counted(*arguments: str) -> list[int]:
    """What is left out of the search for garbage, what is looked through, and how often a page of many objects is."""
    found = subprocess.run(
        [sys.executable, "-c", COUNTS, *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(number) for number in found.stdout.split()]


def test_what_is_loaded_for_good_is_kept_out_of_the_search_for_garbage() -> None:
    frozen, looked_through, _ = counted("ready")
    assert frozen > 50_000
    assert looked_through < frozen / 10


def test_a_page_of_many_objects_is_searched_a_few_times_only() -> None:
    assert counted("ready")[2] <= 10
    assert counted()[2] > 100


def test_control_a_process_that_is_not_ready_keeps_nothing_out() -> None:
    assert counted()[0] == 0
