"""Everything that needs the application, in a process whose engines are its own.

Run by `command` as ``python -m recovery_match.bench.reminders.host OPTIONS`` with RECOVERY_MATCH_DATA naming a fresh
folder. Each line that it writes is JSON: a line for people, or all rows so far.
"""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from recovery_match import embedded  # noqa: E402
from recovery_match.bench.reminders import report  # noqa: E402
from recovery_match.bench.reminders.cases import NAIVE, OURS, WORKERS, Outcome, Scene  # noqa: E402
from recovery_match.bench.reminders.options import Options  # noqa: E402
from recovery_match.bench.reminders.scale import DUE, Scale, measure  # noqa: E402
from recovery_match.bench.saying import end_on_signals, keep, say  # noqa: E402

BURST = "burst: members whose hour strikes; each is asked, which makes a message, and the message is sent"
FLOW = "flow: messages that are there already fall due one after the other, a thousand a minute"


class Host:
    """One run, said line by line."""

    def __init__(self, options: Options) -> None:
        self._options, self._began = options, time.monotonic()
        self._rows: list[report.Row] = []

    def run(self) -> None:
        """Measure everything that was asked for."""
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        options, scene = self._options, Scene(embedded.data_folder())
        say(f"{WORKERS} worker processes of each way, one mail server; ours looks every {settings.TICK_SECONDS} s")
        try:
            outcomes = self._compare(BURST, scene.burst, options.members, options.naive)
            say(*report.ratio(outcomes))
            self._compare(FLOW, scene.flow, options.flow, options.flow)
        finally:
            scene.close()
        if options.sizes:
            self._grow()
        say(f"\nDone in {time.monotonic() - self._began:.0f} s.")

    def _compare(self, title: str, case: Callable[[str, int], Outcome], ours: int, naive: int) -> list[Outcome]:
        if ours or naive:
            say(f"\n{title}")
        outcomes = [case(way, count) for way, count in ((OURS, ours), (NAIVE, naive)) if count]
        self._keep(map(report.row, outcomes))
        if outcomes:
            say(*report.table(outcomes))
        return outcomes

    def _grow(self) -> None:
        say(f"\ntick: {DUE} are due, before tables that hold many others; waiting for the database")
        scales: list[Scale] = []
        for size in self._options.sizes:
            scales.append(measure(size))
            self._keep([report.row_of_tick(scales[-1])])
        say(*report.scale_table(scales))

    def _keep(self, rows: Iterable[report.Row]) -> None:
        """Tell what there is after each case: a later one may be interrupted."""
        self._rows.extend(rows)
        keep(asdict(one) for one in self._rows)


if __name__ == "__main__":
    end_on_signals()
    Host(Options.heard(sys.argv[1])).run()
