"""Change keys while the site runs."""

import time
import uuid
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.actions import keys
from accounts.crypto import CannotOpen
from accounts.models.member_key import master_keys

PATIENCE = 60


class Command(BaseCommand):
    help = (
        "Wraps every member's key by the current master key, the first of MASTER_KEYS. The site goes on meanwhile, and "
        "a run that was cut off is simply started again. To change the master key: add the new one at the end of "
        "MASTER_KEYS and restart everything, so that all processes know it; put it first and restart; run this; take "
        "the old one away when this says so, and restart."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=keys.BATCH, help="rows in a transaction (%(default)s)")
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--member", type=uuid.UUID, help="give this member a new key, and seal all of theirs with it"
        )
        which.add_argument("--renew", action="store_true", help="the same for everybody, as after a theft of the keys")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = options["batch"]
        try:
            self._until_none(
                lambda: keys.rewrap(batch=batch), lambda: sum(keys.wrapped_by_others().values()), "wrapped"
            )
            if options["member"]:
                self._renew_one(options["member"])
            if options["renew"]:
                self._renew_all(batch)
            self._until_none(lambda: keys.reseal(batch=batch), keys.sealed_by_retired, "rows sealed anew")
        except CannotOpen as error:
            raise CommandError(f"A key does not open: {type(error).__name__} ({error}). Nothing was lost.") from error
        destroyed = keys.drop_retired()
        self.stdout.write(f"{destroyed} retired keys destroyed.")
        self._say_what_may_go()

    def _renew_one(self, member: uuid.UUID) -> None:
        for _ in range(PATIENCE):
            if keys.renew([member]):
                self.stdout.write("The member has a new key.")
                return
            time.sleep(1)
        raise CommandError("This member has no key, or somebody holds it. Try again.")

    def _renew_all(self, batch: int) -> None:
        began = clock.now()
        self._until_none(
            lambda: len(keys.renew(keys.keys_made_before(began, batch=batch))),
            lambda: len(keys.keys_made_before(began, batch=1)),
            "members have a new key",
        )

    def _until_none(self, step: Callable[[], int], left: Callable[[], int], words: str) -> None:
        """Repeat a step until it finds nothing more and nothing is left that somebody held meanwhile."""
        done, waits = 0, 0
        while True:
            if now := step():
                done += now
                self.stdout.write(f"{done} {words}")
            elif not left():
                return
            elif (waits := waits + 1) > PATIENCE:
                raise CommandError(f"{left()} left: somebody holds them. Start this again later.")
            else:
                time.sleep(1)

    def _say_what_may_go(self) -> None:
        masters = master_keys()
        for name in masters.by_name:
            if name != masters.current:
                self.stdout.write(self.style.SUCCESS(f"The old key {name} may be removed now: nothing needs it."))
