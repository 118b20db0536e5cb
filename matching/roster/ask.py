"""What the engine is asked about a request: the newcomer beside everybody who may sponsor, and one pair afresh."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from accounts import clock
from accounts.models.sponsor import MOST_SEATS
from matching import engine
from matching.models import SponsorRequest
from matching.roster.facts import facts_of
from matching.roster.kept import kept_pool
from matching.roster.rows import person, profiles, sponsor_profiles


def newcomer_of(request: SponsorRequest) -> engine.Person:
    """The member who asks, read afresh."""
    return person(profiles().get(pk=request.member_id), waiting_since=request.asked_at)


def sponsors_for(request: SponsorRequest) -> list[engine.Person]:
    """Everybody who sponsors in the request's intergroup and fellowship, read afresh."""
    return [person(profile) for profile in sponsor_profiles(request)]


def pool_around(request: SponsorRequest, *, now: datetime) -> engine.Pool:
    """Everybody who sponsors in the request's intergroup, and what is true around its newcomer: two queries."""
    return kept_pool(request.intergroup_id, facts_of(request, now=now))


def pool_for(request: SponsorRequest) -> tuple[engine.Person, engine.Pool]:
    """The newcomer, read afresh, and everybody in the intergroup they could be matched with."""
    return newcomer_of(request), pool_around(request, now=clock.now())


def recheck(
    request: SponsorRequest, sponsor_id: UUID, *, seat_held: bool = False, one_more: bool = False
) -> engine.Verdict:
    """Look at one pair afresh, inside the transaction that is about to join them.

    ``seat_held``: the sponsor said yes to this very offer already. The seat it holds must not count against it, nor
    must a pause begun since, which keeps new offers away and no more. ``one_more``: the sponsor is asked to open a seat
    for this newcomer; every other rule holds as ever.
    """
    profile = sponsor_profiles(request).filter(pk=sponsor_id).first()
    if profile is None:
        return engine.Verdict(engine.Rule.OFFERS, None)
    sponsor = person(profile)
    if seat_held:
        sponsor = replace(sponsor, seats_taken=max(sponsor.seats_taken - 1, 0), paused_until=None)
    if one_more:
        sponsor = with_one_more(sponsor)
    return engine.recheck(newcomer_of(request), sponsor, facts_of(request, now=clock.now()))


def with_one_more(sponsor: engine.Person) -> engine.Person:
    """A sponsor as they would be with one seat more, where all are taken and the outermost bound leaves room."""
    if sponsor.seats_taken < sponsor.seats or sponsor.seats >= MOST_SEATS:
        return sponsor
    return replace(sponsor, seats=sponsor.seats + 1)
