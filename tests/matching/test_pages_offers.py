"""Offers as the sponsor sees them: who asks and why, yes with a note, no, no and a pause, too late."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Policy, Profile, Sponsor, User
from matching.actions import deadlines, offers, requests, reviews
from matching.models import Offer, Pairing
from matching.states import OfferState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(ana: User, rosa: User) -> Offer:
    return office.sent(ana, rosa)


@pytest.fixture
def browser(rosa: User) -> Client:
    return signed_in(rosa)


def url(offer: Offer, name: str = "offer") -> str:
    return reverse(name, args=[offer.pk])


def shown(client: Client, address: str) -> str:
    """A page within its queries."""
    with office.at_most(8):
        return office.page(client, address)


def text_of(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def test_the_list_puts_what_waits_first(browser: Client, rosa: User, offer: Offer) -> None:
    offers.decline_offer(offer, by=rosa)
    office.sent(factories.newcomer(first_name="Nora", initial="V"), rosa)
    text = shown(browser, reverse("offers"))
    assert "Nora V." in text
    assert text.index("Nora V.") < text.index("You said no.")


def test_an_empty_list_says_what_will_happen(browser: Client) -> None:
    assert "Nobody waits for you" in shown(browser, reverse("offers"))


def test_a_long_list_has_pages_and_no_more_queries(browser: Client, rosa: User) -> None:
    for _ in range(25):
        offers.decline_offer(office.sent(factories.newcomer(), rosa), by=rosa)
    assert shown(browser, reverse("offers")).count("You said no.") == 20
    assert shown(browser, reverse("offers") + "?page=2").count("You said no.") == 5
    assert browser.get(reverse("offers"), {"page": "\0"}).status_code == 200


def test_the_offer_says_who_asks_why_and_until_when(browser: Client, offer: Offer) -> None:
    text = shown(browser, url(offer))
    for words in ("Ana L.", "North side", "You are both free 15 hours a week.", "You have until", "Has looked for"):
        assert words in text
    assert 'role="img"' in text


def test_the_sponsor_sees_no_more_than_name_area_and_what_they_share(browser: Client, ana: User, rosa: User) -> None:
    """S2 for the sponsor's page before the introduction."""
    Profile.objects.filter(pk=ana.pk).update(
        recovery_date="2026-01-17", experiences=["prison", "parent"], needs=["large_print"], languages=["en", "pl"]
    )
    Profile.objects.filter(pk=rosa.pk).update(experiences=["parent"], can_meet=["large_print"])
    text = shown(browser, url(office.sent(ana, rosa)))
    for secret in (ana.email, "555 010", "2026-01-17", "January 17", "prison", "Polish", "Woman"):
        assert secret not in text
    assert "Something you have in common: Parent." in text
    assert "Needs what you can offer: Large print." in text


def test_a_yes_keeps_the_note_and_waits_for_the_coordinator(browser: Client, offer: Offer) -> None:
    answer = browser.post(url(offer, "offer_accept"), {"note": "Call me any evening."}, follow=True)
    assert "A coordinator takes a last look." in text_of(answer)
    offer.refresh_from_db()
    assert (offer.state, offer.note) == (OfferState.IN_REVIEW, "Call me any evening.")


def test_without_a_review_a_yes_leads_to_the_pairing(browser: Client, ana: User, rosa: User) -> None:
    Policy.objects.update(review_required=False)
    offer = office.sent(ana, rosa)
    assert "You both see at once" in shown(browser, url(offer))
    answer = browser.post(url(offer, "offer_accept"))
    assert answer.headers["Location"] == reverse("pairing", args=[Pairing.objects.get().pk])


@pytest.mark.parametrize("note", ["x" * 501, "a\0b", "a\u202eb"])
def test_a_note_that_cannot_be_kept_is_typed_again(browser: Client, offer: Offer, note: str) -> None:
    answer = browser.post(url(offer, "offer_accept"), {"note": note})
    assert answer.status_code == 422
    assert "Please look at this again" in text_of(answer)
    offer.refresh_from_db()
    assert offer.state == OfferState.SENT


def test_an_emoji_and_five_hundred_characters_are_fine(browser: Client, offer: Offer) -> None:
    assert browser.post(url(offer, "offer_accept"), {"note": "🌱" * 500}).status_code == 302


def test_a_no_asks_for_no_reason_and_moves_on(browser: Client, offer: Offer) -> None:
    answer = browser.post(url(offer, "offer_decline"), follow=True)
    assert "No is a fine answer." in text_of(answer)
    offer.refresh_from_db()
    assert offer.state == OfferState.DECLINED
    assert Sponsor.objects.get(pk=offer.sponsor_id).paused_until is None


def test_no_and_a_pause_are_one_step(browser: Client, offer: Offer) -> None:
    until = clock.today("America/New_York") + timedelta(days=30)
    assert f'value="{until}"' in shown(browser, url(offer))
    assert browser.post(url(offer, "offer_decline"), {"pause": "1", "until": str(until)}).status_code == 302
    assert Sponsor.objects.get(pk=offer.sponsor_id).paused_until == until


