"""Let several do something at the same moment, each in a thread with a connection and transactions of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def race(runs: Sequence[Callable[[], object]]) -> list[object]:
    """Start all together; return what each returned or raised, in their order."""
    start = Barrier(len(runs), timeout=60)

    def run(one: Callable[[], object]) -> object:
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
