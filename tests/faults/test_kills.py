"""R1 and R2: whatever kills a sender, and whenever, nothing is lost, and at most one letter a kill goes out twice."""

import random
import signal

import pytest

from tests.faults.place import Place

MESSAGES = 60
STATEMENTS = 7
"""Of a tick before its first commit: plans, facts, savepoint, check-ins, which are new, messages, plans."""

POINTS = ("before lease", "after lease", "before send", "in the letter", "after send", "after commit")


@pytest.fixture
def kills(long: bool) -> int:
    return 200 if long else 20


def _kill_at(place: Place, point: str, kills: int) -> None:
    """Kill so many senders at this point, each somewhere else in its batch, then let one work in peace."""
    chance = random.Random(point)
    place.post(kills * 3 + MESSAGES)
    for _ in range(kills):
        ended = place.run("send", point=point, number=chance.randint(1, 4))
        assert ended == -signal.SIGKILL
        place.leases_run_out()
    assert place.run("send") == 0


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_sender_loses_nothing_and_doubles_at_most_the_letter_in_its_hand(
    place: Place, point: str, kills: int
) -> None:
    """R1."""
    _kill_at(place, point, kills)
    assert set(place.accepted()) == place.posted()
    assert place.states() == {"sent": len(place.posted())}
    assert place.doubles() == (kills if point == "after send" else 0)


def _delivered(place: Place, *, folds: bool) -> list[str]:
    """What a provider puts into mailboxes, by message: one that folds by Message-ID, or one that does not."""
    accepted = place.log.read_text().split()
    return sorted(set(accepted) if folds else accepted)


def test_a_provider_that_folds_by_message_id_delivers_each_once(place: Place, kills: int) -> None:
    """R2: the second copy is the same letter, so folding leaves exactly what was posted."""
    _kill_at(place, "after send", kills)
    assert _delivered(place, folds=True) == sorted(place.posted())


def test_control_a_provider_that_does_not_fold_delivers_second_copies(place: Place) -> None:
    """The negative control of R2: the very same kills, and one copy too many for each."""
    _kill_at(place, "after send", 5)
    assert len(_delivered(place, folds=False)) == len(place.posted()) + 5
    assert _delivered(place, folds=True) == sorted(place.posted())


def test_control_a_letter_with_another_id_each_time_is_not_folded(place: Place) -> None:
    """The negative control of R2: without a stable Message-ID there is nothing to fold by."""
    place.post(MESSAGES)
    assert place.run("fresh_ids", point="after send", number=7) == -signal.SIGKILL
    place.leases_run_out()
    assert place.run("fresh_ids") == 0
    assert len(_delivered(place, folds=True)) > len(place.posted())


def test_a_tick_that_is_killed_while_it_makes_check_ins_makes_each_once_in_the_end(place: Place, kills: int) -> None:
    """R1, in the tick, after each of its statements: what was not committed is made again by the next tick."""
    place.plan_check_ins(10)
    for number in range(kills):
        assert place.run("tick", point="in the tick", number=number % STATEMENTS + 1) == -signal.SIGKILL
        assert place.posted() == set()
    for _ in range(2):
        assert place.run("tick") == 0
    assert len(place.posted()) == 10
    assert set(place.accepted()) == place.posted()
    assert place.doubles() == 0


def test_control_a_sender_that_marks_first_loses(place: Place) -> None:
    """The negative control of R1."""
    place.post(MESSAGES)
    assert place.run("marks_first", point="before send", number=3) == -signal.SIGKILL
    place.leases_run_out()
    assert place.run("send") == 0
    assert len(place.posted() - set(place.accepted())) == 1


def test_control_a_sender_that_marks_a_whole_batch_at_its_end_doubles_the_batch(place: Place) -> None:
    """The negative control of "at most one a kill"."""
    place.post(MESSAGES)
    assert place.run("marks_last", point="after send", number=30) == -signal.SIGKILL
    assert place.run("send") == 0
    assert place.doubles() == 30
