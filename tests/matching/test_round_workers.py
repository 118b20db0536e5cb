"""Any number of workers make the same round; one that dies, or a message that is lost, loses nothing."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Event
from time import monotonic, sleep
from typing import Any

import pytest
from django.conf import settings

from accounts import clock
from accounts.models import AuditEntry, User
from matching.actions import round_moves, round_solving
from matching.actions.errors import AlreadyWorking
from matching.actions.round_planning import lay_out
from matching.actions.round_solving import finish_round, solve_part
from matching.actions.round_ticks import tend_rounds
from matching.actions.rounds import cancel_round, plan_round
from matching.models import Round, RoundPart
from matching.queries import solving
from matching.queries.rounds import stored
from matching.queries.solving import Found
from matching.states import RoundPartState, RoundState
from tests import factories
from tests.matching.race import race
from tests.matching.round_story import again, crowd, environment, laid_out, parts_left, preview, worked_out

pytestmark = pytest.mark.django_db(transaction=True)

DIES = """
import os, signal, sys
import django
django.setup()
from matching.actions.round_solving import solve_part
from matching.queries import solving
solving.solve = lambda *part, **how: os.kill(os.getpid(), signal.SIGKILL)
solve_part(int(sys.argv[1]))
"""
"""A worker that is killed in the midst of a part, with its lease taken."""


def lease_runs_out() -> None:
    clock.move_on(round_moves.ROUND_LEASE + timedelta(seconds=1))


def test_several_workers_make_the_same_round_as_one(bea: User) -> None:
    crowd()
    alone = stored(preview(bea))
    round_ = laid_out(bea)
    parts = parts_left(round_)
    answers = race([partial(solve_part, part) for part in parts * 3])
    assert sorted(map(bool, answers)) == [False] * (2 * len(parts)) + [True] * len(parts)
    assert finish_round(round_.pk)
    assert stored(again(round_)) == alone


def test_of_several_who_plan_or_finish_one_does(bea: User) -> None:
    crowd()
    round_ = plan_round(factories.intergroup(), by=bea)
    assert race([partial(lay_out, round_.pk)] * 5).count(True) == 1
    for part in parts_left(round_):
        solve_part(part)
    assert race([partial(finish_round, round_.pk)] * 5).count(True) == 1
    assert AuditEntry.objects.filter(verb__in=["round.laid_out", "round.solved"]).count() == 2
    assert again(round_).state == RoundState.PREVIEW


def test_two_presses_of_the_button_make_one_round(bea: User) -> None:
    for earlier in (None, RoundState.PREVIEW):
        answers = race([partial(plan_round, factories.intergroup(), by=bea)] * 4)
        (made,) = (one for one in answers if isinstance(one, Round))
        assert sum(isinstance(one, AlreadyWorking) for one in answers) == 3, earlier
        lay_out(made.pk)
        worked_out(made)


@pytest.mark.usefixtures("broker_gone")
def test_without_a_broker_nothing_is_lost_and_nobody_waits_at_a_page(
    bea: User, caplog: pytest.LogCaptureFixture
) -> None:
    crowd()
    began = monotonic()
    round_ = laid_out(bea)
    tend_rounds()
    assert monotonic() - began < 5
    assert "broker unreachable" in caplog.text
    for part in parts_left(round_):
        solve_part(part)
    assert tend_rounds() == 1
    assert again(round_).state == RoundState.PREVIEW


def test_control_without_a_lease_both_would_finish(bea: User) -> None:
    """The negative control: look first, finish afterwards."""
    round_ = laid_out(bea)
    everybody_has_looked = Barrier(2, timeout=60)

    def finish() -> bool:
        solved = Round.objects.filter(pk=round_.pk, state=RoundState.SOLVING).exists()
        everybody_has_looked.wait()
        if solved:
            Round.objects.filter(pk=round_.pk).update(trouble="finished")
        return solved

    assert race([finish] * 2) == [True, True]


class Slow:
    """The solver, which begins only when it is told to, or is no longer wanted."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.began, self.go_on, self.solve = Event(), Event(), solving.solve
        patch.setattr(solving, "solve", self)
        patch.setattr(round_solving, "RENEW_SECONDS", 0.02)

    def __call__(self, *part: Any, still_wanted: Callable[[], bool], **how: Any) -> Found:
        self.began.set()
        while still_wanted() and not self.go_on.is_set():
            sleep(0.01)
        return self.solve(*part, still_wanted=still_wanted, **how)


