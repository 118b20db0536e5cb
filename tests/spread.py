"""The whole suite in two processes, each with a PostgreSQL, a Valkey, a clock and a folder of its own.

What runs in one of them cannot disturb what runs in the other. ``pytest`` alone does it; a file, a folder, ``-n0`` or
``-p no:xdist`` do not, nor does it where the environment names the engines.
"""

import os

import pytest

from recovery_match.embedded import folders, postgres

PROCESSES = 2
OURS = ("DATABASE_URL", "REDIS_URL", "RECOVERY_MATCH_DATA")
LONGEST_FIRST = tuple(
    f"tests/{folder}/"
    for folder in ("faults", "engine", "delivery", "ground", "browser", "bench", "simulate", "security")
)
"""Files of these folders take long. The short ones come last, so that both processes end at about the same time."""


def in_two_processes(config: pytest.Config) -> None:
    """Ask pytest-xdist for them, where the whole suite runs and nobody said otherwise."""
    if _whole(config) and not _spread(config) and (os.cpu_count() or 1) >= PROCESSES and _engines_are_ours():
        config.option.numprocesses = PROCESSES
        config.option.dist = "loadfile"
        config.option.loadscopereorder = False


def leave_engines_behind() -> None:
    """Let the processes that are started next find no engines: each makes its own."""
    if _engines_are_ours():
        for name in OURS:
            del os.environ[name]


def longest_first(items: list[pytest.Item]) -> None:
    """Files that take long before the others; within a file nothing changes."""
    items.sort(key=_rank)


def _whole(config: pytest.Config) -> bool:
    option = config.option
    narrowed = option.keyword or option.markexpr or option.collectonly or option.usepdb
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not narrowed


def _spread(config: pytest.Config) -> bool:
    """Whether somebody decided already: by an option, by leaving the plugin out, or by being one of the two."""
    undecided = config.pluginmanager.hasplugin("xdist") and config.option.numprocesses is None
    return not undecided or config.option.dist != "no" or "PYTEST_XDIST_WORKER" in os.environ


def _engines_are_ours() -> bool:
    folder = folders.data_folder()
    return folders.is_temporary(folder) and os.environ.get("DATABASE_URL") == postgres.url(folder)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, part in enumerate(LONGEST_FIRST) if item.nodeid.startswith(part)), len(LONGEST_FIRST))
