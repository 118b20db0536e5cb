"""S14: whoever is blocked is gone at the next request, learns nothing, and is not met again under a new account."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import clock, privacy
from accounts.actions import bars
from accounts.actions.people import open_account, save_contact
from accounts.models import Bar, BarKind, Contact, FormerBar, Report, User
from matching.actions import apart, pairings, requests
from matching.actions.errors import NoLongerFits
from matching.actions.offers import accept_offer, decline_offer
from matching.actions.outbox import post
from matching.actions.reports import report_partner
from matching.actions.retention import forget
from matching.models import Bridge, BridgeVolunteer, Offer, OutboxMessage, Pairing, Suggestion
from matching.states import OfferState, RequestState
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, story

pytestmark = pytest.mark.django_db

# The mark by which a page asks for news of itself goes by the moments of deadlines.
VARIES = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{8}-[0-9a-f-]{27}|seen=[0-9a-f]{16}')


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens within is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def page(client: Client, url: str) -> tuple[int, str]:
    """What stands there, without what differs each time."""
    answer = client.get(url, follow=True)
    return answer.status_code, VARIES.sub("", answer.content.decode())


def own_pages(pairing: Pairing) -> list[str]:
    return [reverse("pairing", args=[pairing.pk]), *map(reverse, ("home", "request", "offers", "my_data", "service"))]


@pytest.mark.parametrize("how", ["pairing_report", "apart_pairing"])
@pytest.mark.parametrize("reporter", ["sponsee", "sponsor"])
def test_at_the_next_request_the_other_is_gone(pairing: Pairing, reporter: str, how: str) -> None:
    """S14 with two sessions that both began before: by a report, and by a word to nobody."""
    hers, his = signed_in(getattr(pairing, reporter)), signed_in(_other(pairing, reporter))
    url = reverse("pairing", args=[pairing.pk])
    assert "555 010 0001" in page(hers, url)[1]
    assert "555 010 0001" in page(his, url)[1]
    hers.post(reverse(how, args=[pairing.pk]), {"kind": "unsafe"})
    for client in (hers, his):
        for place in own_pages(pairing):
            assert "555 010 0001" not in page(client, place)[1]
    assert his.post(reverse("pairing_continue", args=[pairing.pk])).status_code == 409


def _other(pairing: Pairing, reporter: str) -> User:
    return pairing.sponsor if reporter == "sponsee" else pairing.sponsee


def met_by(member: User, pairing: Pairing) -> list[tuple[int, str]]:
    return [page(signed_in(member), place) for place in own_pages(pairing)]


def messages_to(member: User) -> list[str]:
    return sorted(OutboxMessage.objects.filter(recipient=member, state="waiting").values_list("topic", flat=True))


@pytest.mark.parametrize("reporter", ["sponsee", "sponsor"])
def test_the_other_meets_what_everybody_meets_whose_pairing_has_ended(pairing: Pairing, reporter: str) -> None:
    """No oracle: each page and each message is the same, letter by letter."""
    by, other = getattr(pairing, reporter), _other(pairing, reporter)
    seen = []
    deeds: list[Callable[[], object]] = [
        partial(pairings.end_pairing, pairing, by=by),
        partial(report_partner, pairing, by=by, kind="unsafe"),
        partial(apart.stay_apart, pairing, by=by),
    ]
    for deed in deeds:
        with taken_back():
            deed()
            seen.append((met_by(other, pairing), messages_to(other), privacy.export(other)["reports_made_by_me"]))
    assert seen[0] == seen[1] == seen[2]


def test_a_sponsor_who_keeps_apart_from_whoever_asks_looks_like_one_who_says_no(ana: User, rosa: User) -> None:
    """No oracle: the newcomer's pages and messages are the same, letter by letter."""
    offer = story.offered(ana, rosa)
    seen = []
    for deed in (partial(decline_offer, offer, by=rosa), partial(apart.stay_apart, offer, by=rosa)):
        with taken_back():
            deed()
            seen.append(([page(signed_in(ana), reverse(name)) for name in ("home", "request")], messages_to(ana)))
    assert seen[0] == seen[1]


