"""A report's figures equal those that anybody works out from the rows."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts import clock
from accounts.models import Intergroup
from matching.actions.offers import accept_offer
from matching.models import Offer, Pairing, ServiceEntry, ServiceKind, SponsorRequest
from matching.queries.report_period import Period, plus
from matching.queries.reports import Demand, Figures, figures
from matching.states import OfferState, PairingState, RequestState
from matching.survival import Span
from tests import factories
from tests.matching import office, story

ZONE = ZoneInfo("America/New_York")


@pytest.fixture
def period(intergroup: Intergroup) -> Period:
    """Three months, the current one included."""
    last = clock.today(intergroup.zone).replace(day=1)
    return Period(plus(last, -2), last, intergroup.zone)


@pytest.fixture
def busy(period: Period) -> None:
    """Half a year of an office, drawn at random: some of it before the period."""
    dice, now = Random(12), clock.now()
    sponsors = [
        factories.sponsor(side={"seats": 8}, languages=["en", "es", "fr"], modes=["phone", "video"]) for _ in range(6)
    ]
    for number in range(48):
        languages = dice.sample(["en", "es", "fr"], dice.randint(1, 2))
        member = factories.newcomer(languages=languages, modes=dice.sample(["phone", "video"], dice.randint(1, 2)))
        request = story.looking(member)
        asked = now - timedelta(hours=dice.randint(1, 24 * 90))
        end, sponsor = dice.choice(["pair", "pair", "expire", "wait", "withdraw"]), sponsors[number % 6]
        made = min(asked + timedelta(hours=dice.randint(0, 200)), now)
        if end == "pair":
            offer = story.held_out(request, sponsor, review=False)
            pairing = Pairing.objects.get(offer=accept_offer(offer, by=sponsor))
            began = min(made + timedelta(hours=dice.randint(1, 90)), now)
            ended = began + timedelta(days=dice.randint(0, 20)) if dice.random() < 0.6 else None
            gone = {"state": PairingState.ENDED, "ended_at": ended, "look_at": None}
            over = gone if ended and ended < now else {}
            Pairing.objects.filter(pk=pairing.pk).update(began_at=began, **over)
            Offer.objects.filter(pk=offer.pk).update(made_at=made)
            for _ in range(dice.randint(0, 12)):
                on = (began + timedelta(days=dice.randint(0, 60))).astimezone(ZONE).date()
                ServiceEntry.objects.get_or_create(
                    contact_of=pairing, on=on, defaults={"member": sponsor, "kind": ServiceKind.CONTACT, "at": now}
                )
        elif end == "expire":
            offer = story.held_out(request, sponsor)
            Offer.objects.filter(pk=offer.pk).update(state=OfferState.EXPIRED, made_at=made, ended_at=now)
        elif end == "withdraw":
            SponsorRequest.objects.filter(pk=request.pk).update(state=RequestState.WITHDRAWN, ended_at=now)
        SponsorRequest.objects.filter(pk=request.pk).update(asked_at=asked)
        kind, on = dice.choice(ServiceKind.values), now.date() - timedelta(days=dice.randint(0, 150))
        ServiceEntry.objects.create(member=member, kind=kind, on=on, at=now)
    elsewhere = factories.newcomer(intergroup=factories.intergroup("hillside"))
    ServiceEntry.objects.create(member=elsewhere, kind=ServiceKind.CALL, on=now.date(), at=now)


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def inside(at: datetime | date, period: Period) -> bool:
    day = at.astimezone(ZONE).date() if isinstance(at, datetime) else at
    return period.first <= day < period.ends


@pytest.fixture
def found(busy: None, intergroup: Intergroup, period: Period) -> Figures:
    return figures(intergroup, period)


def test_requests_and_their_waits(found: Figures, period: Period) -> None:
    offers: dict[Any, list[Any]] = {}
    for request, made, began in rows(
        "SELECT o.request_id, o.made_at, p.began_at FROM matching_offer o"
        " LEFT JOIN matching_pairing p ON p.offer_id = o.id"
    ):
        offers.setdefault(request, []).append((made, began))
    states: Counter[str] = Counter()
    to_offer, to_contact = [], []
    for pk, state, asked in rows("SELECT id, state, asked_at FROM matching_sponsorrequest"):
        if inside(asked, period):
            states[state] += 1
            mine = offers.get(pk, [])
            to_offer += [(min(made for made, _ in mine) - asked) / timedelta(hours=1)] if mine else []
            to_contact += [(began - asked) / timedelta(hours=1) for _, began in mine if began]
    assert found.asked.to_offer == pytest.approx(sorted(to_offer))
    assert found.asked.to_contact == pytest.approx(sorted(to_contact))
    assert found.asked.matched == states["matched"] > 2
    assert found.asked.withdrawn == states["withdrawn"] > 0
    assert found.asked.waiting == states["open"] + states["offered"] > 0
    assert found.asked.all == sum(states.values())


def test_offers_answered_in_time(found: Figures, period: Period) -> None:
    every = [one for one in rows("SELECT made_at, answered_at, state FROM matching_offer") if inside(one[0], period)]
    assert found.offers.answered == sum(answered is not None for _, answered, _ in every) > 2
    assert found.offers.expired == sum(state == "expired" for _, _, state in every) > 0


def test_pairs_and_how_long_they_were_seen(found: Figures, period: Period) -> None:
    now = clock.now()
    every = rows("SELECT began_at, ended_at FROM matching_pairing")
    spans = [Span(((ended or now) - began).days, ended is not None) for began, ended in every if inside(began, period)]
    assert sorted(found.pairs, key=repr) == sorted(spans, key=repr)
    assert any(span.ended for span in spans)


def test_pairs_that_talked_week_by_week(found: Figures, period: Period) -> None:
    today = clock.today(period.zone)
    pairs = {
        pk: (began.astimezone(ZONE).date(), ended.astimezone(ZONE).date() if ended else date.max)
        for pk, began, ended in rows("SELECT id, began_at, ended_at FROM matching_pairing")
    }
    talks = rows('SELECT contact_of_id, "on" FROM matching_serviceentry WHERE contact_of_id IS NOT NULL')
    expected, monday = [], period.first
    while monday < min(period.ends, today):
        sunday = monday + timedelta(days=6)
        if monday.weekday() == 0 and sunday < min(period.ends, today):
            live = {pk for pk, (began, ended) in pairs.items() if began <= monday and ended > sunday}
            expected.append((monday, len(live), len({pk for pk, on in talks if pk in live and monday <= on <= sunday})))
        monday += timedelta(days=1)
    assert [(week.monday, week.live, week.talked) for week in found.weeks] == expected
    assert any(talked for _, _, talked in expected)


def test_twelfth_step_work_by_kind(found: Figures, period: Period) -> None:
    times: Counter[str] = Counter()
    members: dict[str, set[Any]] = {}
    for kind, member, on, slug in rows(
        "SELECT e.kind, e.member_id, e.on, i.slug FROM matching_serviceentry e"
        " JOIN accounts_profile p ON p.user_id = e.member_id JOIN accounts_intergroup i ON i.id = p.intergroup_id"
    ):
        if slug == "riverside" and inside(on, period):
            times[kind] += 1
            members.setdefault(kind, set()).add(member)
    assert {one.kind: one.times for one in found.work} == {kind: times[kind] for kind in ServiceKind.values}
    assert {one.kind: one.members for one in found.work if one.members} == {k: len(v) for k, v in members.items()}


def test_who_waits_with_no_offer_on_the_way(found: Figures, intergroup: Intergroup) -> None:
    held = {pk for (pk,) in rows("SELECT request_id FROM matching_offer WHERE state IN ('sent', 'in_review')")}
    counts: Counter[tuple[str, str, str]] = Counter()
    for request in SponsorRequest.objects.filter(state__in=["open", "offered"]).select_related("member__profile"):
        if request.pk not in held:
            profile = request.member.profile
            counts.update(
                (one, two, three)
                for one in profile.languages
                for two in profile.comfortable_with
                for three in profile.modes
            )
    assert {(one.language, one.comfort, one.mode): one.waiting for one in found.demand} == counts
    assert found.demand == sorted(found.demand, key=lambda one: -one.waiting)
    assert isinstance(found.demand[0], Demand)


def test_the_number_of_queries_stays_the_same(busy: None, intergroup: Intergroup, period: Period) -> None:
    with office.at_most(4):
        figures(intergroup, period)
