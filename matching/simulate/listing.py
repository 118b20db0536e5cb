"""The list of sponsors: who joins, confirms, pauses and leaves, and their seats."""

from datetime import timedelta

from matching.simulate.office import Office
from matching.simulate.queue import Happening
from matching.simulate.records import Count, Sponsor
from matching.simulate.world import Joining


def join(office: Office, joining: Joining) -> None:
    """Somebody comes onto the list; those who were there before the year began have people already."""
    sponsor = Sponsor(len(office.sponsors) + 1, joining.person)
    sponsor.change(seats_taken=len(joining.seats_free_at))
    office.sponsors[sponsor.id] = sponsor
    for at in joining.seats_free_at:
        office.queue.add(at, Happening.EARLIER_PARTED, sponsor)
    for at in joining.confirms_at:
        office.queue.add(at, Happening.SPONSOR_CONFIRMS, sponsor)
    office.queue.add(joining.leaves_at, Happening.SPONSOR_LEAVES, sponsor)


def leave(office: Office, sponsor: Sponsor) -> None:
    """Somebody takes no more newcomers; the pairings they have go on, an offer they hold runs out."""
    sponsor.change(active=False)


def confirm(office: Office, sponsor: Sponsor) -> None:
    """“Still available”, at one tap."""
    sponsor.change(confirmed_at=office.now)


def pause(office: Office, sponsor: Sponsor) -> None:
    """Take no offers for a while."""
    sponsor.change(paused_until=(office.now + timedelta(days=office.assumed.pause_days)).date())


def take_seat(sponsor: Sponsor) -> None:
    """Take one seat; the rules were asked before.

    Raises:
        RuntimeError: There is none.
    """
    if sponsor.is_full:
        raise RuntimeError("a seat was given that is not there")
    sponsor.change(seats_taken=sponsor.person.seats_taken + 1)


def free_seat(sponsor: Sponsor) -> None:
    """Give one seat back."""
    sponsor.change(seats_taken=sponsor.person.seats_taken - 1)


def part_earlier(office: Office, sponsor: Sponsor) -> None:
    """A pairing from before the year ends."""
    free_seat(sponsor)


def count(office: Office, _: None) -> None:
    """Count the list."""
    listed = [one for one in office.sponsors.values() if one.person.active]
    office.counts.append(
        Count(
            sponsors=len(listed),
            people=sum(one.person.seats_taken for one in listed),
            idle=sum(not one.person.seats_taken for one in listed),
            full=sum(one.is_full for one in listed),
        )
    )
