"""Whatever people and the clock do, everything open in an office is on its day once, and nothing else is."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import resolve, reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from accounts import clock
from accounts.actions.sponsors import approve_sponsor, rest_sponsor
from accounts.models import Coordinator, PauseReason, Report, Sponsor, User
from matching.actions.deadlines import expire_offers
from matching.actions.decisions import carry_out_decisions, decide, take_back
from matching.actions.reports import report_partner, settle_report
from matching.actions.roster import ask_roster
from matching.actions.silence import answer_change, talked_with, watch
from matching.models import Bridge, ChangeAsk, CheckInPlan, Pairing, Round, Verdict
from matching.queries import today, waits
from matching.queries.waits import GOOD_HANDS, NEEDS_SOMEBODY, Kind
from matching.states import LIVE_ROUND
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, open_things, story
from tests.matching.test_any_sequence import PICK, Story

Things = list[tuple[str, str]]


class Day(Story):
    """The story of requests, offers and pairings, and all else that an office has to do. One of the sponsors and one of
    the newcomers coordinate as well: what concerns themselves is for the others."""

    @classmethod
    def begin(cls) -> None:
        super().begin()
        factories.sponsor(side={"approved_at": None})
        whole_year = {"starts_on": factories.today(), "ends_on": factories.today() + timedelta(days=300)}
        for user in (cls.sponsors[1], cls.newcomers[3]):
            Coordinator.objects.create(user=user, intergroup=factories.intergroup(), **whole_year)
        reported, quiet = (story.paired(factories.newcomer(), factories.sponsor(), cls.bea) for _ in range(2))
        report_partner(reported, by=reported.sponsee, kind="other")
        bridge = bridges.asked(factories.newcomer())
        Bridge.objects.filter(pk=bridge.pk).update(needs_coordinator=True)
        now = clock.now()
        Pairing.objects.filter(pk=quiet.pk).update(quiet_at=now, change_asked_at=now, look_at=None)
        ChangeAsk.objects.create(
            pairing=quiet, member=quiet.sponsee, silence=now, asked_at=now, answer="talk", answered_at=now
        )

    @rule(pick=PICK, yes=st.booleans())
    def decides(self, pick: int, yes: bool) -> None:
        if offer := self._offer(pick):
            verdict, reason = (Verdict.APPROVE, "") if yes else (Verdict.REJECT, "other")
            self._try(decide, offer, verdict, by=self.bea, reason=reason)

    @rule(pick=PICK)
    def takes_back(self, pick: int) -> None:
        if offer := self._offer(pick):
            self._try(take_back, offer, by=self.bea)

    @rule(minutes=st.sampled_from([5, 11]))
    def minutes_pass(self, minutes: int) -> None:
        clock.move_on(timedelta(minutes=minutes))
        carry_out_decisions()

    @rule(days=st.sampled_from([2, 9, 30]), work=st.booleans())
    def days_pass(self, days: int, work: bool) -> None:
        """With and without the rest of the clock's work: what stands still hides nothing."""
        clock.move_on(timedelta(days=days))
        expire_offers()
        if work:
            for tick in (watch, ask_roster, carry_out_decisions):
                tick()

    @rule(pick=PICK, answer=st.sampled_from(["talk", "talk", "well", "change"]))
    def answers_after_a_silence(self, pick: int, answer: Any) -> None:
        asks = list(ChangeAsk.objects.order_by("pk"))
        if asks:
            ask = asks[pick % len(asks)]
            self._try(answer_change, ask, answer, by=ask.member)

    @rule(pick=PICK)
    def is_talked_with(self, pick: int) -> None:
        asks = list(ChangeAsk.objects.filter(answer="talk").order_by("pk"))
        if asks:
            self._try(talked_with, asks[pick % len(asks)], by=self.bea)

    @rule(pick=PICK)
    def keeps_the_quiet_to_themself(self, pick: int) -> None:
        plans = list(CheckInPlan.objects.order_by("pk"))
        if plans:
            plan = plans[pick % len(plans)]
            CheckInPlan.objects.filter(pk=plan.pk).update(flag_quiet=not plan.flag_quiet)

    @rule(pick=PICK)
    def looks_into_a_report(self, pick: int) -> None:
        reports = list(Report.objects.order_by("pk"))
        if reports:
            settle_report(reports[pick % len(reports)], by=self.bea)

    @rule(pick=PICK, deed=st.sampled_from(["approve", "rest", "suspend"]))
    def somebody_of_the_roster(self, pick: int, deed: str) -> None:
        sides = list(Sponsor.objects.select_related("user").order_by("pk"))
        side = sides[pick % len(sides)]
        if deed == "approve":
            approve_sponsor(side, by=self.bea)
        elif deed == "rest":
            rest_sponsor(side, PauseReason.UNANSWERED)
        else:
            User.objects.filter(pk=side.pk).update(is_active=not side.user.is_active)

    @rule()
    def a_preview_comes_or_goes(self) -> None:
        live = Round.objects.filter(state__in=LIVE_ROUND)
        now = clock.now()
        if not live.update(state="stale", ended_at=now):
            figures = {"as_of": now, "served": 0, "left": 0, "total": 0, "service": 0, "bound": 0, "verified_at": now}
            office = factories.intergroup()
            Round.objects.create(intergroup=office, state="preview", made_at=now, began_at=now, **figures)

    @invariant()
    def the_day_holds_what_is_open_once(self) -> None:
        rows = today.look(self.bea, today.Wanted(tuple(Kind)), [], size=10_000).rows
        ledger = open_things.read(clock.now())
        shown = sorted((str(row.kind), str(row.key)) for row in rows)
        assert shown == sorted(open_things.open_for(self.bea.pk, ledger))
        assert all(row.since <= clock.now() and row.holder for row in rows)

    def teardown(self) -> None:
        """At the end the pages themselves are read, by everybody who coordinates."""
        try:
            for reader in User.objects.filter(coordinating__isnull=False, is_active=True):
                pages_tell_the_same(reader)
        finally:
            super().teardown()


