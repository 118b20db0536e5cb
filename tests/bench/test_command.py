"""`manage.py bench engine` says what it measures, and writes it down for programs."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

FIELDS = ["case", "way", "seconds", "peak_mb", "served", "total", "certified"]
SMALL = ["--newcomers", "60", "--sponsors", "50", "--pools", "300", "--sizes", "40", "80", "--runs", "1"]


def bench(*options: str) -> str:
    said = StringIO()
    call_command("bench", "engine", *options, stdout=said)
    return said.getvalue()


def test_the_figures_of_every_case_and_way_are_written(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    said = bench(*SMALL, "--ways", "ours", "greedy", "--json", str(file))
    rows = json.loads(file.read_text())
    assert all(list(row) == FIELDS for row in rows)
    found = {(row["case"], row["way"]): row for row in rows}
    assert {("round-60x50", "ours"), ("round-60x50", "greedy"), ("one-300", "ours")} <= set(found)
    assert found["one-300", "postgres-covering"]["total"] == found["one-300", "ours"]["total"]
    assert found["round-60x50", "ours"]["certified"] is True
    assert found["round-60x50", "greedy"]["certified"] is None
    assert "certificate accepted" in said
    assert "exponent" in said


def test_large_rounds_are_solved_as_well_by_ways_that_can(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    few = [
        "--newcomers",
        "30",
        "--sponsors",
        "30",
        "--pools",
        "--sizes",
        "--runs",
        "1",
        "--ways",
        "ours",
        "scipy-dense",
    ]
    said = bench(*few, "--large", "50x40", "40x40", "--json", str(file))
    found = {(row["case"], row["way"]): row for row in json.loads(file.read_text())}
    assert found["round-50x40", "ours"]["certified"] is True
    assert found["round-40x40", "ours"]["certified"] is True
    assert ("round-40x40", "scipy-dense") not in found
    assert "Not asked: scipy-dense" in said


def test_a_round_that_is_no_two_numbers_is_refused() -> None:
    with pytest.raises(CommandError, match="--large"):
        bench("--large", "many")


def test_a_peer_that_is_not_installed_is_left_out_with_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lap.py").write_text("raise ModuleNotFoundError('not here', name='lap')\n")
    monkeypatch.syspath_prepend(tmp_path)
    said = bench(
        "--newcomers", "30", "--sponsors", "30", "--pools", "--sizes", "--runs", "2", "--ways", "lapx", "greedy"
    )
    assert "lapx: left out, the package lap is not installed" in said
    assert "run 2 greedy" in said


def test_what_is_to_be_measured_must_be_named() -> None:
    with pytest.raises(CommandError):
        call_command("bench")
