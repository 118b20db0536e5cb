"""Write a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recovery_match.backup.dump import back_up

KEYS_NAME = "member-keys"


class Command(BaseCommand):
    help = (
        "Writes everything into FILE, sealed with BACKUP_KEY, but for the members' keys: those go into a second file, "
        f"{KEYS_NAME} beside FILE unless told otherwise. Each run replaces it; keep only the newest one, for with it "
        "goes what erased members wrote. Restoring takes both. The site goes on meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--keys", type=Path, help=f"the second file ({KEYS_NAME} beside FILE)")
        parser.add_argument(
            "--keys-only",
            action="store_true",
            help="write the second file alone: it is small, and the more often the fewer erasures can be lost",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BACKUP_KEY:
            raise CommandError("BACKUP_KEY is not set: without it nobody could tell a backup from a forged one.")
        file: Path = options["file"]
        keys = options["keys"] or file.with_name(KEYS_NAME)
        if file.exists() and not options["keys_only"]:
            raise CommandError(f"{file} is there already.")
        written = back_up(None if options["keys_only"] else file, keys)
        if written.tables:
            self.stdout.write(f"{file}: {written.rows} rows of {written.tables} tables, {written.bytes} bytes.")
        self.stdout.write(self.style.SUCCESS(f"{keys}: the members' keys and the list of erasures."))
