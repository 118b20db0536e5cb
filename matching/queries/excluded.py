"""The sponsors behind a count of why nobody fits: whom a rule keeps from a request, as far as a coordinator may see."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, QuerySet

from accounts import clock
from accounts.models import User
from matching import engine, roster
from matching.engine import Rule
from matching.models import SponsorRequest
from matching.models.care import apart
from matching.office_words import LISTABLE
from matching.queries.sponsors import sponsors_for

_PRIVATE = (Rule.OFFERS, Rule.BARRED, Rule.MINIMUM_TIME, Rule.HAS_SPONSOR, Rule.STEPS, Rule.CHAIN)
_ASKED = [rule for rule in engine.RULES if rule not in _PRIVATE]
"""The rules whose breach a coordinator may know of somebody.

Only these decide who stands in a list. If a block came first and took somebody off the list where they belong for all
to see, the gap would tell of it.
"""


def listable(rule: str) -> Rule | None:
    """The rule of this name, if those whom it excludes may be listed."""
    return next((one for one in LISTABLE if str(one) == rule), None)


def excluded_by(rule: Rule, request: SponsorRequest, viewer: User, *, without: Iterable[UUID]) -> QuerySet[Any]:
    """The sponsors in the viewer's care of whom ``rule`` is the first that keeps them from a request, by name;
    ``opens`` tells whether the viewer may open their page. Left out are ``without``. Two queries, and the list."""
    newcomer = roster.person(request.member.profile, waiting_since=request.asked_at)
    pool = roster.pool_around(request, now=clock.now())
    ids = engine.excluded_by(rule, newcomer, pool, among=_ASKED, without=set(without))
    seen = sponsors_for(viewer).filter(pk__in=ids)
    opens = ExpressionWrapper(~apart(viewer, "user"), BooleanField())
    found = seen.select_related("user__profile__area").annotate(opens=opens)
    return found.order_by("user__profile__first_name", "user__profile__initial", "pk")
