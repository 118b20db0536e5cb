"""Restore a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recovery_match.backup.load import CannotRestore, restore
from recovery_match.backup.sealed_file import BadBackup
from recovery_match.management.commands.backup import KEYS_NAME


class Command(BaseCommand):
    help = (
        "Brings the database to what FILE holds: stop web, worker and beat first. Looks through both files before "
        "anything is touched, then does all of it in one transaction: reads in, verifies the audit, migrates to this "
        "version, and erases again whoever was erased since the backup was written. Until then nobody reads anything "
        "of it, and a run that was cut off has changed nothing. Everybody has to sign in again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--keys", type=Path, help=f"the newest file of members' keys ({KEYS_NAME} beside FILE)")
        parser.add_argument("--replace", action="store_true", help="everything that is in the database now may go")
        parser.add_argument("--despite-audit", action="store_true", help="restore even if the audit in it is broken")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        keys = options["keys"] or file.with_name(KEYS_NAME)
        try:
            done = restore(file, keys, replace=options["replace"], despite_audit=options["despite_audit"])
        except (BadBackup, CannotRestore) as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}. Nothing was changed.") from error
        self.stdout.write(f"Restored {done.rows} rows as of {done.at}, and the keys: {done.keys}.")
        self.stdout.write(f"Erased again: {done.erased} members.")
        for words in done.audit:
            self.stderr.write(words)
        self.stdout.write(self.style.SUCCESS("Done. Begin a new file for verify_audit --anchor."))
