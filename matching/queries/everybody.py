"""Everybody of an intergroup at one moment, as a round takes them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import clock
from accounts.models import Bar, Fellowship, Intergroup, Policy
from matching import engine, roster
from matching.models import Offer, Pairing, RequestKind, SponsorRequest
from matching.queries.suggestions import SAID_NO
from matching.states import LIVE_PAIRING, RequestState


@dataclass(frozen=True)
class Everybody:
    """Who waits and who may sponsor; ``requests`` names each newcomer's request."""

    newcomers: list[engine.Person]
    sponsors: list[engine.Person]
    facts: engine.Facts
    requests: Mapping[UUID, UUID]


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all queries inside see the database as it is at one moment; the database refuses any change meanwhile.

    In a transaction that runs already, as in most tests, it is that transaction that decides.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def waiting(intergroup: Intergroup) -> QuerySet[SponsorRequest]:
    """The requests that a round answers: open, for a sponsor, and without an offer or a proposal that lives.

    A request from before its member changed to another fellowship is left to the coordinators: its member is matched
    as they are now, and could not be there twice.
    """
    offered = Offer.objects.live().filter(request=OuterRef("pk"))
    return SponsorRequest.objects.filter(
        ~Exists(offered),
        intergroup=intergroup,
        state=RequestState.OPEN,
        kind=RequestKind.SPONSOR,
        member__is_active=True,
        member__profile__fellowship=F("fellowship"),
    )


def everybody(
    intergroup: Intergroup, *, weights: Mapping[str, int] | None = None, tried: Policy | None = None
) -> Everybody:
    """Read everybody who waits and everybody who sponsors in an intergroup, of all its fellowships.

    Args:
        weights: Points by component that replace the intergroup's own.
        tried: What to go by in place of the intergroup's policy.

    Raises:
        ValueError: A weight is negative, or of no component.
    """
    now = clock.now()
    asking = waiting(intergroup).order_by()
    asked = {member: (pk, at) for member, pk, at in asking.values_list("member", "pk", "asked_at")}
    profiles = roster.profiles().filter(pk__in=asking.values("member"))
    found = roster.people_of(profiles, {member: at for member, (_, at) in asked.items()})
    newcomers = [one for one in found if one.id in asked]
    people = roster.people_of(roster.sponsors_of(intergroup.pk).filter(user__is_active=True))
    facts = _facts(
        intergroup, {one.fellowship for one in newcomers}, now=now, policy=policy(intergroup, weights, tried=tried)
    )
    return Everybody(
        newcomers,
        people,
        engine.concerning(newcomers, people, facts),
        {one.id: asked[one.id][0] for one in newcomers},
    )


def policy(
    intergroup: Intergroup, weights: Mapping[str, int] | None = None, *, tried: Policy | None = None
) -> engine.Policy:
    """The intergroup's policy for all fellowships, or the one to be tried, with other weights if wanted.

    Raises:
        ValueError: A weight is negative, or of no component.
    """
    own = tried or Policy.objects.get(pk=intergroup.pk)
    points = {engine.Component(name): int(value) for name, value in {**own.weights, **(weights or {})}.items()}
    return engine.Policy(
        minimum_days={one.pk: own.minimum_days_in(one) for one in Fellowship.objects.all()},
        steps_needed=own.steps_needed,
        confirm_within_days=own.confirm_days,
        weights={**engine.DEFAULT_WEIGHTS, **points},
    )


def _facts(intergroup: Intergroup, fellowships: set[int], *, now: datetime, policy: engine.Policy) -> engine.Facts:
    """What is true around them. Who said no to a request, or had it and let it pass, is not asked again."""
    asking = waiting(intergroup).order_by().values("member")
    barred = set(Bar.objects.filter(Q(by__in=asking) | Q(other__in=asking)).values_list("by_id", "other_id"))
    said_no = Offer.objects.filter(request__in=waiting(intergroup).order_by(), state__in=SAID_NO).order_by()
    barred |= set(said_no.values_list("request__member_id", "sponsor_id"))
    return engine.Facts(
        now=now,
        monday=roster.coming_monday(now),
        policy=policy,
        barred=barred,
        chain=chain(fellowships),
    )


def chain(fellowships: set[int]) -> dict[UUID, set[UUID]]:
    """Who is sponsored by whom in these fellowships, over all living pairings."""
    found: dict[UUID, set[UUID]] = {}
    living = Pairing.objects.filter(state__in=LIVE_PAIRING, fellowship__in=fellowships).order_by()
    for sponsee, sponsor in living.values_list("sponsee_id", "sponsor_id"):
        found.setdefault(sponsee, set()).add(sponsor)
    return found
