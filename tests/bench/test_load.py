"""`manage.py bench load` asks the server of production in every case, and leaves nothing behind."""

import json
import socket
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from recovery_match.bench.load import client, host, report
from tests.delivery import recipe

SMALL = ["--members", "120", "--requests", "12", "--pairs", "24", "--seconds", "1", "--rounds", "2"]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


def test_every_case_is_asked_and_its_figures_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """L1 and L2 in small: what is measured, not how fast it is."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file, said = tmp_path / "figures.json", StringIO()
    call_command("bench", "load", *SMALL, "--json", str(file), stdout=said)
    rows = {row["name"]: row for row in json.loads(file.read_text())}
    assert list(rows) == ["an empty page", "home", "a coordinator's day", "one tap"]
    assert all(row["per_second"] > 0 and 0 < row["median_ms"] <= row["p99_ms"] for row in rows.values())
    assert [row["errors"] for row in rows.values()] == [0, 0, 0, 0]
    assert "16 connections" in said.getvalue()
    assert list(tmp_path.iterdir()) == [file]


def test_the_server_is_started_as_the_image_starts_it() -> None:
    words = recipe.command()
    for option, value in zip(host.SERVER[:6:2], host.SERVER[1:6:2], strict=True):
        assert words[words.index(option) + 1] == value
    assert host.SERVER[6] in words


def test_refusals_count_as_errors_and_the_median_round_counts() -> None:
    case = report.Case(name="x")
    for count, status in ((10, "200"), (30, "302"), (20, "500")):
        case.add(client.Heard(measured=2.0, seconds=[0.01] * count, statuses=Counter({status: count})))
    assert (case.row.per_second, case.row.errors, case.row.p99_ms) == (10.0, 20, 10.0)


@pytest.fixture
def slow_server() -> Iterator[int]:
    """Sends each answer in pieces, and closes the connection after the second."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        # Whoever asked may have heard enough.
        with line, suppress(OSError):
            for _ in range(2):
                if not line.recv(1000):
                    break
                for piece in (ANSWER[:10], ANSWER[10:], b"ab", b"cd"):
                    line.sendall(piece)


def test_answers_in_pieces_are_whole_and_closed_connections_are_opened_again(
    slow_server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "WARM_UP", 0.0)
    order = client.Order(port=slow_server, connections=1, seconds=0.5, requests=["GET / HTTP/1.1\r\n\r\n"])
    heard = client.ask(order)
    assert set(heard.statuses) == {"200"}
    assert heard.reopened > 0
    assert abs(heard.statuses["200"] - 2 * heard.reopened) <= 2
