"""Whom a request waits for: the newcomer who comes back, the coordinator who looks after it."""

from datetime import datetime, timedelta
from random import Random

from matching.simulate.office import Office
from matching.simulate.queue import Happening
from matching.simulate.records import Offer, Request


def visit_first(office: Office, request: Request) -> None:
    """Having just asked, the newcomer looks at the suggestions soon."""
    hours = office.assumed.first_choice_hours.draw(office.chance.dice("first choice", request.number))
    _expect(office, request, hours)


def come_back(office: Office, request: Request) -> None:
    """The newcomer hears that they may choose again, and does so some time."""
    _expect(office, request, office.assumed.return_hours.draw(_dice(office, request)))


def look_again(office: Office, request: Request) -> None:
    """The newcomer found nobody, hears nothing, and looks again of their own accord."""
    _expect(office, request, office.assumed.look_again_hours.draw(_dice(office, request)))


def _dice(office: Office, request: Request) -> Random:
    return office.chance.dice("returns", request.number, request.visits)


def _expect(office: Office, request: Request, hours: float) -> None:
    """A new reason to come back takes the place of an earlier one. With a nightly round there is nothing to choose."""
    if office.policy.nightly or never_returns(office, request):
        return
    request.visits += 1
    request.returns_at = office.in_hours(hours, "visit", request.number, request.visits)
    office.queue.add(request.returns_at, Happening.VISITS, request)


def answer_proposal(office: Office, offer: Offer) -> None:
    """A newcomer who was proposed a sponsor answers when they come back, unless the proposal runs out first."""
    request, pair = offer.request, (offer.request.number, offer.sponsor.number)
    hours = office.assumed.return_hours.draw(office.chance.dice("answers proposal", *pair))
    answers_at = office.in_hours(hours, "proposal", *pair)
    if answers_at < offer.due_at and not never_returns(office, request):
        office.queue.add(answers_at, Happening.PROPOSAL_ANSWERED, offer)
    office.queue.add(offer.due_at, Happening.RUNS_OUT, offer)


def never_returns(office: Office, request: Request) -> bool:
    """Whether this newcomer asked and is not seen again."""
    return office.chance.happens(office.assumed.never_return, "never returns", request.number)


def is_willing(office: Office, request: Request, sponsor: int) -> bool:
    """Whether this newcomer would take this sponsor, by number, at all."""
    return office.chance.happens(office.assumed.willing, "willing", request.number, sponsor)


def call_coordinator(office: Office, request: Request) -> None:
    """Make a request a coordinator's task, once."""
    if not request.needs_coordinator:
        request.needs_coordinator = True
        book_help(office, request)


def book_help(office: Office, request: Request) -> None:
    """Put a look at a live request on the desk."""
    if request.is_live:
        request.helped_at = office.desk.book(office.now, office.assumed.task_minutes)
        office.queue.add(request.helped_at, Happening.LOOKED_AFTER, request)


def help_again(office: Office, request: Request) -> None:
    """Look at it again some days from now."""
    request.helped_at = office.now + timedelta(days=office.assumed.task_again_days)
    office.queue.add(request.helped_at, Happening.HELP_DUE, request)


def review(office: Office, offer: Offer) -> datetime:
    """Put a review on the desk; returns when it will be done."""
    at = office.desk.book(office.now, office.assumed.review_minutes)
    office.queue.add(at, Happening.REVIEWED, offer)
    return at
