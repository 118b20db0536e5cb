"""The newcomers of a coordinator's intergroups: who looks, since when, and in whose hands it is."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import Value
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Profile, User
from matching.models import Offer, Pairing, SponsorRequest
from matching.models.care import apart, in_care, too_near
from matching.queries.name_search import named_like
from matching.queries.sponsors import profile_filter
from matching.states import OfferState, RequestState


class Search(models.TextChoices):
    """How a newcomer's search stands at present; the value stands in the address."""

    NEEDS = "needs", _("Needs you")
    CHOOSES = "chooses", _("Chooses")
    OFFERED = "offered", _("A sponsor is asked")
    REVIEW = "review", _("In review")
    PAIRED = "paired", _("Has a sponsor")
    NONE = "none", _("Does not look at present")
    AWAY = "away", _("Not active")


class NewcomerOrder(models.TextChoices):
    """How the list is sorted."""

    WAITING = "waiting", _("Longest wait first")
    NEWEST = "newest", _("Newest first")
    NAME = "name", _("By name")


_NAME = ["first_name", "initial", "pk"]
_ORDERS: dict[NewcomerOrder, list[Any]] = {
    NewcomerOrder.WAITING: [F("asked_at").asc(nulls_last=True), *_NAME],
    NewcomerOrder.NEWEST: [F("asked_at").desc(nulls_last=True), *_NAME],
    NewcomerOrder.NAME: _NAME,
}


def newcomers_for(user: User) -> QuerySet[Profile]:
    """The members who came to find a sponsor, or look for one now, as far as a coordinator may see them.

    Never themself or who is nearest to them, nor anybody whose request is on its way to these.
    """
    looks = Exists(SponsorRequest.objects.live().filter(member=OuterRef("pk")))
    to_them = Offer.objects.live().filter(too_near(user, "sponsor"), request__member=OuterRef("pk"))
    members = Profile.objects.filter(in_care(user, "intergroup"), completed_at__isnull=False)
    return members.filter(Q(looking=True) | looks).exclude(too_near(user, "user")).exclude(Exists(to_them))


def with_search(found: QuerySet[Profile]) -> QuerySet[Any]:
    """Profiles with the ``search`` of each, the ``asking`` (a request's id) and since when, ``asked_at``."""
    live = SponsorRequest.objects.live().filter(member=OuterRef("pk")).order_by("asked_at")
    return found.annotate(
        asking=Subquery(live.values("pk")[:1]),
        asked_at=Subquery(live.values("asked_at")[:1]),
        search=_search(live),
    )


def _search(live: QuerySet[SponsorRequest]) -> Case:
    review = Offer.objects.filter(request__member=OuterRef("pk"), state=OfferState.IN_REVIEW)
    paired = Pairing.objects.live().filter(sponsee=OuterRef("pk"))
    in_order = (
        (Q(user__is_active=False), Search.AWAY),
        (Q(Exists(review)), Search.REVIEW),
        (Q(Exists(live.filter(state=RequestState.OFFERED))), Search.OFFERED),
        (Q(Exists(live.filter(needs_coordinator=True))), Search.NEEDS),
        (Q(Exists(live)), Search.CHOOSES),
        (Q(Exists(paired)), Search.PAIRED),
    )
    return Case(
        *(When(found, then=Value(str(search))) for found, search in in_order),
        default=Value(str(Search.NONE)),
        output_field=models.CharField(),
    )


def listed_newcomers(user: User, wanted: dict[str, Any], word: str = "") -> QuerySet[Profile]:
    """The newcomers that a filter and a name ask for, each with area and search in the same query; ``opens`` tells
    whether the reader may open their page."""
    found = with_search(newcomers_for(user)).select_related("area").filter(profile_filter(wanted))
    found = found.annotate(opens=ExpressionWrapper(~apart(user, "user"), BooleanField()))
    if wanted.get("state"):
        found = found.filter(search=wanted["state"])
    if wanted.get("waiting"):
        found = found.filter(asked_at__lte=clock.now() - timedelta(days=wanted["waiting"]))
    found = found.order_by(*_ORDERS[NewcomerOrder(wanted.get("sort") or NewcomerOrder.WAITING)])
    return named_like(found, word)
