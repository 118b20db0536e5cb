"""Offers: held out to a sponsor, answered, run out, reviewed; the next one follows by itself."""

from datetime import timedelta
from uuid import UUID

from matching.simulate import listing, pairings, waiting
from matching.simulate.numbers import MOST_REFUSALS
from matching.simulate.office import Office
from matching.simulate.queue import Happening
from matching.simulate.records import Offer, Path, Request, Sponsor
from matching.states import OfferState, RequestState


def advance(office: Office, request: Request) -> None:
    """Hold a request out to the next of the ranked who still fit; with nobody asked and nobody left, open it again."""
    if request.refusals >= MOST_REFUSALS:
        waiting.call_coordinator(office, request)
    held = {offer.sponsor.id for offer in request.held_offers()}
    for sponsor_id in _not_asked_yet(request, held):
        if len(held) >= office.policy.at_once:
            return
        if _send(office, request, office.sponsors[sponsor_id]):
            held.add(sponsor_id)
    if not held:
        _reopen(office, request)


def _not_asked_yet(request: Request, held: set[UUID]) -> list[UUID]:
    had = request.had() | held
    return [sponsor_id for sponsor_id in request.ranked if sponsor_id not in had]


def _reopen(office: Office, request: Request) -> None:
    if request.path.now is RequestState.OFFERED:
        request.path.go(RequestState.OPEN)
    waiting.come_back(office, request)


def _send(office: Office, request: Request, sponsor: Sponsor) -> bool:
    if not office.fits(request, sponsor):
        return False
    for proposal in list(request.live_offers()):
        if proposal.sponsor is sponsor:
            # The newcomer chose by themself whom a coordinator had in mind.
            proposal.path.go(OfferState.WITHDRAWN)
    offer = Offer(request, sponsor, Path(OfferState.SENT), office.now)
    request.offers.append(offer)
    hold_out(office, offer)
    return True


def hold_out(office: Office, offer: Offer) -> None:
    """What follows once an offer is with its sponsor: a deadline, and before it an answer or none."""
    request, sponsor = offer.request, offer.sponsor
    offer.due_at = office.now + timedelta(hours=office.policy.offer_hours)
    sponsor.offers.append(offer)
    sponsor.change(last_offer_at=office.now)
    if request.path.now is not RequestState.OFFERED:
        request.path.go(RequestState.OFFERED)
    pair = (request.number, sponsor.number)
    answers_at = office.in_hours(_hours_to_answer(office, *pair), "answer", *pair)
    if answers_at < offer.due_at and not office.chance.happens(office.assumed.never_answer, "never answers", *pair):
        office.queue.add(answers_at, Happening.ANSWERS, offer)
    office.queue.add(offer.due_at, Happening.RUNS_OUT, offer)


def _hours_to_answer(office: Office, request: int, sponsor: int) -> float:
    """Some sponsors are slower than others, and all have slow days; together they spread as assumed."""
    own = office.assumed.own_pace
    person = office.chance.dice("pace", sponsor).gauss(0, 1)
    day = office.chance.dice("pace", request, sponsor).gauss(0, 1)
    return office.assumed.answer_hours.at(own**0.5 * person + (1 - own) ** 0.5 * day)


def answer(office: Office, offer: Offer) -> None:
    """The sponsor says yes or no. One who has left the list says nothing, and the offer runs out."""
    if offer.path.now is not OfferState.SENT or not offer.sponsor.person.active:
        return
    pair = (offer.request.number, offer.sponsor.number)
    offer.sponsor.count_answer(in_time=True)
    if office.chance.happens(office.assumed.yes, "yes", *pair) and _accept(office, offer):
        return
    if office.chance.happens(office.assumed.pauses, "pauses", *pair):
        listing.pause(office, offer.sponsor)
    say_no(office, offer, OfferState.DECLINED)


def _accept(office: Office, offer: Offer) -> bool:
    """Take a seat and go on to the review or, without one, to the pairing; False when a rule has come between."""
    request, sponsor = offer.request, offer.sponsor
    # A yes is the best confirmation that somebody is still glad to sponsor.
    listing.confirm(office, sponsor)
    if not office.fits(request, sponsor):
        return False
    listing.take_seat(sponsor)
    if office.policy.review:
        offer.path.go(OfferState.IN_REVIEW)
        offer.due_at = waiting.review(office, offer)
    for rival in list(request.held_offers()):
        if rival is not offer:
            end(office, rival, OfferState.WITHDRAWN)
    if not office.policy.review:
        pairings.pair(office, offer)
    if sponsor.is_full:
        _let_others_go(office, sponsor)
    return True


def _let_others_go(office: Office, sponsor: Sponsor) -> None:
    """Move on what could only be refused: the last seat has gone."""
    for other in list(sponsor.offers):
        if other.path.now is OfferState.SENT:
            say_no(office, other, OfferState.WITHDRAWN)


def review(office: Office, offer: Offer) -> None:
    """The coordinator's yes, or no; the rules are asked once more."""
    if offer.path.now is not OfferState.IN_REVIEW:
        return
    request, sponsor = offer.request, offer.sponsor
    approved = office.chance.happens(office.assumed.approves, "approves", request.number, sponsor.number)
    if approved and office.fits(request, sponsor, seat_held=True):
        pairings.pair(office, offer)
    else:
        end(office, offer, OfferState.REJECTED)
        advance(office, request)


def run_out(office: Office, offer: Offer) -> None:
    """The deadline of a sponsor, or of a newcomer who was proposed one."""
    if offer.path.now is OfferState.PROPOSED:
        offer.path.go(OfferState.EXPIRED)
    elif offer.path.now is OfferState.SENT and offer.due_at <= office.now:
        offer.sponsor.count_answer(in_time=False)
        say_no(office, offer, OfferState.EXPIRED)


def say_no(office: Office, offer: Offer, state: OfferState) -> None:
    """End an offer without a match, and hold the request out to the next."""
    end(office, offer, state)
    offer.request.refusals += 1
    advance(office, offer.request)


def end(office: Office, offer: Offer, state: OfferState) -> None:
    """Move an offer to one of its ends; a seat it held is free again."""
    held_seat = offer.path.now is OfferState.IN_REVIEW
    offer.path.go(state)
    if offer in offer.sponsor.offers:
        offer.sponsor.offers.remove(offer)
    if held_seat:
        listing.free_seat(offer.sponsor)