@pytest.mark.parametrize("until", ["", "yesterday", "2020-01-01", "2999-01-01", "2027-02-30", "\0"])
def test_a_pause_needs_a_day_that_makes_sense(browser: Client, offer: Offer, until: str) -> None:
    answer = browser.post(url(offer, "offer_decline"), {"pause": "1", "until": until})
    assert answer.status_code == 422
    assert '<details class="confirm" open>' in text_of(answer)
    offer.refresh_from_db()
    assert offer.state == OfferState.SENT


def test_a_plain_no_needs_no_date(browser: Client, offer: Offer) -> None:
    assert browser.post(url(offer, "offer_decline"), {"until": "nonsense"}).status_code == 302


@pytest.mark.parametrize("name", ["offer_accept", "offer_decline"])
def test_after_the_deadline_the_page_says_so_before_any_tick(browser: Client, offer: Offer, name: str) -> None:
    clock.move_on(timedelta(hours=25))
    answer = browser.post(url(offer, name))
    assert answer.status_code == 409
    text = text_of(answer)
    assert "The time to answer is over" in text
    assert "Ana L." not in text
    assert "Yes, I would like to" not in text


def test_an_answer_given_twice_counts_once(browser: Client, offer: Offer) -> None:
    browser.post(url(offer, "offer_accept"))
    answer = browser.post(url(offer, "offer_accept"))
    assert answer.status_code == 409
    assert "You said yes." in text_of(answer)
    assert Sponsor.objects.get(pk=offer.sponsor_id).seats_taken == 1


def test_a_withdrawn_request_is_no_longer_open(browser: Client, ana: User, offer: Offer) -> None:
    requests.withdraw_request(offer.request, by=ana)
    answer = browser.post(url(offer, "offer_accept"))
    assert answer.status_code == 409
    assert "This is no longer open." in text_of(answer)


def test_without_a_free_place_the_sponsor_learns_about_their_own_places(browser: Client, offer: Offer) -> None:
    Sponsor.objects.filter(pk=offer.sponsor_id).update(seats=1, seats_taken=1)
    answer = browser.post(url(offer, "offer_accept"), {"note": "Hello there"})
    assert answer.status_code == 409
    text = text_of(answer)
    assert "All your places are taken at present." in text
    assert "Hello there" in text


def test_a_rule_that_broke_meanwhile_is_not_told(browser: Client, ana: User, offer: Offer) -> None:
    def told() -> str:
        answer = browser.post(url(offer, "offer_accept"))
        assert answer.status_code == 409
        return text_of(answer).split('<p class="quiet"')[0].split("notice__body")[1].split("</p>")[0]

    Profile.objects.filter(pk=ana.pk).update(languages=["fr"])
    language = told()
    Profile.objects.filter(pk=ana.pk).update(languages=["en"], comfortable_with=["man"])
    assert told() == language
    assert "nobody&#x27;s fault" in language


def test_the_name_goes_when_it_does_not_come_about(browser: Client, rosa: User, offer: Offer) -> None:
    offers.decline_offer(offer, by=rosa)
    assert "Ana L." not in shown(browser, url(offer))
    assert "Ana L." not in shown(browser, reverse("offers"))


def test_a_pairing_is_one_step_away(browser: Client, rosa: User, bea: User, offer: Offer) -> None:
    offers.accept_offer(offer, by=rosa)
    pairing = reviews.approve_offer(offer, by=bea)
    text = shown(browser, url(offer))
    assert "You said yes, and you were introduced." in text
    assert reverse("pairing", args=[pairing.pk]) in text


def test_an_offer_that_ran_out_moved_on(browser: Client, offer: Offer) -> None:
    clock.move_on(timedelta(hours=25))
    deadlines.expire_offers()
    assert "The time to answer is over" in shown(browser, url(offer))


@pytest.mark.parametrize("name", ["offer_accept", "offer_decline"])
def test_strangers_and_the_newcomer_find_nothing(ana: User, olga: User, bea: User, offer: Offer, name: str) -> None:
    for member in (ana, olga, bea):
        client = signed_in(member)
        assert client.get(url(offer)).status_code == 404
        assert client.post(url(offer, name)).status_code == 404
    offer.refresh_from_db()
    assert offer.state == OfferState.SENT


def test_a_proposal_is_not_the_sponsors_to_see(browser: Client, ana: User, rosa: User, bea: User) -> None:
    proposal = offers.propose_offer(office.asked(ana), rosa.pk, by=bea)
    assert browser.get(url(proposal)).status_code == 404
    assert "Ana L." not in shown(browser, reverse("offers"))


@pytest.mark.parametrize("name", ["offer_accept", "offer_decline"])
def test_a_link_changes_nothing(browser: Client, offer: Offer, name: str) -> None:
    """S8 for the sponsor's pages."""
    assert browser.get(url(offer, name)).status_code == 405
    browser.head(url(offer))
    offer.refresh_from_db()
    assert offer.state == OfferState.SENT
