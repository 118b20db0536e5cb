"""Proposals: a coordinator, or the night's round, has somebody in mind; the newcomer says yes or no first."""

from datetime import timedelta

from matching import engine
from matching.simulate import offers, waiting
from matching.simulate.numbers import PROPOSAL_WITHIN
from matching.simulate.office import Office
from matching.simulate.queue import Happening
from matching.simulate.records import Offer, Path, Request, Sponsor
from matching.states import OfferState

ROUND_HOUR = 3


def stuck(office: Office, request: Request) -> None:
    """Nobody for three days: a coordinator's task, if it is not one already."""
    if request.is_live:
        waiting.call_coordinator(office, request)


def look_after(office: Office, request: Request) -> None:
    """A coordinator proposes the best of those not asked yet, if nobody is asked at present, and looks again later."""
    if not request.is_live:
        return
    if _is_idle(request):
        for one in engine.suggest(request.newcomer, office.pool(without=request.had()), 1):
            _propose(office, request, office.sponsors[one.sponsor])
    waiting.help_again(office, request)


def hold_round(office: Office, _: None) -> None:
    """Match everybody whom nobody is asked for, together, and propose to each the one that the round finds."""
    idle = {one.newcomer.id: one for one in office.requests if _is_idle(one)}
    if idle:
        barred = {(newcomer, sponsor) for newcomer, one in idle.items() for sponsor in one.had()}
        found = engine.match_round([one.newcomer for one in idle.values()], office.pool(barred=barred))
        for one in found.assignments:
            _propose(office, idle[one.newcomer], office.sponsors[one.sponsor])
    office.queue.add(office.now + timedelta(days=1), Happening.ROUND)


def _is_idle(request: Request) -> bool:
    return request.is_open and not any(request.live_offers())


def _propose(office: Office, request: Request, sponsor: Sponsor) -> None:
    offer = Offer(request, sponsor, Path(OfferState.PROPOSED), office.now + PROPOSAL_WITHIN)
    request.offers.append(offer)
    waiting.answer_proposal(office, offer)


def answer(office: Office, offer: Offer) -> None:
    """The newcomer's yes holds the request out to that sponsor; while another is asked, the proposal waits."""
    request = offer.request
    if offer.path.now is not OfferState.PROPOSED or not request.is_open:
        return
    if not waiting.is_willing(office, request, offer.sponsor.number):
        offer.path.go(OfferState.REFUSED)
    elif not office.fits(request, offer.sponsor):
        offer.path.go(OfferState.WITHDRAWN)
    else:
        offer.path.go(OfferState.SENT)
        offers.hold_out(office, offer)
