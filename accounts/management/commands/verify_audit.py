"""Look whether the audit is whole."""

import json
from argparse import ArgumentParser
from datetime import UTC
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import chain, clock
from accounts.queries.audit import LATE, Verified, verify_audit

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Walks the chains of the audit and says where one is broken first: an entry that was changed, taken away, put "
        "elsewhere or smuggled in. Ends with 1 then, and when entries wait for more than an hour to be linked. Needs "
        "LOOKUP_KEY, and only to read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            type=Path,
            help="a file, kept away from the database, in which each run leaves where the chains end, so that the next "
            "one notices when all of it was put back to an earlier state",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["anchor"]
        found = verify_audit(_read(file))
        self.stdout.write(f"{found.linked} entries in {len(found.heads)} chains.")
        if found.since is not None:
            self.stdout.write(f"{found.waiting} entries are not linked yet, the oldest since {_told(found)}.")
        for words in found.broken[:MOST_SHOWN]:
            self.stderr.write(words)
        if found.broken:
            raise CommandError(f"The audit is broken: {len(found.broken)} findings.")
        if found.since is not None and clock.now() - found.since > LATE:
            raise CommandError("Entries wait too long: does a worker run?")
        if file is not None:
            file.write_text(json.dumps(chain.written(found.heads)))
        self.stdout.write(self.style.SUCCESS("The audit is whole."))


def _told(found: Verified) -> str:
    assert found.since is not None
    return found.since.astimezone(UTC).isoformat(timespec="seconds")


def _read(file: Path | None) -> Any:
    if file is None or not file.exists():
        return None
    try:
        return json.loads(file.read_text())
    except ValueError as error:
        raise CommandError(f"{file} is no anchor.") from error
