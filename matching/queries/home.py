"""What the home page knows of a member, in three queries whatever there is to show.

The profile with its intergroup and policy comes along with the member, as the site has read it for every page.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts import clock
from accounts.models import Profile, Sponsor, User
from matching.models import Bridge, CheckIn, Offer, Pairing, ReviewQuestion, SponsorRequest, Suggestion
from matching.queries.offers import waits
from matching.queries.silence import open_asks
from matching.queries.step_service import first_of_year
from matching.states import HELD_OFFER, LIVE_OFFER, BridgeState, CheckInState, OfferState, PairingState

NAME = ("first_name", "initial")
PAIRING = ("sponsor", "sponsee", "fellowship", "state", "began_at", "trial_ends_on", "contact_at")
"""What home shows of a pairing."""
FIRST_DAYS = timedelta(days=7)
PARTED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Partner:
    """A live pairing from one side. ``checkin`` is the open question to this member, if there is one, and
    ``change_ask`` the one that followed a silence, while its link is good."""

    pairing: Pairing
    name: str
    letter: str
    sponsors_me: bool
    checkin: UUID | None
    change_ask: UUID | None

    def is_new(self, now: datetime) -> bool:
        """Whether they were introduced this week, and neither has told yet that they talked."""
        return self.pairing.contact_at is None and now - self.pairing.began_at < FIRST_DAYS

    @property
    def on_trial(self) -> bool:
        """Whether nobody has said yet that they go on beyond the trial."""
        return self.pairing.state == PairingState.ACTIVE


@dataclass(frozen=True, slots=True)
class Contacted:
    """A live first contact from one side. ``mine``: this member asked for it; ``name`` is the other's, if there is
    one; ``heard``: the two have been in touch."""

    bridge: UUID
    state: BridgeState
    mine: bool
    name: str
    heard: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """A member's day. ``today`` is in their zone; ``service`` counts the entries of their last
    twelve months.

    ``offers`` wait for this member's answer as a sponsor, soonest deadline first; ``proposals`` for theirs as a
    newcomer; ``held`` is with the sponsor whom they chose, or with a coordinator; ``accepted`` are those to which this
    member said yes as a sponsor, and which wait for a coordinator. ``looking``: there is a live request.
    ``bridges`` are the live first contacts in which they have a part. ``question`` is what a coordinator asked them in
    a review. ``parted_at``: when this member last went on without the sponsor they had (UTC).
    """

    profile: Profile
    now: datetime
    today: date
    partners: list[Partner]
    looking: bool
    suggested: bool
    offers: list[Offer]
    proposals: list[Offer]
    held: Offer | None
    accepted: list[Offer]
    side: Sponsor | None
    service: int
    bridges: list[Contacted]
    question: UUID | None
    parted_at: datetime | None

    @property
    def has_parted(self) -> bool:
        """Whether that was a short while ago."""
        return self.parted_at is not None and self.now - self.parted_at < PARTED

    @property
    def has_sponsor(self) -> bool:
        """Whether somebody sponsors this member, in their present fellowship."""
        mine = self.profile.fellowship_id
        return any(one.sponsors_me and one.pairing.fellowship_id == mine for one in self.partners)

    @property
    def paused(self) -> bool:
        """Whether this sponsor pauses today."""
        return self.side is not None and self.side.pauses(self.today)

    @property
    def confirmed_until(self) -> datetime | None:
        """When this sponsor's last "glad to sponsor" ends to count; None without one."""
        if self.side is None or self.side.confirmed_at is None or self.profile.intergroup is None:
            return None
        return self.side.confirmed_at + timedelta(days=self.profile.intergroup.policy.confirm_days)


