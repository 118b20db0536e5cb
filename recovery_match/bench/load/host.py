"""Everything that needs the application, in a process whose engines are its own.

Run by `command` as ``python -m recovery_match.bench.load.host OPTIONS`` with RECOVERY_MATCH_DATA naming a fresh folder.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from recovery_match import embedded  # noqa: E402
from recovery_match.bench.load import client, report  # noqa: E402
from recovery_match.bench.load.cases import cases  # noqa: E402
from recovery_match.bench.load.options import Options  # noqa: E402
from recovery_match.bench.load.urls import EMPTY  # noqa: E402
from recovery_match.bench.pages.options import Options as Office  # noqa: E402
from recovery_match.bench.pages.people import fill, offer_some  # noqa: E402
from recovery_match.bench.reminders.works import Works  # noqa: E402
from recovery_match.bench.saying import end_on_signals, keep, say  # noqa: E402

OFFICE = "bay"
SERVER = ("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket")
"""As the image starts it."""

STARTS = 60.0


def measure(options: Options) -> None:
    """Fill the office, start the server, go through all cases a few times."""
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    office = Office(members=options.members, requests=options.requests, pairs=options.pairs)
    coordinator = fill(OFFICE, office)
    offer_some(OFFICE)
    asked = cases(coordinator)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"{options.members:,} members, {options.pairs:,} pairs; ready after {time.monotonic() - began:.0f} s")
    _, load, _ = os.getloadavg()
    say(f"{options.connections} connections, {os.cpu_count()} processors; load before the server started: {load:.1f}")
    folder, port = embedded.data_folder(), _free_port()
    server = Works(folder)
    try:
        server.start("gunicorn", "recovery_match.bench.load.wsgi", "--bind", f"127.0.0.1:{port}", *SERVER)
        server.wait_until(lambda: _answers(port), STARTS)
        rows = _go_through(asked, port, options, folder)
    finally:
        server.stop()
    say(*report.table(rows))
    keep(report.rows_for_programs(rows))
    say(f"\nDone in {time.monotonic() - began:.0f} s.")


def _go_through(asked: dict[str, list[str]], port: int, options: Options, folder: Path) -> Sequence[report.Row]:
    found = {name: report.Case(name=name) for name in asked}
    for _ in range(options.rounds):
        for name, requests in asked.items():
            order = client.Order(port=port, connections=options.connections, seconds=options.seconds, requests=requests)
            found[name].add(_ask(order, folder / "order.json"))
    return [case.row for case in found.values()]


def _ask(order: client.Order, file: Path) -> client.Heard:
    """In a process of its own, so that this one's memory and threads are not in its way."""
    file.write_text(json.dumps(asdict(order)))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", client.__name__, str(file)], check=True, stdout=subprocess.PIPE, text=True
    )
    return client.Heard(**json.loads(done.stdout))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError):
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        asking.request("GET", f"/{EMPTY}", headers={"Host": "localhost"})
        return asking.getresponse().status == http.HTTPStatus.OK
    return False


if __name__ == "__main__":
    end_on_signals()
    measure(Options.heard(sys.argv[1]))
