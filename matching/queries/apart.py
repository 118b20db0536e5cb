"""Whom a member may be kept apart from, and from whom they are."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts import clock
from accounts.models import Bar, Profile, Report, User
from matching.models import Bridge, Offer, Pairing, Suggestion
from matching.queries.bridging import bridges_of
from matching.queries.offers import is_named, offers_to
from matching.queries.pairings import other_of, pairings_of
from matching.states import LIVE_OFFER, LIVE_REQUEST


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody whose name a member sees, and by what."""

    name: str
    by: Pairing | Bridge | Offer | Suggestion


def met_in_pairing(user: User, pk: UUID) -> Met | None:
    """The other of a pairing of theirs, also of one that has ended."""
    found = pairings_of(user).filter(pk=pk).first()
    return None if found is None else Met(other_of(found, user).display_name, found)


def met_in_bridge(user: User, pk: UUID) -> Met | None:
    """The other of a first contact of theirs, if there is one already."""
    found = bridges_of(user).filter(pk=pk).first()
    other = None if found is None else found.volunteer if found.member_id == user.pk else found.member
    return None if found is None or other is None else Met(other.profile.display_name, found)


def met_in_offer(user: User, pk: UUID) -> Met | None:
    """For a sponsor who asks for them, while they are told; for a newcomer who is asked or proposed, while it lives."""
    to_them = offers_to(user).filter(pk=pk).first()
    if to_them is not None:
        return Met(to_them.request.member.profile.display_name, to_them) if is_named(to_them, clock.now()) else None
    mine = Offer.objects.for_newcomer(user).filter(pk=pk, state__in=LIVE_OFFER)
    found = mine.select_related("sponsor__profile", "request").first()
    return None if found is None else Met(found.sponsor.profile.display_name, found)


def met_in_suggestion(user: User, pk: int) -> Met | None:
    """Somebody who is suggested to a newcomer at present."""
    mine = Suggestion.objects.filter(request__member=user, request__state__in=LIVE_REQUEST, pk=pk)
    found = mine.select_related("sponsor__profile", "request").first()
    return None if found is None else Met(found.sponsor.profile.display_name, found)


def bars_of(user: User) -> QuerySet[Bar]:
    """From whom a member keeps themself apart, newest first; ``reported`` where it goes with a report of theirs.

    Not what came back by itself with an account that was opened anew: it would tell who has come back.
    """
    mine = Bar.objects.filter(by=user, restored=False).annotate(reported=_reported(user))
    return mine.select_related("other__profile").order_by("-at", "-pk")


def may_be_lifted(user: User) -> QuerySet[Bar]:
    """Those that a member may take back; one that goes with a report stays."""
    return Bar.objects.filter(~_reported(user), by=user, restored=False)


def _reported(user: User) -> Exists:
    return Exists(Report.objects.filter(by=user, about=OuterRef("other")))


def name_of(bar: Bar) -> str:
    """Who it is, as the member knows them; empty for somebody without a profile."""
    profile: Profile | None = getattr(bar.other, "profile", None)
    return "" if profile is None else profile.display_name
