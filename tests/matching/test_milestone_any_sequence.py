"""Whatever a member does with their date in any order, whenever the ticks run: each letter is true when it comes."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from accounts import clock
from accounts.models import Profile, User
from matching.actions.errors import TooLate
from matching.actions.milestones import change_date, set_milestones, tell_due
from matching.actions.outbox import send_outbox
from matching.actions.pairings import end_pairing
from matching.cadence import QUIET
from matching.milestones import first_from
from matching.models import MilestonePlan, Pairing
from tests import factories
from tests.matching import story

ZONES = ["America/New_York", "America/Los_Angeles", "Europe/Paris"]
CLOSE = [0, 28, 29, 58, 59, 89, 364, 365, 700]


def _by_the_database() -> datetime:
    """The moment by which messages are due: it stands still within a test, however slowly the test runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        found = cursor.fetchone()
    assert found is not None
    moment: datetime = found[0]
    return moment + clock.shift()


class Dates(RuleBasedStateMachine):
    """Ana and her date, Rosa who may hear of it; after each hour the tick runs and what is due is sent."""

    ana: User
    rosa: User
    letters: Counter[str] = Counter()

    @classmethod
    def begin(cls) -> None:
        """The two are paired."""
        cls.letters.clear()
        cls.ana, cls.rosa = factories.newcomer(), factories.sponsor()
        story.paired(cls.ana, cls.rosa, factories.coordinator())

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.told: Counter[tuple[str, object, object]] = Counter()
        mail.outbox.clear()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)
        clock.move_on(-clock.shift())

    @property
    def mine(self) -> Profile:
        return Profile.objects.select_related("fellowship").get(pk=self.ana.pk)

    @initialize(days_ago=st.sampled_from(CLOSE))
    def already_wishes(self, days_ago: int) -> None:
        self.date_changes(days_ago)
        self.wishes(sponsor_too=True, wanted=True)

    @rule(hours=st.integers(6, 50))
    def time_passes(self, hours: int) -> None:
        for _ in range(hours):
            clock.move_on(timedelta(hours=1))
            tell_due()
            self._send()

    @rule(hours=st.integers(1, 40))
    def the_workers_stand_still(self, hours: int) -> None:
        clock.move_on(timedelta(hours=hours))
        self._send()

    def _send(self) -> None:
        send_outbox()
        for letter in mail.outbox:
            if "worth" in letter.subject:
                self._is_true(letter.to[0])
        mail.outbox.clear()

    def _is_true(self, address: str) -> None:
        mine, plan = self.mine, MilestonePlan.objects.get()
        assert mine.recovery_date is not None
        local = _by_the_database().astimezone(ZoneInfo(mine.zone))
        if address == self.ana.email:
            kept = first_from(local.date(), mine.recovery_date, mine.zone)
            assert kept is not None
            assert kept.on == local.date(), "on its day and no other"
            assert not QUIET.covers(local.hour)
        else:
            assert plan.sponsor_too
            assert Pairing.objects.live().exists()
        occasion = (address, mine.recovery_date, local.date())
        self.told[occasion] += 1
        assert self.told[occasion] == 1, "once"
        self.letters[address] += 1

    @rule(sponsor_too=st.booleans(), wanted=st.sampled_from([True, True, False]))
    def wishes(self, sponsor_too: bool, wanted: bool) -> None:
        try:
            set_milestones(self.mine, by=self.ana, wanted=wanted, sponsor_too=sponsor_too)
        except TooLate:
            assert self.mine.recovery_date is None

    @rule(days_ago=st.sampled_from(CLOSE))
    def date_changes(self, days_ago: int) -> None:
        change_date(self.mine, by=self.ana, to=clock.today(self.mine.zone) - timedelta(days=days_ago))

    @rule()
    def date_goes(self) -> None:
        change_date(self.mine, by=self.ana, to=None)
        assert not MilestonePlan.objects.exists()

    @rule(zone=st.sampled_from(ZONES))
    def travels(self, zone: str) -> None:
        Profile.objects.filter(pk=self.ana.pk).update(zone=zone)

    @rule(really=st.sampled_from([False, False, False, True]))
    def parts(self, really: bool) -> None:
        for pairing in Pairing.objects.live() if really else ():
            end_pairing(pairing, by=self.ana)


MOST_TIMES = 8


@pytest.mark.django_db
def test_any_sequence_tells_the_truth_once(long: bool) -> None:
    """C3 for milestones. Chance may lead none of twenty walks to a letter: then twenty more are walked."""
    Dates.begin()
    for _ in range(MOST_TIMES):
        run_state_machine_as_test(
            Dates,
            settings=settings(
                max_examples=300 if long else 20,
                stateful_step_count=14,
                deadline=None,
                # Hypothesis would walk the same way each time where it sees that CI runs.
                derandomize=False,
                phases=[Phase.generate, Phase.target, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
        if Dates.letters[Dates.ana.email]:
            break
    assert Dates.letters[Dates.ana.email], "some walks led to a letter"
