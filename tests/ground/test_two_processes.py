"""A run of the whole suite uses two processes that share nothing; a part of it uses one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recovery_match.embedded import folders
from tests import spread

OURS = {*spread.OURS, "RECOVERY_MATCH_LOCAL", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_VERSION"}
ONE = "tests/ground/test_embedded.py::test_each_pytest_session_has_a_folder_of_its_own"
TELL = """
import json, os, pathlib
from django.conf import settings

def pytest_runtest_call(item):
    told = [os.environ["DATABASE_URL"], os.environ["REDIS_URL"], str(settings.CLOCK_SHIFT_FILE)]
    (pathlib.Path(__file__).parent / f"{os.getpid()}.json").write_text(json.dumps(told))
"""


def told(tmp_path: Path, *arguments: str) -> list[list[str]]:
    """Run pytest on one small test; the addresses that each of its processes knew."""
    (tmp_path / "tell.py").write_text(TELL)
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    path = os.pathsep.join([str(tmp_path), str(folders.PROJECT)])
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tell", *arguments],
        cwd=folders.PROJECT,
        env=environment | {"PYTHONPATH": path},
        check=True,
        capture_output=True,
    )
    return [json.loads(one.read_text()) for one in tmp_path.glob("*.json")]


def test_what_runs_in_two_processes_shares_neither_engines_nor_clock(tmp_path: Path) -> None:
    first, second = told(tmp_path, "-n2", "--dist", "each", ONE)
    assert not set(first) & set(second)


@pytest.mark.skipif(os.cpu_count() == 1, reason="There is one processor.")
def test_the_whole_suite_is_spread(tmp_path: Path) -> None:
    """Two files stand for the suite."""
    two = "tests/sheet/test_columns_are_guessed.py tests/sheet/test_days_of_a_list.py"
    assert len(told(tmp_path, "-o", f"testpaths={two}")) == 2


def test_one_test_is_run_in_one_process(tmp_path: Path) -> None:
    assert len(told(tmp_path, ONE)) == 1
