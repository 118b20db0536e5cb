"""The engine's machine code is kept where it can be, and is there before the first newcomer asks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import time
from matching.engine import warm_up
warm_up()
from matching.engine.best import _look
from matching.engine.compiled import KEPT
print(KEPT, sum(_look.stats.cache_misses.values()), sum(_look.stats.cache_hits.values()))
"""


PROJECT = Path(__file__).parents[2]


def asked(folder: Path, project: Path = PROJECT, **more: str) -> list[str]:
    found = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "NUMBA_CACHE_DIR": str(folder), **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.split()


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a first process found nothing, and left what it compiled."""
    folder = tmp_path_factory.mktemp("compiled")
    assert asked(folder) == ["True", "1", "0"]
    return folder


def test_a_second_process_finds_what_the_first_one_compiled(compiled: Path) -> None:
    assert asked(compiled) == ["True", "0", "1"]


def test_machine_code_that_comes_with_the_program_spares_the_first_process_the_compiler(
    compiled: Path, tmp_path: Path
) -> None:
    shipped, kept = tmp_path / "shipped", tmp_path / "kept"
    shutil.copytree(compiled, shipped)
    for folder in sorted(shipped.rglob("*"), reverse=True):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    assert asked(kept, MACHINE_CODE_DIR=str(shipped)) == ["True", "0", "1"]
    assert [one.name for one in kept.iterdir()] == [one.name for one in shipped.iterdir()]
    assert asked(kept, MACHINE_CODE_DIR=str(shipped)) == ["True", "0", "1"]


def test_machine_code_of_another_state_of_the_engine_is_left_alone(tmp_path: Path) -> None:
    shipped, kept = tmp_path / "shipped" / "engine-0123456789abcdef", tmp_path / "kept"
    shipped.mkdir(parents=True)
    assert asked(kept, MACHINE_CODE_DIR=str(shipped.parent)) == ["True", "1", "0"]


def test_where_nothing_can_be_kept_the_engine_answers_all_the_same(tmp_path: Path) -> None:
    a_file = tmp_path / "file"
    a_file.touch()
    assert asked(a_file)[0] == "False"


def test_a_change_anywhere_in_the_engine_lets_nothing_old_live_on(tmp_path: Path) -> None:
    """numba by itself would keep the search, into which the changed rule is compiled."""
    shutil.copytree(PROJECT / "matching" / "engine", tmp_path / "matching" / "engine")
    (tmp_path / "matching" / "__init__.py").touch()
    kept = tmp_path / "kept"
    assert asked(kept, tmp_path) == ["True", "1", "0"]
    with (tmp_path / "matching" / "engine" / "rules.py").open("a") as rules:
        rules.write("# another rule\n")
    assert asked(kept, tmp_path) == ["True", "1", "0"]
