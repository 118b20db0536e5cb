"""The engine's machine code is kept where it can be, and is there before the first newcomer asks."""

import os
import subprocess
import sys
from pathlib import Path

ASK = """
import time
from matching.engine import warm_up
warm_up()
from matching.engine.best import _look
from matching.engine.compiled import KEPT
print(KEPT, sum(_look.stats.cache_misses.values()), sum(_look.stats.cache_hits.values()))
"""


NOWHERE = """
from numba.core import caching
caching.CacheImpl._locator_classes = []
caching.CodeLibraryCacheImpl._locator_classes = []
"""
"""Lets numba find no folder that it may write to."""


def asked(folder: Path, before: str = "") -> list[str]:
    project = Path(__file__).parents[2]
    found = subprocess.run(
        [sys.executable, "-c", before + ASK],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "NUMBA_CACHE_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.split()


def test_a_second_process_finds_what_the_first_one_compiled(tmp_path: Path) -> None:
    assert asked(tmp_path) == ["True", "1", "0"]
    assert asked(tmp_path) == ["True", "0", "1"]


def test_where_nothing_can_be_kept_the_engine_answers_all_the_same(tmp_path: Path) -> None:
    assert asked(tmp_path, before=NOWHERE)[0] == "False"
