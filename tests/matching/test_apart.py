"""Somebody says that they do not want to meet a person: it ends, silently, and can be taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts import clock, privacy
from accounts.actions import bars
from accounts.actions.people import open_account
from accounts.models import AuditEntry, Bar, BarKind, Report, User
from matching.actions import apart, pairings
from matching.actions.errors import NotAllowed
from matching.actions.offers import decline_offer, propose_offer
from matching.actions.reports import report_partner
from matching.models import Bridge, BridgeVolunteer, Offer, Pairing, Suggestion
from matching.queries.suggestions import best
from matching.states import OfferState, RequestState
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, office, story

pytestmark = pytest.mark.django_db


def press(user: User, name: str, row: Any) -> int:
    """Open the page that says what it means, and press its button."""
    url = reverse(name, args=[row.pk])
    client = signed_in(user)
    assert "Keep us apart" in office.page(client, url)
    answer = client.post(url)
    assert answer["Location"] == reverse("apart")
    return int(answer.status_code)


def kept_apart(one: User, other: User) -> bool:
    return Bar.objects.filter(by=one, other=other, kind=BarKind.BLOCK).exists()


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("side", ["sponsor", "sponsee"])
def test_in_a_pairing_that_lives_or_has_ended(ana: User, rosa: User, bea: User, side: str, ended: bool) -> None:
    pairing = story.paired(ana, rosa, bea)
    if ended:
        pairings.end_pairing(pairing, by=ana)
    by = getattr(pairing, side)
    assert reverse("apart_pairing", args=[pairing.pk]) in office.page(
        signed_in(by), reverse("pairing", args=[pairing.pk])
    )
    press(by, "apart_pairing", pairing)
    assert not Pairing.objects.live().exists()
    assert kept_apart(by, rosa if by == ana else ana)
    assert story.seats_taken(rosa) == 0
    assert not Report.objects.exists()


def test_of_a_suggestion_somebody_else_takes_the_place(ana: User, rosa: User) -> None:
    second = factories.sponsor(first_name="Second")
    request = story.asked(ana)
    found = Suggestion.objects.get(sponsor=rosa)
    assert reverse("apart_suggestion", args=[found.pk]) in office.page(signed_in(ana), reverse("suggestions"))
    press(ana, "apart_suggestion", found)
    assert [one.sponsor for one in best(request)] == [second.pk]
    assert set(Suggestion.objects.values_list("sponsor", flat=True)) == {second.pk}


@pytest.mark.parametrize("side", ["sponsor", "newcomer"])
def test_of_an_offer_that_is_out_the_next_one_is_asked(ana: User, rosa: User, side: str) -> None:
    second = factories.sponsor(first_name="Second")
    offer = story.offered(ana, rosa, second)
    by, page = (rosa, reverse("offer", args=[offer.pk])) if side == "sponsor" else (ana, reverse("request"))
    assert reverse("apart_offer", args=[offer.pk]) in office.page(signed_in(by), page)
    press(by, "apart_offer", offer)
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert Offer.objects.live().get().sponsor == second


def test_of_a_proposal(ana: User, rosa: User, bea: User) -> None:

    offer = propose_offer(story.asked(ana), rosa.pk, by=bea)
    assert reverse("apart_offer", args=[offer.pk]) in office.page(signed_in(ana), reverse("request"))
    press(ana, "apart_offer", offer)
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert offer.request.state == RequestState.OPEN


@pytest.mark.parametrize("side", ["member", "volunteer"])
def test_in_a_first_contact(ana: User, rosa: User, side: str) -> None:
    BridgeVolunteer.objects.create(user=rosa, approved_at=clock.now())
    bridge = bridges.in_touch(ana, rosa)
    by = getattr(bridge, side)
    assert reverse("apart_bridge", args=[bridge.pk]) in office.page(
        signed_in(by), reverse("bridge_of_two", args=[bridge.pk])
    )
    press(by, "apart_bridge", bridge)
    assert not Bridge.objects.live().exists()


Way = Callable[[User, User, User], tuple[str, Any]]
WAYS: dict[str, Way] = {
    "pairing": lambda ana, rosa, bea: ("apart_pairing", story.paired(ana, rosa, bea)),
    "offer": lambda ana, rosa, bea: ("apart_offer", story.offered(ana, rosa)),
    "suggestion": lambda ana, rosa, bea: ("apart_suggestion", story.asked(ana).suggestions.get(sponsor=rosa)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_stranger_finds_nothing(ana: User, rosa: User, bea: User, olga: User, way: str) -> None:
    name, row = WAYS[way](ana, rosa, bea)
    for user in (olga, bea):
        for method in ("get", "post"):
            assert getattr(signed_in(user), method)(reverse(name, args=[row.pk])).status_code == 404
        with pytest.raises(NotAllowed):
            apart.stay_apart(row, by=user)
    assert not Bar.objects.exists()


def test_a_sponsor_who_is_no_longer_told_who_asked_cannot_keep_apart_from_them(ana: User, rosa: User) -> None:

    offer = story.offered(ana, rosa)
    decline_offer(offer, by=rosa)
    assert signed_in(rosa).get(reverse("apart_offer", args=[offer.pk])).status_code == 404


def test_a_sponsor_learns_nothing_of_a_proposal_that_waits_for_the_newcomer(ana: User, rosa: User, bea: User) -> None:

    offer = propose_offer(story.asked(ana), rosa.pk, by=bea)
    assert signed_in(rosa).get(reverse("apart_offer", args=[offer.pk])).status_code == 404


def test_it_can_be_taken_back_by_whoever_said_it_alone(ana: User, rosa: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    bar = apart.stay_apart(pairing, by=ana)
    url = reverse("apart_lift", args=[bar.pk])
    assert "Rosa M." in office.page(signed_in(ana), reverse("apart"))
    assert "Ana" not in office.page(signed_in(rosa), reverse("apart"))
    assert signed_in(rosa).post(url).status_code == 404
    assert not apart.lift_bar(bar, by=rosa)
    assert signed_in(ana).post(url)["Location"] == reverse("apart")
    assert not Bar.objects.exists()
    assert not Pairing.objects.live().exists()
    request = story.asked(ana)
    assert [one.sponsor for one in best(request)] == [rosa.pk]


def test_when_both_said_it_one_of_them_lifts_only_their_own(ana: User, rosa: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    mine, theirs = (apart.stay_apart(pairing, by=one) for one in (ana, rosa))
    assert apart.lift_bar(mine, by=ana)
    assert Bar.objects.get() == theirs
    assert best(story.asked(ana)) == []


def test_what_goes_with_a_report_stays(ana: User, rosa: User, bea: User) -> None:
    report_partner(story.paired(ana, rosa, bea), by=ana, kind="unsafe")
    bar = Bar.objects.get()
    page = office.page(signed_in(ana), reverse("apart"))
    assert "Rosa M." in page
    assert reverse("apart_lift", args=[bar.pk]) not in page
    assert signed_in(ana).post(reverse("apart_lift", args=[bar.pk])).status_code == 404
    assert not apart.lift_bar(bar, by=ana)


def test_a_pairing_that_was_ended_for_good_can_be_allowed_again_too(ana: User, rosa: User, bea: User) -> None:
    pairings.end_pairing(story.paired(ana, rosa, bea), by=ana, not_again=True)
    assert apart.lift_bar(Bar.objects.get(), by=ana)


def test_what_came_back_with_a_new_account_is_shown_to_nobody(ana: User, rosa: User, bea: User) -> None:
    """It would tell that somebody is here again."""
    apart.stay_apart(story.paired(ana, rosa, bea), by=ana)
    email = rosa.email
    privacy.erase(rosa)
    again = factories.account(email=email)
    open_account(again, language="en")
    bars.restore_bars(again)
    assert Bar.objects.get().restored
    assert privacy.export(ana)["people_kept_apart_by_me"] == []
    assert reverse("apart_lift", args=[Bar.objects.get().pk]) not in office.page(signed_in(ana), reverse("apart"))
    assert not apart.lift_bar(Bar.objects.get(), by=ana)


def test_no_office_hears_of_it(ana: User, rosa: User, bea: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    apart.stay_apart(pairing, by=ana)
    entry = AuditEntry.objects.get(verb="bar.made")
    assert entry.intergroup_id is None
    assert not AuditEntry.objects.filter(member=rosa.pk, verb__startswith="bar.").exists()
    for member in (ana, rosa):
        assert "apart" not in office.page(signed_in(bea), reverse("person", args=[member.pk])).lower()
