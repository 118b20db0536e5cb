"""`manage.py bench pages` fetches every page of an office, large and small, and leaves nothing behind."""

import json
import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from recovery_match.bench.pages.options import Options

FIELDS = ["case", "name", "median", "p95", "queries", "size"]
SMALL = ["--members", "240", "--requests", "24", "--pairs", "40", "--small", "120", "--times", "2"]


def test_every_page_of_both_offices_is_fetched_and_its_figures_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file, said = tmp_path / "figures.json", StringIO()
    call_command("bench", "pages", *SMALL, "--json", str(file), stdout=said)
    rows = json.loads(file.read_text())
    assert all(list(row) == FIELDS for row in rows)
    for members in (120, 240):
        names = {row["name"] for row in rows if row["case"] == f"coordinator-{members}"}
        assert {"coordinate", "review", "coordinate_request", "round", "round pairs", "report", "policy"} <= names
        assert {"report_rows asked", "coordinate_excluded gender"} <= names
        assert {"home", "pairing", "offer"} <= {row["name"] for row in rows if row["case"] == f"sponsor-{members}"}
    assert all(0 < row["median"] <= row["p95"] and row["queries"] > 0 for row in rows)
    assert "240 members, 24 open requests, 40 pairs" in said.getvalue()
    assert list(tmp_path.iterdir()) == [file]


def test_the_small_office_has_the_same_shape() -> None:
    small = Options(members=20_000, requests=2_000, pairs=5_000, small=200).shrunk()
    assert (small.members, small.requests, small.pairs) == (200, 20, 50)