def pages_tell_the_same(reader: User) -> None:
    """The page itself, and the tabs of what is in good hands."""
    client, url = signed_in(reader), reverse("coordinate")
    first = client.get(url).content.decode()
    sent = client.get(url, {"kind": "sent"}).content.decode()
    expected = open_things.open_for(reader.pk, open_things.read(clock.now()))
    assert sum(today.look(reader, today.Wanted(tuple(Kind)), []).counts.values()) == len(expected)
    assert sorted(links(first)) == sorted(page_of(thing) for thing in expected if thing[0] != Kind.SENT)
    assert sorted(links(sent)) == sorted(page_of(thing) for thing in expected if thing[0] == Kind.SENT)


def links(page: str) -> Things:
    """Where the lines of a page lead, as (name of the address, key)."""
    found = []
    for line in re.findall(r"<tr>.*?</tr>", page, re.DOTALL):
        for target in re.findall(r'(?:href|action)="([^"]+)"', line):
            path, _, rest = unescape(target).partition("?")
            match = resolve(path)
            key = rest.partition("#s")[2] if not match.kwargs else str(match.kwargs["pk"])
            found.append((str(match.url_name), key))
    return found


def page_of(thing: tuple[str, str]) -> tuple[str, str]:
    kind, key = thing
    pages = {
        "sponsors": "application",
        "roster": "coordinate_sponsors",
        "pairs": "review",
        "reports": "concern",
        "bridging": "bridge_office",
    }
    pages |= {"decided": "review_take_back", "rounds": "round", "review": "review", "talk": "talk"}
    return pages.get(kind, "coordinate_request"), key


def _play(examples: int, **more: Any) -> None:
    Day.begin()
    chosen = settings(
        max_examples=examples, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), **more
    )
    run_state_machine_as_test(Day, settings=chosen)


@pytest.mark.django_db
def test_nothing_open_is_missing_and_nothing_closed_is_there(long: bool) -> None:
    """20 short examples, 1,000 with ``--long``."""
    _play(1000 if long else 20)


@pytest.mark.django_db
@pytest.mark.usefixtures("written_anew")
@pytest.mark.parametrize("kind", ["reports", "waiting", "sponsors", "talk", "bridging"])
def test_control_a_kind_that_is_left_out_is_noticed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source: Callable[[User], waits.Source] = waits._SOURCES[Kind(kind)]
    monkeypatch.setitem(waits._SOURCES, Kind(kind), lambda user: (source(user)[0].none(), source(user)[1]))
    with pytest.raises(AssertionError):
        _play(5, derandomize=True, phases=[Phase.generate], database=None)


def test_every_kind_needs_somebody_or_is_in_good_hands() -> None:
    assert sorted([*NEEDS_SOMEBODY, *GOOD_HANDS]) == sorted(Kind)
