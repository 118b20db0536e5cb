"""The pages of a first contact: for the newcomer, the volunteer, the two together, and the office."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, User
from matching.actions import bridge_office, bridging
from matching.models import Bridge, BridgeVolunteer, SponsorRequest
from matching.states import BridgeState
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, office

pytestmark = pytest.mark.django_db


def list_of(slug: str = "riverside") -> str:
    return reverse("discharges", args=[slug])


def test_a_newcomer_asks_on_the_page(ana: User) -> None:
    day = clock.today("America/New_York") + timedelta(days=2)
    assert signed_in(ana).post(reverse("bridge"), {"leaves_on": day.isoformat()}).status_code == 302
    assert Bridge.objects.get().leaves_on == day


@pytest.mark.parametrize("day", ["", "soon", "2001-01-01", "2999-01-01"])
def test_a_day_that_can_not_be_is_asked_again(ana: User, day: str) -> None:
    assert signed_in(ana).post(reverse("bridge"), {"leaves_on": day}).status_code == 422
    assert not Bridge.objects.exists()


def test_a_volunteer_sees_no_name_before_both_said_yes(ana: User) -> None:
    vera = bridges.volunteer()
    bridges.asked(ana)
    page = office.page(signed_in(vera), reverse("bridging"))
    assert "I can be there" in page
    assert ana.profile.first_name not in page
    assert ana.contact.phone not in page


def test_contact_details_show_from_both_yeses_until_the_end(ana: User) -> None:
    vera = bridges.volunteer()
    bridge = bridges.offered(ana, vera)
    url = reverse("bridge_of_two", args=[bridge.pk])
    number = "+1 555 010 0001"
    assert number not in office.page(signed_in(vera), url)
    bridging.answer(bridge, by=ana, yes=True)
    assert number in office.page(signed_in(vera), url)
    bridging.end_bridge(bridge, by=vera)
    assert number not in office.page(signed_in(vera), url)


def test_one_tap_at_the_end_looks_for_a_sponsor(ana: User, rosa: User) -> None:
    bridge = bridging.end_bridge(bridges.in_touch(ana, bridges.volunteer()), by=ana)
    page = office.page(signed_in(ana), reverse("bridge_of_two", args=[bridge.pk]))
    assert f'action="{reverse("request")}"' in page
    assert signed_in(ana).post(reverse("request")).status_code == 302
    assert SponsorRequest.objects.get().suggestions.get().sponsor == rosa


def test_a_volunteer_is_never_called_a_sponsor(ana: User, bea: User) -> None:
    vera = bridges.volunteer(bea)
    bridge = bridges.in_touch(ana, vera)
    for user, url in (
        (vera, reverse("bridge_of_two", args=[bridge.pk])),
        (ana, reverse("bridge_of_two", args=[bridge.pk])),
        (ana, reverse("bridge")),
        (bea, list_of()),
    ):
        main = office.page(signed_in(user), url).partition("<main")[2].partition("</main>")[0]
        assert "ponsor" not in main.replace("coordinate/sponsors", "")


def test_the_list_says_who_has_whom_and_who_is_late(ana: User, bea: User) -> None:
    vera = bridges.volunteer(bea)
    bridges.offered(ana, vera)
    bridges.asked(factories.newcomer(first_name="Nina"))
    clock.move_on(timedelta(days=4))
    week = Bridge.objects.first()
    assert week is not None
    page = office.page(signed_in(bea), list_of(), week=week.leaves_on.isoformat())
    for words in ("Ana L.", "Nina L.", "Vera L.", "Nobody yet", "2 are late"):
        assert words in page
    assert page.count(">Late<") == 2


def test_fridays_can_be_shown_alone(ana: User, bea: User) -> None:
    bridge = bridges.asked(ana)
    friday = bridge.leaves_on + timedelta(days=(4 - bridge.leaves_on.weekday()) % 7)
    for day, shown in ((friday, True), (friday - timedelta(days=1), False)):
        Bridge.objects.update(leaves_on=day)
        page = office.page(signed_in(bea), list_of(), week=day.isoformat(), day="friday")
        assert ("Ana L." in page) == shown


def test_a_look_at_the_list_shows_on_the_persons_own_page(ana: User, bea: User) -> None:
    bridge = bridges.asked(ana)
    office.page(signed_in(bea), list_of(), week=bridge.leaves_on.isoformat())
    assert AuditEntry.objects.filter(member=ana.pk, actor=bea.pk, verb="person.viewed").count() == 1


def test_what_is_late_stands_in_the_queue(ana: User, bea: User) -> None:
    bridge = bridges.asked(ana)
    page = office.page(signed_in(bea), reverse("coordinate"))
    assert "First contact is late" in page
    assert reverse("bridge_office", args=[bridge.pk]) in page


def test_the_office_asks_a_volunteer_and_they_decide(ana: User, bea: User) -> None:
    bridge = bridges.asked(ana)
    vera = bridges.volunteer(bea)
    url = reverse("bridge_ask", args=[bridge.pk])
    assert "Vera L." in office.page(signed_in(bea), reverse("bridge_office", args=[bridge.pk]))
    assert signed_in(bea).post(url, {"volunteer": str(vera.pk)}).status_code == 302
    bridge.refresh_from_db()
    assert bridge.state == BridgeState.OPEN
    assert signed_in(bea).post(url, {"volunteer": "nonsense"}).status_code == 404


def test_a_coordinator_never_looks_after_their_own(bea: User) -> None:
    bridge = bridges.asked(bea)
    assert signed_in(bea).get(reverse("bridge_office", args=[bridge.pk])).status_code == 404


def test_an_offer_to_volunteer_is_approved_on_the_list(olga: User, bea: User) -> None:
    signed_in(olga).post(reverse("bridging"), {"wish": "there"})
    assert "Olga T." in office.page(signed_in(bea), list_of())
    assert signed_in(bea).post(reverse("volunteer_approve", args=[olga.pk])).status_code == 302
    assert BridgeVolunteer.objects.get().approved_by == bea


@pytest.mark.parametrize("name", ["discharges", "bridge_office", "bridging", "home", "bridge_of_two", "coordinate"])
def test_a_page_asks_at_most_eight_questions_however_many_rows(ana: User, bea: User, name: str) -> None:
    vera = bridges.volunteer(bea)
    mine = bridges.in_touch(ana, vera)
    who = {"bridging": vera, "home": vera, "bridge_of_two": ana}.get(name, bea)
    first = bridges.asked(factories.newcomer())
    args: dict[str, list[object]] = {
        "discharges": ["riverside"],
        "bridge_office": [first.pk],
        "bridge_of_two": [mine.pk],
    }
    url, data = reverse(name, args=args.get(name)), {"week": first.leaves_on.isoformat()}
    counts, client = [], signed_in(who)
    for more in (2, 12):
        for _ in range(more):
            bridges.volunteer(bea)
            bridges.asked(factories.newcomer())
            bridges.in_touch(factories.newcomer(), vera)
        with office.at_most(8) as asked_for:
            assert client.get(url, data).status_code == 200
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_the_tick_is_safe_to_run_twice(ana: User) -> None:
    bridges.asked(ana)
    bridge_office.watch_bridges()
    assert bridge_office.watch_bridges() == 0
