"""Many people on a running site for some seconds; says in JSON what they met.

Run with the variables of the web service, as ``python -m tests.delivery.load.drive PORT LETTERS SECONDS DEED ...``. It
goes on for longer, within limits, until each of these deeds, addresses by their names, was done. With ``duel`` in the
place of deeds: sponsors who accept at the very moment at which the newcomer withdraws.
"""

import email
import email.policy
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402

from tests.delivery.letters import END  # noqa: E402
from tests.delivery.load import duel  # noqa: E402
from tests.delivery.load.browser import ORIGIN, Book, Browser  # noqa: E402
from tests.delivery.load.people import Person, cast, let_time_pass, person, waiting  # noqa: E402
from tests.delivery.load.visits import visit  # noqa: E402

THREADS = 12
LINK = re.compile(re.escape(ORIGIN) + r"(/[a-z]/[^\s\"<>]+/)")
WEIGHTS = {"newcomer": 5, "sponsor": 4, "coordinator": 2, "operator": 0.3, "stranger": 0.7, "mail": 3}
MOST = {"newcomer": 300, "sponsor": 60}
COMES = {"newcomer": 1, "sponsor": 0.3}
RECENT = 200
CALLED = 0.5
AT_MOST = 10


class Run:
    """Everybody, until the time is over."""

    def __init__(self, port: int, letters: Path, seconds: float, deeds: Sequence[str] = ()) -> None:
        self.port, self.letters, self.seconds, self.deeds = port, letters, seconds, set(deeds)
        self.people, self.links = list[Person](), list[str]()
        self.waiting: list[tuple[UUID | None, str]] = []
        self.book, self.read = Book(), 0
        self.began = time.monotonic()

    def going(self) -> bool:
        gone = time.monotonic() - self.began
        return gone < self.seconds or (gone < AT_MOST * self.seconds and not self.deeds <= self.book.done())

    def whole(self, deed: Callable[..., None], *arguments: int) -> None:
        """One thread; whatever ends it early is a fault as well."""
        try:
            deed(*arguments)
        except Exception as error:
            self.book.faults.append(f"the driver itself: {error!r}")
        finally:
            connection.close()

    def live(self, seed: int) -> None:
        """One thread: visit after visit, each by somebody else."""
        dice = Random(seed)
        while self.going():
            who, start = self._next(dice)
            address = f"198.51.{dice.randint(0, 255)}.{dice.randint(1, 254)}"
            visit(who, Browser(self.port, self.book, who.cookies if who else {}, address), dice, start)

    def _next(self, dice: Random) -> tuple[Person | None, str]:
        """Who comes, and to which page: half of them because something waits for them."""
        if self.waiting and dice.random() < CALLED:
            pk, start = dice.choice(self.waiting)
            called = [one for one in self.people if (one.user.pk == pk if pk else one.role == "coordinator")]
            if called:
                return dice.choice(called), start
        role = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        here = [one for one in self.people if one.role == role]
        start = dice.choice(self.links) if role == "mail" and self.links else ""
        return dice.choice(here) if here else None, start

    def tend(self) -> None:
        """New people come, letters are read, time passes."""
        dice = Random("time")
        while self.going():
            for role, most in MOST.items():
                here = sum(one.role == role for one in self.people)
                if here < most and dice.random() < COMES[role]:
                    self.people.append(person(role))
            let_time_pass(dice)
            self.waiting = waiting()
            self._read_letters()
            time.sleep(0.3)

    def _read_letters(self) -> None:
        with self.letters.open("rb") as file:
            file.seek(self.read)
            *whole, rest = file.read().split(END)
            self.read = file.tell() - len(rest)
        for raw in whole:
            body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
            self.links += LINK.findall(body.get_content()) if body else []
        self.links = self.links[-RECENT:]

    def told(self) -> dict[str, object]:
        """What they met."""
        waited = sorted(self.book.seconds)
        share = {f"p{at}": round(1000 * waited[len(waited) * at // 100], 1) for at in (50, 95, 99)}
        seconds = time.monotonic() - self.began
        book = {"met": self.book.met, "done": sorted(self.book.done()), "faults": self.book.faults}
        return {"seconds": seconds, "requests": len(waited), **share, **book}


def main(port: str, letters: str, seconds: str, *more: str) -> None:
    """Drive, and say what was met."""
    run = Run(int(port), Path(letters), float(seconds), more)
    if "duel" in more:
        duel.fight(run.port, run.book, float(seconds))
    else:
        run.people += cast()
        run.began = time.monotonic()
        threads = [threading.Thread(target=run.whole, args=(run.live, seed)) for seed in range(THREADS)]
        threads.append(threading.Thread(target=run.whole, args=(run.tend,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sys.stdout.write(json.dumps(run.told()))


if __name__ == "__main__":
    main(*sys.argv[1:])