def test_a_newcomer_who_keeps_apart_looks_like_one_who_goes_on_to_somebody_else(ana: User, rosa: User) -> None:
    """No oracle towards the sponsor who was asked: the same as when the newcomer takes the request back."""
    offer = story.offered(ana, rosa)
    seen = []
    for deed in (
        partial(requests.withdraw_request, offer.request, by=ana),
        partial(apart.stay_apart, offer, by=ana),
    ):
        with taken_back():
            deed()
            places = [reverse("home"), reverse("offers"), reverse("offer", args=[offer.pk])]
            seen.append(([page(signed_in(rosa), place) for place in places], messages_to(rosa)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("who", ["ana", "rosa"])
def test_who_keeps_apart_without_a_report_does_so_for_any_later_account_too(
    pairing: Pairing, ana: User, rosa: User, who: str
) -> None:
    """S14: whichever of the two leaves and comes back."""
    apart.stay_apart(pairing, by=ana)
    leaver, stays = (ana, rosa) if who == "ana" else (rosa, ana)
    email = leaver.email
    privacy.erase(leaver)
    again = come_back(email)
    assert kept_apart(again, stays) if who == "ana" else kept_apart(stays, again)


def test_control_a_word_more_to_the_other_would_be_noticed(pairing: Pairing) -> None:
    """The negative control of the comparison: another message than at a plain end."""
    before = messages_to(pairing.sponsor)
    post("report_filed", pairing.sponsor_id, key="told", report=pairing.pk)
    assert messages_to(pairing.sponsor) != before
    assert met_by(pairing.sponsor, pairing) != met_by(pairing.sponsee, pairing)


def test_somebody_who_is_blocked_is_not_available_and_no_more(ana: User, rosa: User) -> None:
    """A newcomer who is blocked by the only sponsor sees what they would see if that sponsor had no seat."""
    seen = []
    for why in (partial(bars.keep_apart, rosa.pk, ana.pk, BarKind.BLOCK), partial(_no_seat, rosa)):
        with taken_back():
            why()
            client = signed_in(ana)
            client.post(reverse("request"))
            seen.append([page(client, reverse(name)) for name in ("home", "request", "suggestions")])
    assert seen[0] == seen[1]


def _no_seat(sponsor: User) -> None:
    sponsor.sponsor.seats_taken = sponsor.sponsor.seats
    sponsor.sponsor.save()


def an_offer_besides(pairing: Pairing) -> Offer:
    """The pairing of the two has ended, and a new offer of the same two is out."""
    pairings.end_pairing(pairing, by=pairing.sponsee)
    return story.offered(pairing.sponsee, pairing.sponsor)


@pytest.mark.parametrize("said_yes", [False, True])
@pytest.mark.parametrize("reporter", ["sponsee", "sponsor"])
def test_a_block_takes_back_an_offer_that_is_out(pairing: Pairing, reporter: str, said_yes: bool) -> None:
    offer = an_offer_besides(pairing)
    if said_yes:
        accept_offer(offer, by=pairing.sponsor)
    sponsor = signed_in(pairing.sponsor)
    assert "Ana L." in page(sponsor, reverse("offer", args=[offer.pk]))[1]
    report_partner(pairing, by=getattr(pairing, reporter), kind="unsafe")
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert offer.request.state == RequestState.OPEN
    assert not Suggestion.objects.filter(sponsor=pairing.sponsor).exists()
    assert "Ana L." not in page(sponsor, reverse("offer", args=[offer.pk]))[1]
    pairing.sponsor.sponsor.refresh_from_db()
    assert pairing.sponsor.sponsor.seats_taken == 0
    told = ["not_this_time"] if said_yes else []
    assert [topic for topic in messages_to(pairing.sponsor) if topic == "not_this_time"] == told


def test_an_offer_that_was_taken_back_goes_on_to_the_next_who_was_chosen(pairing: Pairing) -> None:
    second = factories.sponsor(first_name="Second")
    pairings.end_pairing(pairing, by=pairing.sponsee)
    offer = story.offered(pairing.sponsee, pairing.sponsor, second)
    report_partner(pairing, by=pairing.sponsee, kind="unsafe")
    asked = Offer.objects.exclude(pk=offer.pk).get(request=offer.request)
    assert (asked.sponsor, asked.state) == (second, OfferState.SENT)


def test_a_block_ends_a_first_contact_of_the_two_as_well(pairing: Pairing, ana: User, rosa: User) -> None:
    BridgeVolunteer.objects.create(user=rosa, approved_at=clock.now())
    bridge = bridges.in_touch(ana, rosa)
    report_partner(pairing, by=ana, kind="unsafe")
    assert not Bridge.objects.live().filter(pk=bridge.pk).exists()


def test_control_without_parting_an_offer_stays_out_though_nobody_can_take_it(
    pairing: Pairing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; and what still holds if a process dies right after the block is written."""
    offer = an_offer_besides(pairing)
    monkeypatch.setattr("matching.actions.reports.part", lambda by, other: None)
    report_partner(pairing, by=pairing.sponsee, kind="unsafe")
    offer.refresh_from_db()
    assert offer.state == OfferState.SENT
    with pytest.raises(NoLongerFits):
        accept_offer(offer, by=pairing.sponsor)


def come_back(address: str, phone: str = "") -> User:
    """Sign up once more, and look for a sponsor or offer to be one."""
    user = factories.account(email=address)
    open_account(user, language="en")
    if phone:
        save_contact(Contact(user=user, phone=phone), by=user)
    return user


def kept_apart(one: User, other: User) -> bool:
    return Bar.objects.filter(by=one, other=other).exists()


@pytest.mark.parametrize(
    ("address", "phone"),
    [
        ("{0}", ""),
        ("  {1}+new@EXAMPLE.org", ""),
        ("another@example.org", "+1 (555) 010-0001"),
        ("another@example.org", "555 010 0001"),
    ],
)
def test_a_block_outlives_the_account_of_whoever_was_blocked(
    pairing: Pairing, ana: User, rosa: User, address: str, phone: str
) -> None:
    """S14: by the address, with or without what can be added to it, or by the number, however it is written."""
    report_partner(pairing, by=ana, kind="unsafe")
    email = rosa.email
    privacy.erase(rosa)
    again = come_back(address.format(email, email.split("@")[0]).strip(), phone)
    assert kept_apart(ana, again)
    assert not kept_apart(again, ana)


def test_a_block_made_by_whoever_left_is_theirs_again(pairing: Pairing, ana: User, rosa: User) -> None:
    """And does not show up as made by the one who stayed."""
    report_partner(pairing, by=ana, kind="unsafe")
    email = ana.email
    privacy.erase(ana)
    assert kept_apart(come_back(email), rosa)
    assert privacy.export(rosa)["people_kept_apart_by_me"] == []


def test_nobody_is_kept_apart_by_chance_and_nobody_is_told(pairing: Pairing, ana: User, rosa: User) -> None:
    report_partner(pairing, by=ana, kind="unsafe")
    email = rosa.email
    privacy.erase(rosa)
    stranger = come_back("stranger@example.org", "+1 555 010 0002")
    assert not Bar.objects.filter(other=stranger).exists()
    again = come_back(email)
    copy = privacy.export(again)
    assert copy["people_kept_apart_by_me"] == copy["reports_made_by_me"] == []
    assert not [entry for entry in copy["audit"] if "bar" in entry["verb"]]


def test_a_member_who_takes_the_address_of_one_who_left_is_kept_apart_from_then_on(
    pairing: Pairing, ana: User, rosa: User, olga: User
) -> None:
    report_partner(pairing, by=ana, kind="unsafe")
    phone = rosa.contact.phone
    privacy.erase(rosa)
    assert not kept_apart(ana, olga)
    save_contact(Contact(user=olga, phone=phone), by=olga)
    assert kept_apart(ana, olga)


def test_what_is_kept_of_them_names_nobody_and_is_forgotten_after_two_years(
    pairing: Pairing, ana: User, rosa: User
) -> None:
    report_partner(pairing, by=ana, kind="unsafe")
    email = rosa.email
    privacy.erase(rosa)
    kept = FormerBar.objects.all()
    assert kept
    for row in kept:
        assert len(bytes(row.digest)) == 32
        assert email.encode() not in bytes(row.digest)
    clock.move_on(bars.KEPT_FOR + timedelta(days=1))
    forget()
    assert not FormerBar.objects.exists()


def test_control_without_the_memory_a_new_account_is_a_stranger(
    pairing: Pairing, ana: User, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of surviving a new registration."""
    report_partner(pairing, by=ana, kind="unsafe")
    email = rosa.email
    monkeypatch.setattr(privacy, "remember_bars", lambda member: None)
    privacy.erase(rosa)
    assert not kept_apart(ana, come_back(email))


def test_a_report_is_filed_once_and_the_office_alone_sees_it(pairing: Pairing, ana: User, bea: User) -> None:
    signed_in(ana).post(reverse("pairing_report", args=[pairing.pk]), {"kind": "unsafe"})
    report = Report.objects.get()
    url = reverse("concern", args=[report.pk])
    assert signed_in(bea).get(url).status_code == 200
    for member in (ana, pairing.sponsor):
        assert signed_in(member).get(url).status_code == 404


def test_somebody_new_can_be_asked_for_right_away(pairing: Pairing, ana: User) -> None:
    second = factories.sponsor(first_name="Second")
    report_partner(pairing, by=ana, kind="unsafe")
    found = requests.ask(ana, by=ana).suggestions.values_list("sponsor_id", flat=True)
    assert list(found) == [second.pk]
