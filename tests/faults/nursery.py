"""A process that has loaded everything and forks a fresh worker for every order, so that a test can kill many.

Run as ``python -m tests.faults.nursery``. Each line of its input is one order in JSON, each line of its output the
number of the process that took it. Points at which a worker kills itself are put around the product's functions here:
the product knows nothing of them.
"""

import json
import os
import signal
import smtplib
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import django
import time_machine

django.setup()

from django.db import connection  # noqa: E402
from django.db.utils import Error  # noqa: E402

from accounts import clock  # noqa: E402
from matching.actions import checkins, leases, outbox  # noqa: E402
from matching.channels import mail  # noqa: E402
from matching.models import CheckInPlan, OutboxMessage  # noqa: E402
from matching.notices import letter  # noqa: E402
from matching.notices.moulds import Letter  # noqa: E402
from matching.queries import health  # noqa: E402
from matching.states import OutboxState  # noqa: E402
from tests import factories  # noqa: E402
from tests.matching import story  # noqa: E402


def die() -> None:
    """As a machine dies: nothing of ours runs any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying(module: Any, name: str, number: int, *, after: bool) -> None:
    """Have a function kill its process at its ``number``-th call, before or after its work."""
    whole: Callable[..., Any] = getattr(module, name)
    calls = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number and not after:
            die()
        answer = whole(*args, **kwargs)
        if calls == number and after:
            die()
        return answer

    setattr(module, name, wrapped)


def dying_in_letter(number: int) -> None:
    """Kill this process when half of its ``number``-th letter is on its way."""
    whole, letters = smtplib.SMTP.send, 0

    def send(server: smtplib.SMTP, data: bytes | str) -> None:
        nonlocal letters
        if isinstance(data, bytes) and data.endswith(b"\r\n.\r\n"):
            letters += 1
            if letters == number:
                whole(server, data[: len(data) // 2])
                die()
        whole(server, data)

    smtplib.SMTP.send = send  # type: ignore[method-assign,assignment]


def dying_in_statement(number: int) -> None:
    """Kill this process right after its ``number``-th statement, whatever that was."""
    done = 0

    def execute(run: Callable[..., Any], *statement: Any) -> Any:
        nonlocal done
        answer = run(*statement)
        done += 1
        if done == number:
            die()
        return answer

    connection.execute_wrappers.append(execute)


POINTS: dict[str, Callable[[int], None]] = {
    "before lease": lambda number: dying(leases, "take", 1, after=False),
    "after lease": lambda number: dying(leases, "take", 1, after=True),
    "before send": lambda number: dying(mail.Mail, "send", number, after=False),
    "in the letter": dying_in_letter,
    "after send": lambda number: dying(mail.Mail, "send", number, after=True),
    "after commit": lambda number: dying(leases, "mark", number, after=True),
    "in the tick": dying_in_statement,
}


def send(order: dict[str, Any]) -> None:
    """One run, or runs until nothing is left to send; a database that is gone for long is a run that failed."""
    until = time.monotonic() + order.get("seconds", 0)
    while True:
        try:
            outbox.send_outbox()
            waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING).exists()
        except Error:
            if time.monotonic() >= until:
                raise
            # A crash may hit the moment in which a lease is taken: that run is lost, and the next tick starts another.
            connection.close()
        else:
            if time.monotonic() >= until or (order.get("till_empty") and not waiting):
                return
        time.sleep(0.05)


def tick(order: dict[str, Any]) -> None:
    """What beat starts, as often as told."""
    for _ in range(order.get("times", 1)):
        checkins.remind_due()
        outbox.send_outbox()


def marks_first(order: dict[str, Any]) -> None:
    """The naive twin that marks a message as sent and sends it then."""
    server = mail.Mail()
    for message in OutboxMessage.objects.filter(state=OutboxState.WAITING).select_related("recipient")[:100]:
        OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxState.SENT)
        written = letter(message)
        assert written is not None
        server.send(written)


def marks_last(order: dict[str, Any]) -> None:
    """The naive twin that sends a whole batch and marks it then; ``slowly``: with so many seconds between letters."""
    batch = list(OutboxMessage.objects.filter(state=OutboxState.WAITING).select_related("recipient")[:100])
    server = mail.Mail()
    for message in batch:
        written = letter(message)
        assert written is not None
        server.send(written)
        time.sleep(order.get("slowly", 0))
    OutboxMessage.objects.filter(pk__in=[one.pk for one in batch]).update(state=OutboxState.SENT)


def fresh_ids(order: dict[str, Any]) -> None:
    """The naive twin that makes up a Message-ID whenever it sends."""
    written = outbox._write

    def renamed(taken: Any, channel: Any) -> Any:
        letters, ends = written(taken, channel)
        for _, one in letters:
            assert isinstance(one, Letter)
            one.extra_headers["Message-ID"] = f"<{uuid4()}@localhost>"
            one.envelope = None
        return letters, ends

    outbox._write = renamed
    outbox.send_outbox()


def own_clock(order: dict[str, Any]) -> None:
    """The naive twin that asks its own machine what is due."""
    server = mail.Mail()
    now = datetime.now().astimezone()
    for message in OutboxMessage.objects.filter(send_after__lte=now).select_related("recipient"):
        written = letter(message)
        assert written is not None
        server.send(written)


def pair_up(order: dict[str, Any]) -> None:
    """The cast of a tick: pairings in which the person sponsored is asked at this hour."""
    story.without_review()
    for _ in range(order["count"]):
        pairing = story.paired_at_once(factories.sponsor())
        CheckInPlan.objects.filter(pairing=pairing, member=pairing.sponsor).update(next_at=None)
    OutboxMessage.objects.all().delete()
    clock.move_on(timedelta(days=2))
    CheckInPlan.objects.filter(next_at=None).delete()
    story.due_now()


def look(order: dict[str, Any]) -> None:
    """Whether /healthz/ is green: by dying or not."""
    if not health.look().ok:
        die()


DEEDS = {deed.__name__: deed for deed in (send, tick, marks_first, marks_last, fresh_ids, own_clock, pair_up, look)}


def child(order: dict[str, Any]) -> None:
    """Carry out one order and end."""
    if "point" in order:
        POINTS[order["point"]](order["number"])
    deed = DEEDS[order["deed"]]
    if "skew" in order:
        with time_machine.travel(datetime.now().astimezone() + timedelta(seconds=order["skew"]), tick=True):
            deed(order)
    else:
        deed(order)
    connection.close()


def say(number: int) -> None:
    """Answer the test."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main() -> None:
    """Take orders until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            say(os.waitstatus_to_exitcode(status))
            continue
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                child(order)
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        say(pid)


if __name__ == "__main__":
    main()
