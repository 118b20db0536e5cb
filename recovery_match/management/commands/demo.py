"""``manage.py demo``: the whole application with fictional members, by one command, on this machine."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recovery_match.demo.crew import ChildEndedError
from recovery_match.demo.runner import CannotRunError, Runner

MEMBERS = 800


class Command(BaseCommand):
    """Start, fill and run everything until Ctrl-C."""

    help = "Run the whole application with fictional members: engines, tables, members, web, worker, beat."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8000, help="where the pages are served (8000)")
        parser.add_argument("--members", type=int, default=MEMBERS, help=f"how many fictional members ({MEMBERS})")
        parser.add_argument("--reset", action="store_true", help="forget everything of earlier runs first")

    def handle(self, *args: Any, port: int, members: int, reset: bool, verbosity: int, **options: Any) -> None:
        """Run until stopped. A stop that was asked for is a success; anything else ends with a non-zero code.

        ``--verbosity 2`` also shows what worker and beat write while all goes as usual.
        """
        if not settings.LOCAL:
            raise CommandError("The demo uses engines of its own. Unset DATABASE_URL and REDIS_URL.")
        if not 1 <= port <= 65535:
            raise CommandError("--port takes a number from 1 to 65535.")
        if members < 1:
            raise CommandError("--members takes a number from 1 on.")
        address = f"http://localhost:{port}"
        os.environ.update({"DEMO": "1", "SITE_URL": address, "RECOVERY_MATCH_LOCAL": "1"})
        settings.DEMO, settings.SITE_URL = True, address
        try:
            Runner(port=port, members=members, reset=reset, write=self._write, routine=verbosity > 1).run()
        except (CannotRunError, ChildEndedError, TimeoutError) as error:
            raise CommandError(str(error)) from error

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
