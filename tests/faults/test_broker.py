"""R3 and R11: the broker may go, or forget everything; a worker that no longer consumes is noticed."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.faults.place import Place
from tests.ground.processes import SECONDS, eventually

CAUGHT_UP = 60
SILENT = 180


@pytest.fixture
def workers(place: Place) -> Iterator["list[subprocess.Popen[str]]"]:
    with place.at_work() as started:
        yield started


def _all_sent(place: Place) -> bool:
    return place.states() == {"sent": len(place.posted())}


@pytest.mark.usefixtures("workers")
def test_what_was_posted_while_the_broker_was_gone_is_sent_within_a_minute_of_its_return(place: Place) -> None:
    """R3: the tick polls the database; the broker only wakes. The outage itself is the negative control."""
    place.stop_broker()
    place.post(50)
    assert not eventually(lambda: _all_sent(place), 3)
    place.start_broker()
    assert eventually(lambda: _all_sent(place), CAUGHT_UP)
    assert set(place.accepted()) == place.posted()
    assert place.doubles() == 0


@pytest.mark.usefixtures("workers")
def test_a_broker_that_forgets_everything_loses_nothing(place: Place) -> None:
    """R3, with FLUSHALL; and its negative control, a queue that was the only place where messages stood."""
    broker = place.broker()
    broker.rpush("naive outbox", *[str(number) for number in range(50)])
    place.post(50)
    broker.flushall()
    assert broker.llen("naive outbox") == 0
    broker.close()
    assert eventually(lambda: _all_sent(place), CAUGHT_UP)
    assert place.doubles() == 0


def test_a_worker_that_stopped_consuming_is_noticed_within_three_minutes(
    place: Place, workers: "list[subprocess.Popen[str]]", long: bool
) -> None:
    """R11: it lives, is connected, and does nothing. The short form has all but the last seconds gone by already."""
    assert place.run("look") == 0
    place.stop_between_transactions(workers[0], "matching_heartbeat")
    if not long:
        place.sql("UPDATE matching_heartbeat SET at = at - interval '170 seconds'")
    assert place.run("look") == 0
    assert eventually(lambda: place.run("look") != 0, SILENT + 10)
    assert workers[0].poll() is None
    os.kill(workers[0].pid, signal.SIGCONT)
    # The negative control: a worker that consumes keeps the alarm quiet.
    assert eventually(lambda: place.run("look") == 0)


def test_a_beat_that_died_is_noticed_within_three_minutes_while_the_worker_lives(
    place: Place, workers: "list[subprocess.Popen[str]]", long: bool
) -> None:
    """R11: the worker lives and has nothing to do, for nobody calls it; the heartbeat is a task that beat calls for.

    The negative control is a sign that needs no beat: asked itself, the worker answers, and all would seem well.
    """
    worker, beat = workers
    assert place.run("look") == 0
    beat.kill()
    beat.wait(SECONDS)
    assert eventually(lambda: place.queued() == 0)
    if not long:
        place.sql("UPDATE matching_heartbeat SET at = at - interval '170 seconds'")
    assert eventually(lambda: place.run("look") != 0, SILENT + 10)
    assert worker.poll() is None
    assert place.worker_answers()
