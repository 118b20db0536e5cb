"""A newcomer's request: asked, chosen for, closed."""

from matching import engine
from matching.simulate import offers, waiting
from matching.simulate.numbers import STUCK_AFTER, UNMATCHED
from matching.simulate.office import Office
from matching.simulate.policies import SUGGESTED
from matching.simulate.queue import Happening
from matching.simulate.records import Request, Sponsor
from matching.simulate.world import Arrival
from matching.states import OfferState, RequestState


def ask(office: Office, arrival: Arrival) -> None:
    """A newcomer asks for a sponsor."""
    request = Request.of(len(office.requests) + 1, arrival.person, office.now)
    office.requests.append(request)
    office.queue.add(office.now + STUCK_AFTER, Happening.STUCK, request)
    office.queue.add(office.now + UNMATCHED, Happening.CLOSES, request)
    days = office.chance.dice("elsewhere", request.number).expovariate(1 / office.assumed.finds_elsewhere_days)
    office.queue.add(office.in_hours(24 * days, "elsewhere", request.number), Happening.FINDS_ELSEWHERE, request)
    waiting.visit_first(office, request)


def visit(office: Office, request: Request) -> None:
    """The newcomer looks at who is suggested now and chooses, or comes back another time."""
    if not request.is_open or request.returns_at != office.now:
        return
    found = engine.suggest(request.newcomer, office.pool(without=request.had()), SUGGESTED)
    request.ranked = [one.id for one in _choose(office, request, [office.sponsors[one.sponsor] for one in found])]
    if request.ranked:
        request.refusals = 0
        offers.advance(office, request)
    else:
        waiting.look_again(office, request)


def _choose(office: Office, request: Request, suggested: list[Sponsor]) -> list[Sponsor]:
    """Those whom the newcomer would take, as suggested or by taste."""
    wanted = [one for one in suggested if waiting.is_willing(office, request, one.number)]
    if office.chance.happens(office.assumed.own_order, "own order", request.number, request.visits):
        wanted.sort(key=lambda one: office.chance.dice("taste", request.number, one.number).random())
    return wanted


def find_elsewhere(office: Office, request: Request) -> None:
    """The newcomer found somebody in a meeting and takes the request back, unless it has ended."""
    _end(office, request, RequestState.WITHDRAWN)


def close(office: Office, request: Request) -> None:
    """Sixty days are over."""
    _end(office, request, RequestState.CLOSED)


def _end(office: Office, request: Request, state: RequestState) -> None:
    if not request.is_live:
        return
    for offer in list(request.live_offers()):
        offers.end(office, offer, OfferState.WITHDRAWN)
    request.end(state, office.now)
