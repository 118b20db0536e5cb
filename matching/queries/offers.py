"""What a sponsor sees of the offers made to them.

While an offer lives, the sponsor sees the newcomer's name and what the two have in common. Once it is over the
name goes too: who asked, and did not come to them, is not theirs to remember.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, QuerySet, Value, When

from accounts.models import Profile, User
from matching import words
from matching.models import Offer
from matching.queries.suggestions import shared_weeks
from matching.states import OfferState


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a name, reasons as sentences, shared hours in the viewer's zone."""

    name: str
    letter: str
    reasons: list[str]
    week: str


def waits(offer: Offer, now: datetime) -> bool:
    """Whether the sponsor may still answer; the tick that lets an offer go may be some seconds behind."""
    return offer.state == OfferState.SENT and offer.expires_at is not None and offer.expires_at > now


def is_named(offer: Offer, now: datetime) -> bool:
    """Whether the sponsor still sees whose request it is."""
    return waits(offer, now) or offer.state in (OfferState.IN_REVIEW, OfferState.PAIRED)


def offers_to(user: User) -> QuerySet[Offer]:
    """The offers made to a member: those that wait for an answer first, then the newest."""
    return (
        Offer.objects.for_sponsor(user)
        .select_related("request__member__profile", "pairing")
        .defer("parts", "reasons")
        .order_by(Case(When(state=OfferState.SENT, then=Value(0)), default=Value(1)), "-made_at", "-id")
    )


def asker_of(offer: Offer, viewer: Profile) -> Asker:
    """The newcomer of an offer, as far as its sponsor may see them: one query at most."""
    profile = offer.request.member.profile
    return Asker(
        name=profile.display_name,
        letter=profile.first_name[:1],
        reasons=words.reasons_in_words(offer.reasons_back, viewer=viewer),
        week=shared_weeks(viewer, [profile])[0],
    )
