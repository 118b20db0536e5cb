"""Write the list of everything that is shipped."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recovery_match.sbom import bill


class Command(BaseCommand):
    help = (
        "Writes a CycloneDX list of the locked requirements, with their hashes and licences. Asks nobody for anything."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--requirements", type=Path, default=settings.BASE_DIR / "requirements.txt")
        parser.add_argument("--output", type=Path, help="a file; standard output unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = json.dumps(bill(options["requirements"].read_text()), indent=1)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if options["output"]:
            options["output"].write_text(text + "\n")
        else:
            self.stdout.write(text)
