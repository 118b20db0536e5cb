"""``manage.py bench engine``, ``reminders``, ``pages`` and ``load``: measurements that anybody can repeat."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recovery_match.bench import engine_command
from recovery_match.bench.load import command as load_command
from recovery_match.bench.pages import command as pages_command
from recovery_match.bench.reminders import command as reminders_command

BENCHES = {
    "engine": engine_command,
    "reminders": reminders_command,
    "pages": pages_command,
    "load": load_command,
}
"""By name: modules with HELP, `add_arguments` and `run`."""


class Command(BaseCommand):
    """Measure one part of the application."""

    help = "Measure a part of the application on made-up people, and say what it is measured against."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be measured, each with options of its own."""
        benches = parser.add_subparsers(dest="bench", required=True, metavar="|".join(BENCHES))
        for name, module in BENCHES.items():
            module.add_arguments(benches.add_parser(name, help=module.HELP, description=module.HELP))

    def handle(self, *args: Any, bench: str, **options: Any) -> None:
        """Measure it, and say each figure as it is there."""
        BENCHES[bench].run(options, self._write)

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