def overview(user: User, *, zone: str) -> Overview:
    """Read the day of a member whose welcome is finished, in their zone."""
    now, today = clock.now(), clock.today(zone)
    live = list(
        Offer.objects.filter(Q(sponsor=user) | Q(request__member=user), state__in=LIVE_OFFER)
        .select_related("request", "sponsor__profile")
        .defer("note", "parts", "reasons", "reasons_back")
        .order_by("expires_at", "id")
    )
    mine = [offer for offer in live if offer.request.member_id == user.pk]
    me = (
        User.objects.filter(pk=user.pk)
        .select_related("sponsor")
        .only("sponsor")
        .annotate(
            service=Count(
                "service_entries",
                filter=Q(service_entries__on__gte=first_of_year(today), service_entries__on__lte=today),
            ),
            told_bridges=ArraySubquery(_bridges(user)),
            question=Subquery(_asked(user)),
            parted_at=Subquery(_ended(user).values("ended_at")[:1]),
            suggested=Subquery(_suggested(user)),
        )
        .get()
    )
    return Overview(
        profile=user.profile,
        now=now,
        today=today,
        partners=_partners(user),
        looking=me.suggested is not None,
        suggested=bool(me.suggested),
        offers=[offer for offer in live if offer.sponsor_id == user.pk and waits(offer, now)],
        proposals=[offer for offer in mine if offer.state == OfferState.PROPOSED],
        held=next((offer for offer in mine if offer.state in HELD_OFFER), None),
        accepted=[offer for offer in live if offer.sponsor_id == user.pk and offer.state == OfferState.IN_REVIEW],
        side=getattr(me, "sponsor", None),
        service=me.service,
        bridges=[_contacted(user, told) for told in me.told_bridges],
        question=me.question,
        parted_at=me.parted_at,
    )


def _bridges(user: User) -> QuerySet[Bridge, Any]:
    """The live first contacts of a member as JSON, so that they come with the member's own row."""
    named = {f"{side}_{part}": f"{side}__profile__{part}" for side in ("member", "volunteer") for part in NAME}
    told = JSONObject(id="pk", state="state", member="member", first_contact_at="first_contact_at", **named)
    return Bridge.objects.of(user).live().order_by("contact_by").values(told=told)


def _contacted(user: User, told: dict[str, Any]) -> Contacted:
    mine = told["member"] == str(user.pk)
    other = "volunteer" if mine else "member"
    name = Profile(**{part: told[f"{other}_{part}"] or "" for part in NAME}).display_name
    heard = told["first_contact_at"] is not None
    return Contacted(UUID(told["id"]), BridgeState(told["state"]), mine, name, heard)


def _asked(user: User) -> QuerySet[ReviewQuestion, Any]:
    """The first question of a coordinator that waits for this member's answer."""
    return ReviewQuestion.objects.of(user).waiting().order_by("asked_at").values("pk")[:1]


def _ended(user: User) -> QuerySet[Pairing]:
    """The pairings in which somebody was sponsored, the last one first."""
    return Pairing.objects.filter(sponsee=user, state=PairingState.ENDED).order_by("-ended_at")


def _suggested(user: User) -> QuerySet[SponsorRequest, Any]:
    """Whether there are people to choose from; no row without a live request."""
    suggestions = Suggestion.objects.filter(request=OuterRef("pk"))
    live = SponsorRequest.objects.of(user).live().annotate(suggested=Exists(suggestions))
    return live.values("suggested")[:1]


def _partners(user: User) -> list[Partner]:
    asked = CheckIn.objects.of(user).filter(pairing=OuterRef("pk"), state=CheckInState.OPEN)
    found = (
        Pairing.objects.of(user)
        .live()
        .select_related("sponsor__profile", "sponsee__profile")
        .only(*PAIRING, *(f"{side}__profile__{part}" for side in ("sponsor", "sponsee") for part in NAME))
        .annotate(checkin=Subquery(asked.values("pk")[:1]), change_ask=Subquery(open_asks(user, clock.now())))
    )
    partners = []
    for pairing in found:
        sponsors_me = pairing.sponsee_id == user.pk
        other = (pairing.sponsor if sponsors_me else pairing.sponsee).profile
        questions = pairing.checkin, pairing.change_ask  # type: ignore[attr-defined]
        partners.append(Partner(pairing, other.display_name, other.first_name[:1], sponsors_me, *questions))
    return partners
