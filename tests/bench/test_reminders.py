"""`manage.py bench reminders` runs both ways for real, judges the letters, and leaves nothing behind."""

import json
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from recovery_match.bench.reminders import sink
from recovery_match.bench.reminders.letters import judge, taken
from tests.ground.processes import eventually

FIELDS = ["case", "way", "per_second", "lateness_p99_s", "peak_mb", "lost", "doubled"]
SMALL = ["--members", "40", "--naive", "12", "--flow", "15", "--sizes", "50", "500"]
LETTER = b"Subject: News\r\n\r\n.One line\r\n"


def test_both_ways_are_run_and_their_figures_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICK_SECONDS", "1")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file, said = tmp_path / "figures.json", StringIO()
    call_command("bench", "reminders", *SMALL, "--json", str(file), stdout=said)
    rows = json.loads(file.read_text())
    assert all(list(row) == FIELDS for row in rows)
    found = {(row["case"], row["way"]) for row in rows}
    cases = {("burst-40", "ours"), ("burst-12", "naive"), ("flow-15", "ours"), ("flow-15", "naive")}
    assert found == cases | {("tick-50", "ours"), ("tick-500", "ours")}
    assert all((row["lost"], row["doubled"]) == (0, 0) and row["per_second"] > 0 for row in rows)
    assert "times as many letters a second as the naive way" in said.getvalue()
    assert list(tmp_path.iterdir()) == [file]


def test_who_got_no_letter_is_lost_and_who_got_two_is_doubled() -> None:
    letters = [(11.0, "a"), (12.0, "b"), (12.5, "b"), (15.0, "c")]
    found = judge(letters, {"a": 10.0, "b": 11.0, "c": 11.0, "d": 11.0})
    assert (found.expected, found.lost, found.doubled) == (4, 1, 1)
    assert found.per_second == pytest.approx(3 / 4)
    assert (found.late_p50, found.late_p99) == (1.0, 4.0)


def test_without_any_letter_all_are_lost() -> None:
    assert judge([], {"a": 10.0}).lost == 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[smtplib.SMTP, Path]]:
    log, port = tmp_path / "taken", tmp_path / "port"
    process = subprocess.Popen([sys.executable, "-m", sink.__name__, str(log), str(port)])
    assert eventually(port.exists)
    with smtplib.SMTP("127.0.0.1", int(port.read_text())) as client:
        yield client, log
    process.kill()
    process.wait()


def test_the_mail_server_writes_down_every_letter_it_says_yes_to(server: tuple[smtplib.SMTP, Path]) -> None:
    client, log = server
    for number in range(3):
        client.sendmail("us@bench.example", [f"member-{number}@bench.example"], LETTER)
    assert [address for _, address in taken(log)] == [f"member-{number}@bench.example" for number in range(3)]


def test_the_mail_server_takes_commands_in_one_go(server: tuple[smtplib.SMTP, Path]) -> None:
    client, log = server
    client.ehlo()
    client.send(b"MAIL FROM:<us@bench.example>\r\nRCPT TO:<ana@bench.example>\r\nDATA\r\n" + LETTER + b".\r\nNOOP\r\n")
    assert [client.getreply()[0] for _ in range(5)] == [250, 250, 354, 250, 250]
    assert [address for _, address in taken(log)] == ["ana@bench.example"]
