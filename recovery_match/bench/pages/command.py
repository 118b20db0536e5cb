"""`manage.py bench pages`: its options, and the process that they start."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from recovery_match.bench.apart import hosted, own_folder
from recovery_match.bench.contest import Write
from recovery_match.bench.pages.options import Options

HELP = "Each page of a coordinator and of members in a large office, beside the same page in a small one."
HOST = "recovery_match.bench.pages.host"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    default = Options()
    add = parser.add_argument
    add("--members", type=int, default=default.members, help="members of the large office (%(default)s)")
    add("--requests", type=int, default=default.requests, help="open requests there (%(default)s)")
    add("--pairs", type=int, default=default.pairs, help="pairs there (%(default)s)")
    add("--small", type=int, default=default.small, help="members of the small office (%(default)s)")
    add("--times", type=int, default=default.times, help="how often each page is fetched (%(default)s)")
    add("--json", type=Path, help="a file for the figures, as a list of rows")


def run(options: dict[str, Any], write: Write) -> None:
    """Measure. Raises HostFailedError if it could not be done."""
    wanted = Options(**{name: options[name] for name in ("members", "requests", "pairs", "small", "times")})
    with own_folder("pages") as folder:
        for said in hosted(HOST, wanted.told(), folder):
            if "line" in said:
                write(said["line"])
            elif options["json"]:
                options["json"].write_text(json.dumps(said["rows"], indent=1) + "\n")
