"""What the newcomer sees of their own request."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import Profile, User
from matching import words
from matching.models import Offer, Pairing, SponsorRequest, Suggestion
from matching.queries.suggestions import SAID_NO, shared_weeks
from matching.states import HELD_OFFER, LIVE_OFFER, OfferState, RequestState


@dataclass(frozen=True, slots=True)
class Card:
    """One person in words: the name, reasons as sentences, and the shared hours as 168 characters in the viewer's
    zone (empty where they are not drawn); ``until`` is when a proposal ends."""

    source: Suggestion | Offer
    name: str
    letter: str
    reasons: list[str]
    week: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A live request; ``suggested`` and ``proposed`` tell whether people wait to be chosen from, or for a yes or no."""

    request: SponsorRequest
    suggested: bool
    proposed: bool

    @property
    def is_open(self) -> bool:
        """Whether nobody is being asked at present."""
        return self.request.state == RequestState.OPEN

    @property
    def may_choose(self) -> bool:
        """Whether it is the newcomer's turn to choose."""
        return self.is_open and self.suggested


@dataclass(frozen=True, slots=True)
class Standing:
    """Whom a live request is with: a sponsor or a coordinator (``held``), and who is proposed to the newcomer.

    ``next_name`` is who would be asked next; empty when nobody is left of those chosen.
    """

    held: Offer | None
    proposals: list[Card]
    next_name: str


def live_wish(user: User) -> Wish | None:
    """The member's live request, with everything that its page and ``what_would_help`` read of it; one query."""
    suggestions = Suggestion.objects.filter(request=OuterRef("pk"))
    proposals = Offer.objects.filter(request=OuterRef("pk"), state=OfferState.PROPOSED)
    found = (
        SponsorRequest.objects.of(user)
        .live()
        .select_related("fellowship", "intergroup__policy", "member__profile__area", "member__sponsor")
        .annotate(suggested=Exists(suggestions), proposed=Exists(proposals))
        .first()
    )
    return None if found is None else Wish(found, found.suggested, found.proposed)  # type: ignore[attr-defined]


def standing_of(wish: SponsorRequest, viewer: Profile) -> Standing:
    """Where a request stands: three queries at most."""
    live = list(wish.offers.filter(state__in=LIVE_OFFER).select_related("sponsor__profile").defer("note", "parts"))
    held = next((offer for offer in live if offer.state in HELD_OFFER), None)
    proposed = [offer for offer in live if offer.state == OfferState.PROPOSED]
    names = words.names_in(*(offer.reasons for offer in proposed))
    proposals = [_card(offer, offer.sponsor.profile, viewer, names) for offer in proposed]
    return Standing(held, proposals, "" if held is None else _next_name(wish, held))


def _next_name(wish: SponsorRequest, held: Offer) -> str:
    had = Offer.objects.filter(request=wish, state__in=SAID_NO).values("sponsor")
    following = (
        wish.suggestions.filter(rank__isnull=False)
        .exclude(sponsor=held.sponsor_id)
        .exclude(sponsor__in=had)
        .select_related("sponsor__profile")
        .order_by("rank")
        .first()
    )
    return "" if following is None else following.sponsor.profile.display_name


def suggestion_cards(wish: SponsorRequest, viewer: Profile) -> list[Card]:
    """The people suggested for a request, best first, each with reasons and shared hours: two queries for all."""
    found = list(wish.suggestions.select_related("sponsor__profile").order_by("place"))
    names = words.names_in(*(one.reasons for one in found))
    people = [one.sponsor.profile for one in found]
    return [
        _card(one, profile, viewer, names, week)
        for one, profile, week in zip(found, people, shared_weeks(viewer, people), strict=True)
    ]


def _card(source: Suggestion | Offer, about: Profile, viewer: Profile, names: words.Names, week: str = "") -> Card:
    sentences = words.reasons_in_words(source.reasons, viewer=viewer, names=names)
    ends = source.expires_at if isinstance(source, Offer) else None
    until = "" if ends is None else words.moment(ends)
    return Card(source, about.display_name, about.first_name[:1], sentences, week, until)


def own_sponsor(profile: Profile) -> Pairing | None:
    """The live pairing in which this member is sponsored in their fellowship."""
    mine = Pairing.objects.live().filter(sponsee=profile.user_id, fellowship=profile.fellowship_id)
    return mine.select_related("sponsor__profile").first()
