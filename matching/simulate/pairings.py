"""Pairings: they begin with everybody's yes, pass their trial or not, and end."""

from datetime import timedelta

from matching.simulate import listing
from matching.simulate.numbers import TRIAL
from matching.simulate.office import Office
from matching.simulate.queue import Happening
from matching.simulate.records import Offer, Pairing
from matching.states import OfferState, PairingState, RequestState


def pair(office: Office, offer: Offer) -> None:
    """Put two people in contact; the sponsor's seat is taken already, and whoever else was proposed is let go."""
    request, sponsor = offer.request, offer.sponsor
    offer.path.go(OfferState.PAIRED)
    sponsor.offers.remove(offer)
    for rival in list(request.live_offers()):
        rival.path.go(OfferState.WITHDRAWN)
    request.end(RequestState.MATCHED, office.now)
    pairing = Pairing(request, sponsor, office.now)
    office.pairings.append(pairing)
    office.chain[request.newcomer.id] = {sponsor.id}
    days = office.assumed.pairing_days.draw(office.chance.dice("lasts", request.number, sponsor.number))
    ends_at = office.now + timedelta(days=days)
    if ends_at > office.now + TRIAL:
        office.queue.add(office.now + TRIAL, Happening.TRIAL_ENDS, pairing)
    office.queue.add(ends_at, Happening.PARTED, pairing)


def confirm(office: Office, pairing: Pairing) -> None:
    """Go on beyond the trial."""
    pairing.path.go(PairingState.CONFIRMED)


def end(office: Office, pairing: Pairing) -> None:
    """The seat is free again."""
    pairing.path.go(PairingState.ENDED)
    del office.chain[pairing.request.newcomer.id]
    listing.free_seat(pairing.sponsor)
