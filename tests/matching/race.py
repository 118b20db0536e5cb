"""Let several do something at the same moment, each in a thread with a connection and transactions of its own."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from time import monotonic, sleep

from django.db import connection, transaction

SECONDS = 30


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


@contextmanager
def held(deed: Callable[[], object]) -> "Iterator[Future[object]]":
    """The worst moment, made certain: what this block does is not committed before the deed of another waits for it."""
    with ThreadPoolExecutor(max_workers=1) as thread, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            us = cursor.fetchone()[0]
        other: Future[object] = Future()
        yield other
        thread.submit(_told, deed, other)
        _wait_until_somebody_waits_for(us)


def _told(deed: Callable[[], object], other: "Future[object]") -> None:
    try:
        other.set_result(deed())
    except Exception as error:
        other.set_exception(error)
    finally:
        connection.close()


def _wait_until_somebody_waits_for(us: int) -> None:
    until = monotonic() + SECONDS
    while monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND %s = ANY (pg_blocking_pids(pid))", [us])
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("Nobody waits.")
