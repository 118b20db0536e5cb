"""Let several do something at the same moment, each in a thread with a connection and transactions of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def race(runs: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Start all together; return what each returned or raised, in their order."""
    start = Barrier(len(runs), timeout=60)

    def run(one: Callable[[], Result]) -> Result | Exception:
        try:
            connection.ensure_connection()
            start.wait()
            return one()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(runs)) as threads:
        return list(threads.map(run, runs))
