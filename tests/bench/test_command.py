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
