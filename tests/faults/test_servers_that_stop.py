"""R4, R5, R7 and R10: a database that crashes, a clock that is wrong, a day without senders, ticks at once."""

import pytest

from tests.faults.place import Place
from tests.ground.processes import eventually

HOUR = 3600


def test_a_database_that_crashes_in_the_middle_of_a_batch_loses_and_doubles_nothing(place: Place) -> None:
    """R4: senders wait for it with their marks, and go on within 30 seconds."""
    place.post(1500)
    sender = place.start("send", seconds=60, till_empty=True)
    assert eventually(lambda: len(place.accepted()) > 150)
    place.crash_database()
    sent = len(place.accepted())
    assert eventually(lambda: len(place.accepted()) > sent + 20, 30)
    assert place.wait(sender) == 0
    place.leases_run_out()
    assert place.run("send") == 0
    assert set(place.accepted()) == place.posted()
    assert place.doubles() <= 1


def test_control_a_sender_that_keeps_its_marks_in_mind_doubles_when_the_database_crashes(place: Place) -> None:
    """The negative control of R4."""
    place.post(100)
    sender = place.start("marks_last", slowly=0.02)
    assert eventually(lambda: len(place.accepted()) > 10)
    place.crash_database()
    assert place.wait(sender) != 0
    assert place.run("send") == 0
    assert place.doubles() > 10


@pytest.mark.parametrize("skew", [-2 * HOUR, 2 * HOUR])
def test_a_worker_whose_clock_is_wrong_sends_nothing_early_nothing_twice_and_misses_nothing(
    place: Place, skew: float
) -> None:
    """R7: the database's clock decides."""
    place.post(10, due=HOUR)
    place.post(10, due=-60, grace=HOUR)
    place.post(10, due=-3 * HOUR, grace=-HOUR)
    for _ in range(2):
        assert place.run("send", skew=skew) == 0
    assert place.states() == {"sent": 10, "missed": 10, "waiting": 10}
    assert sum(place.accepted().values()) == len(place.accepted()) == 10


def test_control_a_worker_that_trusts_its_own_clock_sends_early(place: Place) -> None:
    """The negative control of R7."""
    place.post(10, due=HOUR)
    assert place.run("own_clock", skew=2 * HOUR) == 0
    assert len(place.accepted()) == 10


def test_after_a_day_without_senders_nothing_is_sent_past_its_grace(place: Place) -> None:
    """R10: what fell due during the outage is recorded as missed, what falls due now is sent."""
    place.post(48, due=0, grace=3 * HOUR, apart=60)
    place.post(5, due=24 * HOUR, grace=27 * HOUR)
    place.move_clock(24 * HOUR + 60)
    assert place.run("tick") == 0
    assert place.states() == {"missed": 48, "sent": 5}
    assert len(place.accepted()) == 5


def test_control_a_sender_that_knows_no_grace_sends_yesterdays(place: Place) -> None:
    """The negative control of R10."""
    place.post(48, due=-24 * HOUR, grace=-20 * HOUR)
    assert place.run("own_clock") == 0
    assert len(place.accepted()) == 48


def test_five_ticks_and_three_beats_at_once_double_nothing(place: Place) -> None:
    """R5: one simulated hour; each of five workers gets every tick three times."""
    place.post(240, due=0, grace=5 * HOUR, apart=15)
    for minute in range(0, 61, 10):
        place.move_clock(minute * 60 + 1)
        workers = [place.start("tick", times=3) for _ in range(5)]
        assert [place.wait(worker) for worker in workers] == [0] * 5
    assert place.states() == {"sent": 240}
    assert sum(place.accepted().values()) == len(place.accepted()) == 240


def test_control_ticks_that_read_without_a_lease_double(place: Place) -> None:
    """The negative control of R5."""
    place.post(100)
    workers = [place.start("marks_last") for _ in range(3)]
    assert [place.wait(worker) for worker in workers] == [0] * 3
    assert place.doubles() > 0
