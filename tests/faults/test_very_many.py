"""R8 and R9: very many at once, and a steady flow; nothing lost, nothing doubled, and nobody waits for long."""

import signal
import time
from collections import Counter

from tests.faults.place import Place
from tests.ground.processes import eventually

A_MINUTE = 1000
USUAL_TICK = 15
LATE = 60


def _all_arrived_once(place: Place) -> bool:
    """What R8 asks for, the pace aside."""
    return not place.lost() and place.doubles() == 0


def test_very_many_at_once_are_sent_once_each_and_quickly(place: Place, long: bool) -> None:
    """R8: 100,000 at 500 a second or more; the short form sends 2,000, and allows for a busy machine."""
    count = 100_000 if long else 2_000
    place.post(count)
    began = time.monotonic()
    senders = [place.start("send", seconds=900, till_empty=True) for _ in range(2)]
    assert [place.wait(sender) for sender in senders] == [0, 0]
    rate = count / (time.monotonic() - began)
    assert _all_arrived_once(place)
    assert rate >= (500 if long else 50)


def test_control_senders_who_mark_first_do_not_pass(place: Place) -> None:
    """The negative control of R8: one of two is killed with a letter in its hand."""
    place.post(200)
    assert place.run("marks_first", point="before send", number=60) == -signal.SIGKILL
    assert place.run("send") == 0
    assert len(place.lost()) == 1
    assert not _all_arrived_once(place)


def test_control_senders_who_take_no_lease_do_not_pass(place: Place) -> None:
    """The negative control of R8: two who read the same list."""
    place.post(100)
    senders = [place.start("marks_last") for _ in range(2)]
    assert [place.wait(sender) for sender in senders] == [0, 0]
    assert not _all_arrived_once(place)


def _p99(late: list[float]) -> float:
    return late[int(0.99 * len(late))]


def _histogram(late: list[float]) -> dict[str, int]:
    """How many were so many seconds late, in steps of five."""
    steps = Counter(int(one // 5) * 5 for one in late)
    return {f"{step} to {step + 5} s": steps[step] for step in sorted(steps)}


def test_a_thousand_a_minute_are_each_sent_within_a_minute(place: Place, long: bool) -> None:
    """R9, with a worker and a beat of the usual pace: five minutes of it, or twenty seconds."""
    count = 5 * A_MINUTE if long else A_MINUTE // 3
    with place.at_work(tick=USUAL_TICK):
        place.post(count, due=0, apart=60 / A_MINUTE)
        assert eventually(lambda: place.states() == {"sent": count}, count * 60 / A_MINUTE + 2 * LATE)
    late = place.lateness()
    assert _all_arrived_once(place)
    assert late[0] >= 0, "nothing is early"
    assert _p99(late) <= LATE, _histogram(late)


def test_control_messages_that_found_no_worker_do_not_pass(place: Place) -> None:
    """The negative control of R9."""
    place.post(200, due=-2 * LATE, apart=60 / A_MINUTE)
    assert place.run("send") == 0
    assert _p99(place.lateness()) > LATE
