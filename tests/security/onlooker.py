"""Another process that never stops reading whether somebody is there, and tells what it saw.

Run as ``python -m tests.security.onlooker ADDRESS NAME``: it says one line when it has looked for the first time, and
its figures in JSON when its input ends.
"""

import json
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from tests.ground.processes import SECONDS

PATIENCE = "-c lock_timeout=50ms"
THERE = "SELECT count(*) FROM accounts_profile WHERE first_name = %s"


class Onlooker:
    """The process, and what it saw once it has left."""

    def __init__(self, name: str) -> None:
        known = connection.get_connection_params()
        where = {key: str(known[key]) for key in ("host", "port", "user", "password", "dbname") if key in known}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.security.onlooker", psycopg.conninfo.make_conninfo(**where), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.saw = Counter[str]()

    def leave(self) -> None:
        said, _ = self.process.communicate(timeout=SECONDS)
        self.saw.update(json.loads(said))


@contextmanager
def onlooker(name: str) -> Iterator[Onlooker]:
    """Within this somebody looks all the time; afterwards ``saw`` counts the looks by what they found: ``there``,
    ``gone`` or ``shut``."""
    one = Onlooker(name)
    assert one.process.stdout is not None
    assert one.process.stdout.readline()
    yield one
    one.leave()


def look(address: str, name: str) -> None:
    """Until the input ends."""
    saw = Counter[str]()
    with psycopg.connect(address, autocommit=True, options=PATIENCE) as database:
        while not select.select([sys.stdin], [], [], 0.001)[0]:
            try:
                row = database.execute(THERE, [name]).fetchone()
                saw["there" if row and row[0] else "gone"] += 1
            except psycopg.errors.LockNotAvailable:
                saw["shut"] += 1
            if saw.total() == 1:
                sys.stdout.write("looking\n")
                sys.stdout.flush()
    sys.stdout.write(json.dumps(saw))


if __name__ == "__main__":
    look(*sys.argv[1:])
