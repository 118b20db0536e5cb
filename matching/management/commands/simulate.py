"""``manage.py simulate``: a year of an office in a minute, to compare policies before anybody lives under them."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.simulate import DEFAULT_POLICIES, Assumptions, Policy, compare, draw, read_policy, table


class Command(BaseCommand):
    """Print a table of policies, and write a picture and the figures where asked to."""

    help = (
        "Plays a year of an office on the real engine with made-up people and no database, under several policies side "
        "by side. What it takes for granted is not measured; the result says so."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        usual = Assumptions()
        parser.add_argument("--weeks", type=int, default=52, help="weeks in which newcomers arrive (52)")
        parser.add_argument("--years", type=int, default=3, help="seeded years to play for each policy (3)")
        parser.add_argument("--seed", type=int, default=1, help="seed of the first year; the next follow (1)")
        parser.add_argument(
            "--arrivals", type=float, default=usual.arrivals_a_week, help="newcomers a week (%(default)g)"
        )
        parser.add_argument("--sponsors", type=int, default=usual.sponsors, help="at the start (%(default)s)")
        parser.add_argument(
            "--policy",
            action="append",
            metavar="NAME=SETTINGS",
            help="such as “Fast=hours:12,offers:3,review:off” or “Nights=match:night”; can be given several times",
        )
        parser.add_argument("--svg", type=Path, metavar="FILE", help="write a picture there")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, print, write."""
        if options["years"] < 1:
            raise CommandError("--years takes a number from 1 on.")
        try:
            comparison = compare(
                _policies(options["policy"]),
                assumed=replace(Assumptions(), arrivals_a_week=options["arrivals"], sponsors=options["sponsors"]),
                weeks=options["weeks"],
                seeds=range(options["seed"], options["seed"] + options["years"]),
            )
        except ValueError as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(table(comparison))
        self._write(options["svg"], draw(comparison))
        self._write(options["json"], json.dumps(comparison.plain(), indent=2))

    def _write(self, path: Path | None, content: str) -> None:
        if path is None:
            return
        try:
            path.write_text(content + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror}.") from error
        self.stdout.write(f"\nWritten: {path}")


def _policies(texts: list[str] | None) -> tuple[Policy, ...]:
    return tuple(map(read_policy, texts)) if texts else DEFAULT_POLICIES
