"""A first contact: both say yes, the two count up to six meetings, the office hears what is late."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts import clock, privacy
from accounts.models import Bar, Report, User, Week
from matching.actions import bridge_office, bridging
from matching.actions.errors import AlreadyLooking, NoLongerFits, NotAllowed, TooLate
from matching.actions.reports import report_bridge
from matching.actions.requests import ask
from matching.models import MOST_MEETINGS, Bridge, BridgeVolunteer, OutboxMessage, SponsorRequest
from matching.queries.bridging import fitting_volunteers, open_for
from matching.states import BridgeState
from tests import factories
from tests.matching import bridges

pytestmark = pytest.mark.django_db


def told(topic: str) -> set[Any]:
    return set(OutboxMessage.objects.filter(topic=topic).values_list("recipient", flat=True))


def test_the_first_contact_is_wanted_48_hours_after_noon_of_the_day_of_leaving() -> None:
    due = bridging.contact_by(date(2026, 11, 27), "America/New_York")
    assert due.astimezone(ZoneInfo("America/New_York")).isoformat() == "2026-11-29T12:00:00-05:00"


def test_whoever_fits_is_told_and_nobody_else(ana: User) -> None:
    fits, other_office = bridges.volunteer(), factories.coordinator(factories.intergroup("hillside"))
    bridges.volunteer(other_office, intergroup=factories.intergroup("hillside"))
    bridges.asked(ana)
    assert told("bridge_wanted") == {fits.pk}
    assert told("bridge_late") == set()


def test_without_a_volunteer_the_office_hears_at_once(ana: User, bea: User) -> None:
    assert bridges.asked(ana).needs_coordinator
    assert told("bridge_late") == {bea.pk}


@pytest.mark.parametrize(
    "unlike",
    [
        {"gender": "man"},
        {"comfortable_with": ["man"]},
        {"languages": ["fr"]},
        {"modes": ["video"]},
        {"fellowship": "na"},
    ],
)
def test_the_hard_rules_hold_in_both_directions(ana: User, unlike: dict[str, Any]) -> None:
    if "fellowship" in unlike:
        unlike = {"fellowship": factories.fellowship("na", name="Another")}
    other = bridges.volunteer(**unlike)
    bridge = bridges.asked(ana)
    assert fitting_volunteers(bridge) == []
    assert open_for(other.profile) == []
    with pytest.raises(NoLongerFits):
        bridging.take(bridge, by=other)


@pytest.mark.parametrize("who", ["newcomer", "volunteer"])
def test_a_block_in_either_direction_keeps_them_apart(ana: User, who: str) -> None:
    vera = bridges.volunteer()
    by, other = (ana, vera) if who == "newcomer" else (vera, ana)
    Bar.objects.create(by=by, other=other, kind="block", at=clock.now())
    bridge = bridges.asked(ana)
    assert told("bridge_wanted") == set()
    with pytest.raises(NoLongerFits):
        bridging.take(bridge, by=vera)


def test_neither_seats_nor_steps_nor_shared_hours_are_asked(ana: User) -> None:
    """Control: as a sponsor nobody would be sent to her."""
    night = Week.of([3])
    vera = bridges.volunteer(week=night)
    assert [one.pk for one in fitting_volunteers(bridges.asked(ana))] == [vera.pk]
    assert list(ask(ana, by=ana).suggestions.all()) == []


def test_nobody_is_sent_to_a_volunteer_before_the_office_approves_or_in_a_pause(ana: User) -> None:
    vera = bridges.volunteer()
    BridgeVolunteer.objects.update(approved_at=None)
    assert fitting_volunteers(bridges.asked(ana)) == []
    BridgeVolunteer.objects.update(approved_at=clock.now())
    bridging.volunteer(vera, paused=True)
    assert fitting_volunteers(Bridge.objects.get()) == []


def test_nobody_approves_themself(bea: User) -> None:
    with pytest.raises(NotAllowed):
        bridge_office.approve_volunteer(bridging.volunteer(bea), by=bea)


def test_the_second_volunteer_comes_too_late(ana: User) -> None:
    bridge = bridges.offered(ana, bridges.volunteer())
    with pytest.raises(TooLate):
        bridging.take(bridge, by=bridges.volunteer(first_name="Wanda"))


def test_one_asks_once_and_may_look_for_a_sponsor_meanwhile(ana: User, rosa: User) -> None:
    bridges.asked(ana)
    with pytest.raises(AlreadyLooking):
        bridges.asked(ana)
    assert ask(ana, by=ana).suggestions.count() == 1


def test_a_no_is_for_good_and_others_are_asked(ana: User) -> None:
    vera, wanda = bridges.volunteer(), bridges.volunteer(first_name="Wanda")
    bridge = bridging.answer(bridges.offered(ana, vera), by=ana, yes=False)
    assert (bridge.state, bridge.volunteer_id) == (BridgeState.OPEN, None)
    assert [one.pk for one in fitting_volunteers(bridge)] == [wanda.pk]


def test_only_the_newcomer_answers(ana: User, olga: User) -> None:
    with pytest.raises(NotAllowed):
        bridging.answer(bridges.offered(ana, bridges.volunteer()), by=olga, yes=True)


def test_a_block_after_the_volunteers_yes_stops_the_newcomers_yes(ana: User) -> None:
    vera = bridges.volunteer()
    bridge = bridges.offered(ana, vera)
    Bar.objects.create(by=vera, other=ana, kind="block", at=clock.now())
    with pytest.raises(NoLongerFits):
        bridging.answer(bridge, by=ana, yes=True)


def test_the_sixth_meeting_is_the_last(ana: User) -> None:
    vera = bridges.volunteer()
    bridge = bridges.in_touch(ana, vera)
    for count in range(1, MOST_MEETINGS + 1):
        assert bridging.count_meeting(bridge, by=(ana, vera)[count % 2]).meetings == count
        bridges.a_day_later()
    bridge.refresh_from_db()
    assert bridge.state == BridgeState.CLOSED
    assert told("bridge_closed") == {vera.pk}
    with pytest.raises(TooLate):
        bridging.count_meeting(bridge, by=ana)


def test_a_meeting_is_counted_once_whichever_of_the_two_says_so(ana: User) -> None:
    vera = bridges.volunteer()
    bridge = bridging.count_meeting(bridges.in_touch(ana, vera), by=vera)
    with pytest.raises(TooLate):
        bridging.count_meeting(bridge, by=ana)


def test_the_database_counts_to_six(ana: User) -> None:
    bridge = bridges.in_touch(ana, bridges.volunteer())
    with pytest.raises(Exception, match="bridge_six_meetings"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_bridge SET meetings = 7, met_on = now(), first_contact_at = now() WHERE id = %s",
            [bridge.pk],
        )


def test_a_volunteer_who_can_not_after_all_makes_room(ana: User) -> None:
    vera = bridges.volunteer()
    bridge = bridging.step_back(bridges.in_touch(ana, vera), by=vera)
    assert (bridge.state, bridge.volunteer_id, bridge.agreed_at) == (BridgeState.OPEN, None, None)
    assert told("bridge_open_again") == {ana.pk}


def test_48_hours_without_a_contact_bring_it_to_the_office_once(ana: User, bea: User) -> None:
    bridges.in_touch(ana, bridges.volunteer(bea))
    assert bridge_office.watch_bridges() == 0
    clock.move_on(timedelta(days=4))
    assert bridge_office.watch_bridges() == 1
    assert bridge_office.watch_bridges() == 0
    assert told("bridge_late") == {bea.pk}


def test_a_contact_in_time_brings_nobody(ana: User) -> None:
    vera = bridges.volunteer()
    bridging.in_touch(bridges.in_touch(ana, vera), by=vera)
    clock.move_on(timedelta(days=4))
    assert bridge_office.watch_bridges() == 0


def test_what_a_coordinator_looks_after_comes_back_after_a_day(ana: User, bea: User) -> None:
    bridge = bridges.asked(ana)
    clock.move_on(timedelta(days=4))
    bridge_office.give_time(bridge, by=bea)
    assert bridge_office.watch_bridges() == 0
    clock.move_on(timedelta(hours=25))
    assert bridge_office.watch_bridges() == 1


def test_a_report_ends_contact_and_keeps_them_apart(ana: User, bea: User) -> None:
    vera = bridges.volunteer(bea)
    report_bridge(bridges.in_touch(ana, vera), by=ana, kind="unsafe")
    assert Bridge.objects.get().state == BridgeState.CLOSED
    assert Report.objects.get().about == vera
    assert fitting_volunteers(bridges.asked(ana)) == []
    assert told("report_filed") == {bea.pk}


def test_what_is_asked_of_a_sponsor_stays_as_it_was_after_the_end(ana: User, rosa: User) -> None:
    """The offer at the end is the ordinary request, with the language, the comfort and the place of the profile."""
    bridging.end_bridge(bridges.in_touch(ana, bridges.volunteer()), by=ana)
    request = ask(ana, by=ana)
    assert [one.sponsor_id for one in request.suggestions.all()] == [rosa.pk]
    assert SponsorRequest.objects.count() == 1


def test_whoever_goes_leaves_nobody_waiting(ana: User) -> None:
    vera = bridges.volunteer()
    bridges.in_touch(ana, vera)
    privacy.erase(vera)
    assert Bridge.objects.get().state == BridgeState.OPEN
    privacy.erase(ana)
    assert not Bridge.objects.exists()


def test_it_is_forgotten_a_year_after_its_end_and_closed_when_nobody_ends_it(ana: User) -> None:
    bridges.asked(ana)
    clock.move_on(timedelta(days=70))
    bridge_office.forget_bridges()
    assert Bridge.objects.get().state == BridgeState.CLOSED
    clock.move_on(timedelta(days=366))
    bridge_office.forget_bridges()
    assert not Bridge.objects.exists()
