"""Which rows are a coordinator's care: of their intergroups and scopes, and none that touches themself."""

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.models import Report, Scope, User
from accounts.models.intergroup import intergroups_coordinated_by
from matching.models.request import RequestKind
from matching.states import LIVE_PAIRING


def in_care(user: "User | Any", office: str, kind: str = "") -> Q:
    """Rows whose intergroup, the column ``office``, the member serves.

    Those who serve for first contacts only see the rows whose request, by its column ``kind``, is one; none where there
    is no such column.
    """
    area = Q(**{f"{office}__in": intergroups_coordinated_by(user, Scope.AREA)})
    if not kind:
        return area
    any_of_both = Q(**{f"{office}__in": intergroups_coordinated_by(user, Scope.AREA, Scope.BRIDGING)})
    return any_of_both & (Q(**{kind: RequestKind.BRIDGE}) | area)


def too_near(user: "User | Any", *columns: str) -> Q:
    """Rows in which one of these columns names the member, the person they sponsor, or their own sponsor.

    Whoever decides on somebody stands beside them, not above or below.
    """
    near = Q()
    for column in columns:
        near |= Q(**{column: user.pk}) | Q(**{f"{column}__in": above(user)}) | Q(**{f"{column}__in": below(user)})
    return near


def far_from(user: "User | Any", column: str) -> Q:
    """The opposite of :func:`too_near` for one column, said so that the database can tell how few rows it leaves out
    and how to join the others."""
    pairs = _live()
    return (
        ~Q(**{column: user.pk})
        & ~Exists(pairs.filter(sponsee_id=user.pk, sponsor_id=OuterRef(column)))
        & ~Exists(pairs.filter(sponsor_id=user.pk, sponsee_id=OuterRef(column)))
    )


def apart(user: "User | Any", column: str) -> Q:
    """Rows whose column names the member, or anybody with whom they have ever been in a pairing, a first contact or a
    report, as far as these are still kept; whether it is over changes nothing.

    A report alone would show by the gap it leaves that there is one. Only those who met can report each other, and
    whoever met is kept from the other's details in any case.
    """
    from matching.models.bridge import Bridge
    from matching.models.pairing import Pairing

    met = Q(**{column: user.pk})
    for model, one, other in (
        (Pairing, "sponsor", "sponsee"),
        (Bridge, "member", "volunteer"),
        (Report, "by", "about"),
    ):
        both_ways = Q(**{one: user.pk, other: OuterRef(column)}) | Q(**{other: user.pk, one: OuterRef(column)})
        met |= Q(Exists(model._default_manager.filter(both_ways)))
    return met


def above(user: "User | Any") -> "QuerySet[Model, Any]":
    """The ids of those who sponsor the member at present."""
    return _live().filter(sponsee_id=user.pk).values("sponsor")


def below(user: "User | Any") -> "QuerySet[Model, Any]":
    """The ids of those whom the member sponsors at present."""
    return _live().filter(sponsor_id=user.pk).values("sponsee")


def _live() -> "QuerySet[Model]":
    from matching.models.pairing import Pairing

    return Pairing._default_manager.filter(state__in=LIVE_PAIRING)
