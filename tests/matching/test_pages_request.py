"""The newcomer's request: asking, ranking, seeing who is asked, a proposal, nobody yet, withdrawing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Area, Profile, Sponsor, User, Week
from matching.actions import offers, requests, reviews
from matching.models import Offer, SponsorRequest
from matching.states import OfferState, RequestState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db

REQUEST = "/request/"
SUGGESTIONS = "/request/suggestions/"


@pytest.fixture
def browser(ana: User) -> Client:
    return signed_in(ana)


def shown(client: Client, url: str) -> str:
    """A page within its queries."""
    with office.at_most(8):
        return office.page(client, url)


def rank(client: Client, *sponsors: User, **more: str) -> Any:
    """Rank these, first choice first; everybody else among the suggested "not now"."""
    request = SponsorRequest.objects.get()
    places = {f"rank-{key}": "0" for key in request.suggestions.values_list("sponsor_id", flat=True)}
    chosen = {f"rank-{sponsor.pk}": str(place) for place, sponsor in enumerate(sponsors, 1)}
    return client.post(SUGGESTIONS, {**places, **chosen, **more})


def text_of(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


# ---- asking


def test_the_start_page_says_what_happens_and_asks_nobody(browser: Client, rosa: User) -> None:
    text = shown(browser, REQUEST)
    for words in ("Ask for a sponsor", "What happens next", "Riverside Intergroup", "Show me who fits"):
        assert words in text
    browser.head(REQUEST)
    assert not SponsorRequest.objects.exists()


def test_asking_leads_to_the_people_who_fit(browser: Client, rosa: User) -> None:
    assert browser.post(REQUEST).headers["Location"] == SUGGESTIONS
    assert "Rosa M." in shown(browser, SUGGESTIONS)


def test_asking_twice_is_a_conflict_that_shows_the_request(browser: Client, rosa: User) -> None:
    browser.post(REQUEST)
    answer = browser.post(REQUEST)
    assert answer.status_code == 409
    assert "There are people who fit" in text_of(answer)
    assert SponsorRequest.objects.count() == 1


def test_somebody_with_a_sponsor_is_told_kindly(browser: Client, ana: User, rosa: User, bea: User) -> None:
    pairing = reviews.approve_offer(office.in_review(ana, rosa), by=bea)
    text = shown(browser, REQUEST)
    assert "You have a sponsor" in text
    assert reverse("pairing", args=[pairing.pk]) in text
    assert browser.post(REQUEST).status_code == 409


def test_an_unfinished_profile_is_finished_first(browser: Client, ana: User) -> None:
    Profile.objects.filter(pk=ana.pk).update(completed_at=None)
    assert browser.get(REQUEST).headers["Location"] == reverse("welcome")


# ---- choosing


def test_each_person_comes_with_reasons_and_the_hours_drawn(browser: Client, ana: User, rosa: User) -> None:
    factories.sponsor(first_name="Maria", initial="G")
    factories.sponsor(first_name="Ines", initial="D")
    Profile.objects.update(home_group=factories.meeting())
    office.asked(ana)
    text = shown(browser, SUGGESTIONS)
    for words in ("Rosa M.", "Maria G.", "Ines D.", "You are both free 15 hours a week.", "Monday Lamp", "North side"):
        assert words in text
    assert text.count('role="img"') == 3
    assert "24 hours to answer" in text


def test_the_hours_are_in_the_viewers_zone(browser: Client, ana: User, rosa: User) -> None:
    Profile.objects.filter(pk=rosa.pk).update(zone="America/Chicago", week=Week.of([17]))
    office.asked(ana)
    text = shown(browser, SUGGESTIONS)
    assert "6 p.m. to 7 p.m." in text
    assert "America/New York" in text


def test_what_is_private_is_not_on_the_page(browser: Client, ana: User, rosa: User) -> None:
    office.asked(ana)
    text = shown(browser, SUGGESTIONS)
    born = rosa.profile.recovery_date
    assert born is not None
    for secret in (rosa.email, "555 010", str(born.year), "points"):
        assert secret not in text


def test_the_first_choice_is_asked_first_and_the_next_is_named(browser: Client, ana: User, rosa: User) -> None:
    maria = factories.sponsor(first_name="Maria", initial="G")
    office.asked(ana)
    assert rank(browser, maria, rosa).headers["Location"] == REQUEST
    assert Offer.objects.get().sponsor_id == maria.pk
    text = shown(browser, REQUEST)
    assert "Maria G. has until" in text
    assert "If not, we ask Rosa M. next." in text


def test_without_a_next_the_newcomer_will_choose_again(browser: Client, ana: User, rosa: User) -> None:
    office.asked(ana)
    rank(browser, rosa)
    assert "and you choose again." in shown(browser, REQUEST)


def test_a_no_moves_the_request_to_the_next_without_naming_a_fault(browser: Client, ana: User, rosa: User) -> None:
    maria = factories.sponsor(first_name="Maria", initial="G")
    office.asked(ana)
    rank(browser, maria, rosa)
    browser.get(REQUEST)  # the message that Maria is asked has been read
    offers.decline_offer(Offer.objects.get(), by=maria)
    text = shown(browser, REQUEST)
    assert "Rosa M. has until" in text
    assert "Maria" not in text


def test_nobody_chosen_is_a_question_not_an_answer(browser: Client, ana: User, rosa: User) -> None:
    office.asked(ana)
    answer = rank(browser)
    assert answer.status_code == 422
    assert "Choose at least one person" in text_of(answer)
    assert not Offer.objects.exists()


def test_a_place_given_twice_is_refused_and_kept(browser: Client, ana: User, rosa: User) -> None:
    maria = factories.sponsor(first_name="Maria", initial="G")
    office.asked(ana)
    answer = browser.post(SUGGESTIONS, {f"rank-{rosa.pk}": "2", f"rank-{maria.pk}": "2"})
    assert answer.status_code == 422
    text = text_of(answer)
    assert "has this place already" in text
    assert text.count('<option value="2" selected>') == 2
    assert not Offer.objects.exists()


@pytest.mark.parametrize("place", ["9", "-1", "\0", "first", ""])
def test_a_place_that_does_not_exist_is_refused(browser: Client, ana: User, rosa: User, place: str) -> None:
    office.asked(ana)
    assert browser.post(SUGGESTIONS, {f"rank-{rosa.pk}": place}).status_code == 422


def test_a_page_that_names_somebody_else_is_stale(browser: Client, ana: User, rosa: User) -> None:
    office.asked(ana)
    answer = rank(browser, rosa, **{f"rank-{uuid4()}": "2"})
    assert answer.status_code == 409
    assert "Rosa M." in text_of(answer)
    assert not Offer.objects.exists()


def test_ranking_after_the_request_moved_on_shows_where_it_is(browser: Client, ana: User, rosa: User) -> None:
    office.asked(ana)
    rank(browser, rosa)
    answer = rank(browser, rosa)
    assert answer.status_code == 409
    assert "Rosa M. has until" in text_of(answer)
    assert Offer.objects.count() == 1


def test_when_nobody_chosen_fits_any_more_whoever_fits_today_is_shown(browser: Client, ana: User, rosa: User) -> None:
    office.asked(ana)
    Sponsor.objects.filter(pk=rosa.pk).update(paused_until=factories.today() + timedelta(days=9))
    factories.sponsor(first_name="Maria", initial="G")
    answer = rank(browser, rosa)
    assert answer.status_code == 409
    text = text_of(answer)
    assert "It is not about you." in text
    assert "Maria G." in text
    assert "Rosa" not in text


def test_looking_again_finds_whoever_is_new(browser: Client, ana: User) -> None:
    office.asked(ana)
    assert browser.post(SUGGESTIONS, {"again": "1"}).headers["Location"] == REQUEST
    factories.sponsor()
    assert browser.post(SUGGESTIONS, {"again": "1"}).headers["Location"] == SUGGESTIONS
    assert "Rosa M." in shown(browser, SUGGESTIONS)


def test_without_a_request_there_is_nothing_to_choose(browser: Client) -> None:
    assert browser.get(SUGGESTIONS).headers["Location"] == REQUEST
    assert browser.post(SUGGESTIONS).status_code == 409


# ---- nobody yet


def test_nobody_yet_is_honest_and_names_what_would_help(browser: Client, ana: User, rosa: User) -> None:
    Profile.objects.filter(pk=rosa.pk).update(week=Week.of([0]))
    office.asked(ana)
    text = shown(browser, REQUEST)
    assert "Nobody fits yet." in text
    assert "Mark more hours in your week." in text
    assert reverse("profile_edit", args=["week"]) in text
    assert "temporary sponsor" in text


def test_nobody_yet_never_speaks_of_gender_or_of_who_exists(browser: Client, ana: User) -> None:
    factories.sponsor(first_name="Mark", initial="A", gender="man", comfortable_with=["anyone"])
    office.asked(ana)
    text = shown(browser, REQUEST)
    assert "Nothing that you could change yourself." in text
    for words in ("gender", "Mark A.", "Women", "comfortable"):
        assert words not in text


def test_a_longer_way_is_named_when_it_alone_is_in_the_way(browser: Client, ana: User) -> None:
    of = factories.intergroup()
    far = Area.objects.create(intergroup=of, code="far", name="Far side", latitude=42.0, longitude=-74.0)
    factories.sponsor(area=far, modes=["in_person"])
    Profile.objects.filter(pk=ana.pk).update(max_km=10)
    office.asked(ana)
    assert "Allow a longer way" in shown(browser, REQUEST)


# ---- a coordinator's proposal


@pytest.fixture
def proposal(ana: User, rosa: User, bea: User) -> Offer:
    return offers.propose_offer(office.asked(ana), rosa.pk, by=bea)


def answered(client: Client, offer: Offer, answer: str) -> Any:
    return client.post(reverse("proposal_answer", args=[offer.pk]), {"answer": answer})


def test_a_proposal_shows_why_and_waits_for_yes_or_no(browser: Client, proposal: Offer) -> None:
    text = shown(browser, REQUEST)
    for words in ("Rosa M.", "You are both free 15 hours a week.", "Yes, ask them", "No, thank you", "You have until"):
        assert words in text


def test_a_yes_to_a_proposal_asks_the_sponsor(browser: Client, proposal: Offer) -> None:
    assert answered(browser, proposal, "yes").status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == OfferState.SENT
    assert "Rosa M. has until" in shown(browser, REQUEST)


def test_a_no_to_a_proposal_asks_nobody(browser: Client, proposal: Offer) -> None:
    assert answered(browser, proposal, "no").status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == OfferState.REFUSED


def test_neither_yes_nor_no_changes_nothing(browser: Client, proposal: Offer) -> None:
    assert answered(browser, proposal, "perhaps").status_code == 422
    proposal.refresh_from_db()
    assert proposal.state == OfferState.PROPOSED


def test_an_answer_given_twice_is_a_conflict(browser: Client, proposal: Offer) -> None:
    answered(browser, proposal, "yes")
    answer = answered(browser, proposal, "yes")
    assert answer.status_code == 409
    assert "Rosa M. has until" in text_of(answer)


def test_a_proposal_that_no_longer_fits_is_no_oracle(browser: Client, proposal: Offer) -> None:
    Profile.objects.filter(pk=proposal.sponsor_id).update(languages=["fr"])
    answer = answered(browser, proposal, "yes")
    assert answer.status_code == 409
    assert "can&#x27;t be asked right now" in text_of(answer)
    assert "anguage" not in text_of(answer).split("<main")[1].split("<ul")[0]


def test_a_stranger_finds_no_proposal(olga: User, proposal: Offer) -> None:
    assert answered(signed_in(olga), proposal, "yes").status_code == 404


# ---- withdrawing


def test_withdrawing_takes_one_tap(browser: Client, ana: User, rosa: User) -> None:
    office.in_review(ana, rosa)
    assert "Withdraw my request" in shown(browser, REQUEST)
    assert browser.post("/request/withdraw/").headers["Location"] == "/home/"
    assert SponsorRequest.objects.get().state == RequestState.WITHDRAWN
    assert Sponsor.objects.get(pk=rosa.pk).seats_taken == 0


def test_withdrawing_twice_is_a_conflict(browser: Client, ana: User) -> None:
    request = office.asked(ana)
    requests.withdraw_request(request, by=ana)
    assert browser.post("/request/withdraw/").status_code == 409


def test_a_link_changes_nothing(browser: Client, ana: User, rosa: User, proposal: Offer) -> None:
    """S8 for the newcomer's pages."""
    assert browser.get("/request/withdraw/").status_code == 405
    assert browser.get(reverse("proposal_answer", args=[proposal.pk])).status_code == 405
    browser.get(SUGGESTIONS, {"again": "1", f"rank-{rosa.pk}": "1"})
    proposal.refresh_from_db()
    assert proposal.state == OfferState.PROPOSED
    assert SponsorRequest.objects.get().state == RequestState.OPEN


def test_a_coordinator_who_looks_after_a_request_is_told_of(browser: Client, ana: User, bea: User) -> None:
    request = office.asked(ana)
    SponsorRequest.objects.filter(pk=request.pk).update(needs_coordinator=True)
    assert "A volunteer of Riverside Intergroup looks after your request now" in shown(browser, REQUEST)


def test_every_state_of_a_request_takes_eight_queries_at_most(ana: User, rosa: User, bea: User) -> None:
    client = signed_in(ana)
    maria = factories.sponsor(first_name="Maria", initial="G")
    request = office.asked(ana)
    offers.propose_offer(request, maria.pk, by=bea)
    shown(client, REQUEST)
    requests.choose(request, [rosa.pk, maria.pk], by=ana)
    shown(client, REQUEST)
    offers.accept_offer(Offer.objects.get(state=OfferState.SENT), by=rosa)
    shown(client, REQUEST)
