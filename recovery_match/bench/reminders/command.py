"""`manage.py bench reminders`: its options, and the process that they start."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from recovery_match.bench.apart import hosted, own_folder
from recovery_match.bench.contest import Write
from recovery_match.bench.reminders.options import Options

HELP = "Our reminders against the naive way: many at one hour, a steady flow, and a tick before large tables."
HOST = "recovery_match.bench.reminders.host"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    default = Options()
    add = parser.add_argument
    add("--members", type=int, default=default.members, help="members whom ours asks at one hour (%(default)s)")
    add("--naive", type=int, default=default.naive, help="members whom the naive way asks at one hour (%(default)s)")
    add("--flow", type=int, default=default.flow, help="messages of the steady flow, 1000 a minute (%(default)s)")
    add("--sizes", type=int, nargs="*", default=default.sizes, help="rows before which a tick is timed (%(default)s)")
    add("--json", type=Path, help="a file for the figures, as a list of rows")


def run(options: dict[str, Any], write: Write) -> None:
    """Measure. Raises HostFailedError if it could not be done."""
    wanted = Options(
        members=options["members"], naive=options["naive"], flow=options["flow"], sizes=tuple(options["sizes"])
    )
    with own_folder("reminders") as folder:
        for said in hosted(HOST, wanted.told(), folder):
            if "line" in said:
                write(said["line"])
            elif options["json"]:
                options["json"].write_text(json.dumps(said["rows"], indent=1) + "\n")