def test_cancelling_stops_a_worker_in_the_midst_of_a_part(bea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd()
    round_, slow = laid_out(bea), Slow(monkeypatch)
    part = parts_left(round_)[0]

    def cancel() -> None:
        assert slow.began.wait(60)
        cancel_round(round_, by=bea)

    assert race([partial(solve_part, part), cancel]) == [False, None]
    assert again(round_).state == RoundState.CANCELLED
    assert set(round_.parts.values_list("state", "problem", "result")) == {(RoundPartState.CANCELLED, None, None)}


def test_a_worker_that_takes_long_keeps_its_lease(bea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd()
    round_, slow = laid_out(bea), Slow(monkeypatch)
    part = parts_left(round_)[0]

    def meanwhile() -> bool:
        assert slow.began.wait(60)
        for _ in range(2):
            clock.move_on(round_moves.PART_LEASE * 0.75)
            sleep(0.3)
            assert round_moves.take_part(part) is None
        slow.go_on.set()
        return True

    assert race([partial(solve_part, part), meanwhile]) == [True, True]


def test_a_worker_that_is_killed_in_the_midst_loses_nothing(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    part, *others = parts_left(round_)
    killed = subprocess.run([sys.executable, "-c", DIES, str(part)], env=environment(), cwd=settings.BASE_DIR)
    assert killed.returncode == -signal.SIGKILL
    assert RoundPart.objects.get(pk=part).state == RoundPartState.LEASED
    for one in others:
        solve_part(one)
    assert not solve_part(part), "its lease has not run out"
    assert not finish_round(round_.pk)
    lease_runs_out()
    assert worked_out(round_).state == RoundState.PREVIEW
    assert RoundPart.objects.get(pk=part).attempts == 2


def test_a_worker_that_died_while_planning_or_finishing_is_replaced(bea: User) -> None:
    crowd()
    round_ = plan_round(factories.intergroup(), by=bea)
    round_moves.take_round(round_.pk, RoundState.PLANNING)
    assert not lay_out(round_.pk)
    lease_runs_out()
    assert lay_out(round_.pk)
    for part in parts_left(round_):
        solve_part(part)
    round_moves.take_round(round_.pk, RoundState.SOLVING)
    assert not finish_round(round_.pk)
    lease_runs_out()
    assert finish_round(round_.pk)


def test_a_worker_that_comes_back_late_changes_nothing(bea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd()
    round_ = laid_out(bea)
    part = parts_left(round_)[0]
    late = RoundPart.objects.get(pk=part)
    assert solve_part(part)
    first = RoundPart.objects.get(pk=part).result
    assert not round_solving._store(late, stored(round_))
    assert RoundPart.objects.get(pk=part).result == first


def test_the_tick_finishes_what_is_solved_when_the_last_call_was_lost(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    for part in parts_left(round_):
        solve_part(part)
    assert (tend_rounds(), tend_rounds()) == (1, 0)
    assert again(round_).state == RoundState.PREVIEW


def test_a_part_that_takes_its_workers_down_each_time_is_given_up(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    part = parts_left(round_)[0]
    for attempt in range(round_moves.MOST_ATTEMPTS):
        assert round_moves.take_part(part) is not None
        tend_rounds()
        assert again(round_).state == RoundState.SOLVING, attempt
        lease_runs_out()
    assert round_moves.take_part(part) is None
    tend_rounds()
    assert (again(round_).state, again(round_).trouble) == (RoundState.FAILED, "tried too often")


def test_a_round_that_takes_its_planners_down_each_time_is_given_up(bea: User) -> None:
    round_ = plan_round(factories.intergroup(), by=bea)
    for _ in range(2 * round_moves.MOST_ATTEMPTS):
        assert round_moves.take_round(round_.pk, RoundState.PLANNING) is not None
        lease_runs_out()
    tend_rounds()
    assert again(round_).state == RoundState.FAILED


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[None]:
    """A Celery worker of two processes, without a beat: only messages make it work."""
    command = [sys.executable, "-m", "celery", "-A", "recovery_match", "worker", "--concurrency", "2"]
    command += ["--without-gossip", "--without-mingle"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment(), stdout=log, stderr=log, cwd=settings.BASE_DIR)
    yield
    process.send_signal(signal.SIGTERM)
    process.wait(60)


@pytest.mark.usefixtures("worker")
def test_one_message_leads_to_the_next_until_the_preview_is_there(bea: User) -> None:
    crowd()
    round_ = plan_round(factories.intergroup(), by=bea)
    until = monotonic() + 60
    while again(round_).state != RoundState.PREVIEW:
        assert monotonic() < until, again(round_).state
        sleep(0.1)
    assert set(round_.parts.values_list("attempts", flat=True)) == {1}
