"""`manage.py bench load`: its options, and the process that they start."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from recovery_match.bench.apart import hosted, own_folder
from recovery_match.bench.contest import Write
from recovery_match.bench.load.options import Options

HELP = "Pages and one-tap answers from the server of production, many connections at once, before a large office."
HOST = "recovery_match.bench.load.host"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    default = Options()
    add = parser.add_argument
    add("--members", type=int, default=default.members, help="members of the office (%(default)s)")
    add("--requests", type=int, default=default.requests, help="open requests there (%(default)s)")
    add("--pairs", type=int, default=default.pairs, help="pairs there, each with an open question (%(default)s)")
    add("--connections", type=int, default=default.connections, help="used at once (%(default)s)")
    add("--seconds", type=float, default=default.seconds, help="of each case in each round (%(default)s)")
    add("--rounds", type=int, default=default.rounds, help="how often all cases are measured (%(default)s)")
    add("--json", type=Path, help="a file for the figures, as a list of rows")


def run(options: dict[str, Any], write: Write) -> None:
    """Measure. Raises HostFailedError if it could not be done."""
    wanted = Options(**{name: options[name] for name in asdict(Options())})
    with own_folder("load") as folder:
        for said in hosted(HOST, wanted.told(), folder):
            if "line" in said:
                write(said["line"])
            elif options["json"]:
                options["json"].write_text(json.dumps(said["rows"], indent=1) + "\n")
