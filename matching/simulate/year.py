"""A year, played one happening after the other."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from matching.simulate import listing, offers, pairings, people, proposals, requests, waiting
from matching.simulate.numbers import UNMATCHED
from matching.simulate.office import Office
from matching.simulate.policies import Policy
from matching.simulate.queue import Entry, Happening
from matching.simulate.world import WEEK, World

_DOES: Mapping[Happening, Callable[[Office, Any], None]] = MappingProxyType(
    {
        Happening.SPONSOR_JOINS: listing.join,
        Happening.SPONSOR_LEAVES: listing.leave,
        Happening.SPONSOR_CONFIRMS: listing.confirm,
        Happening.EARLIER_PARTED: listing.part_earlier,
        Happening.ASKS: requests.ask,
        Happening.VISITS: requests.visit,
        Happening.FINDS_ELSEWHERE: requests.find_elsewhere,
        Happening.CLOSES: requests.close,
        Happening.ANSWERS: offers.answer,
        Happening.RUNS_OUT: offers.run_out,
        Happening.REVIEWED: offers.review,
        Happening.STUCK: proposals.stuck,
        Happening.HELP_DUE: waiting.book_help,
        Happening.LOOKED_AFTER: proposals.look_after,
        Happening.PROPOSAL_ANSWERED: proposals.answer,
        Happening.ROUND: proposals.hold_round,
        Happening.WEEK_ENDS: listing.count,
        Happening.TRIAL_ENDS: pairings.confirm,
        Happening.PARTED: pairings.end,
    }
)


def begin(world: World, policy: Policy) -> Office:
    """The office on the first morning, with everything ahead that does not hang on the policy."""
    office = Office(world, policy)
    for joining in world.sponsors:
        office.queue.add(joining.at, Happening.SPONSOR_JOINS, joining)
    for arrival in world.newcomers:
        office.queue.add(arrival.at, Happening.ASKS, arrival)
    for week in range(1, world.weeks + 1):
        office.queue.add(people.START + week * WEEK, Happening.WEEK_ENDS)
    if policy.nightly:
        office.queue.add(people.START + timedelta(hours=proposals.ROUND_HOUR), Happening.ROUND)
    return office


def steps(office: Office) -> Iterator[Entry]:
    """Play on until the last request has ended, and give each happening once it is over."""
    # Requests that are to close at the last moment are to do so in the play.
    last = office.world.ends_at + UNMATCHED
    while office.queue and (entry := office.queue.next()).at <= last:
        office.now = entry.at
        _DOES[entry.what](office, entry.about)
        yield entry


def play(world: World, policy: Policy) -> Office:
    """Play a whole year under one policy.

    Returns:
        The office after it: every request has ended.
    """
    office = begin(world, policy)
    for _ in steps(office):
        pass
    return office
