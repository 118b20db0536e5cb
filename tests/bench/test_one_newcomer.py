"""PostgreSQL and the scan in C find the ten whom our engine finds, in the same order."""

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from matching.engine import Pool, suggest
from recovery_match.bench.columns import Columns
from recovery_match.bench.crowd import facts
from recovery_match.bench.one import bound, covering
from recovery_match.bench.one.answer import BOUND, POSTGRES, OneTask, answer_one
from recovery_match.bench.one.asking import BEST, Questions
from recovery_match.bench.ways.market import Crowd
from recovery_match.bench.ways.names import OURS

CROWD = Crowd.drawn(30, 1500, seed=5)
URL = os.environ["DATABASE_URL"]


def ten_best(row: int) -> list[tuple[int, object]]:
    found = suggest(CROWD.newcomers[row], Pool.of(CROWD.sponsors, facts()), BEST)
    return [(one.score, one.sponsor) for one in found]


def test_postgresql_finds_the_ten_best_from_its_index_alone() -> None:
    columns = Columns.of(CROWD.sponsors)
    with covering.loaded(URL, columns) as connection:
        way = covering.way(connection, columns, Questions.of(CROWD.newcomers, CROWD.areas))
        for row in range(len(CROWD.newcomers)):
            assert way.read(way.ask(row)) == ten_best(row)


def test_nothing_is_left_in_the_database() -> None:
    with covering.loaded(URL, Columns.of(CROWD.sponsors[:10])):
        pass
    with psycopg.connect(URL) as connection:
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'bench%'").fetchall()
    assert left == []


def test_all_ways_agree_and_are_measured() -> None:
    task = OneTask(sponsors=1500, newcomers=20, runs=2, seed=5, against=(POSTGRES, BOUND), database=URL)
    answer = answer_one(task)
    ways = [OURS, POSTGRES, *([BOUND] if shutil.which("cc") else [])]
    assert [name for name, one in answer.ways.items() if one.seconds] == ways
    assert all(answer.ways[name].agrees for name in ways)
    assert len({(answer.ways[name].served, answer.ways[name].total) for name in ways}) == 1
    assert all(len(answer.ways[name].seconds) == 2 for name in ways)


def test_without_a_compiler_the_scan_is_left_out_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    answer = answer_one(OneTask(sponsors=50, newcomers=4, runs=1, against=(BOUND,)))
    assert "compiler" in answer.ways[BOUND].left_out
    assert answer.ways[OURS].seconds


def test_without_a_database_of_our_own_postgresql_is_left_out_with_a_word() -> None:
    answer = answer_one(OneTask(sponsors=50, newcomers=4, runs=1, against=(POSTGRES,)))
    assert "PostgreSQL" in answer.ways[POSTGRES].left_out


def test_a_compiler_that_fails_is_said_to_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\necho no such processor >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bound.NoCompilerError, match="code 3: no such processor"):
        bound.compiled(tmp_path)
