"""What is true around everybody who waits in an intergroup, read by one query."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import Intergroup, User
from matching.models import Offer, RequestKind, SponsorRequest
from matching.queries.suggestions import SAID_NO
from matching.states import LIVE_PAIRING, RequestState

_AROUND = """
WITH asking AS MATERIALIZED ({asking})
SELECT 'asks' AS part, member_id AS one, id AS two, asked_at AS at, here AS number, NULL::int AS days,
       NULL::text AS code
  FROM asking
UNION ALL
SELECT 'fellowship', NULL, NULL, NULL, id, minimum_days, code FROM accounts_fellowship
UNION ALL
SELECT 'bar', by_id, other_id, NULL, NULL, NULL, NULL FROM accounts_bar
 WHERE by_id IN (SELECT member_id FROM asking) OR other_id IN (SELECT member_id FROM asking)
UNION ALL
SELECT 'bar', asking.member_id, offer.sponsor_id, NULL, NULL, NULL, NULL
  FROM matching_offer AS offer JOIN asking ON asking.id = offer.request_id WHERE offer.state = ANY(%s)
UNION ALL
SELECT 'chain', sponsee_id, sponsor_id, NULL, NULL, NULL, NULL FROM matching_pairing
 WHERE state = ANY(%s) AND fellowship_id IN (SELECT fellowship_id FROM asking)
UNION ALL
SELECT 'near', sponsee_id, sponsor_id, NULL, NULL, NULL, NULL FROM matching_pairing
 WHERE state = ANY(%s) AND (sponsee_id = %s::uuid OR sponsor_id = %s::uuid)
"""


@dataclass
class Around:
    """Each request that is answered, by its member, with the moment since when and the intergroup where the member is
    by now; the days that each fellowship asks of a
    sponsor, by its id, with its code; whom not to bring together; who is sponsored by whom in the fellowships of those
    who wait; and the viewer with those who are nearest to them."""

    asked: dict[UUID, tuple[UUID, datetime, int | None]] = field(default_factory=dict)
    fellowships: dict[int, tuple[str, int]] = field(default_factory=dict)
    barred: set[tuple[UUID, UUID]] = field(default_factory=set)
    chain: dict[UUID, set[UUID]] = field(default_factory=dict)
    near: set[UUID] = field(default_factory=set)


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


def around(intergroup: Intergroup, viewer: User | None = None) -> Around:
    """Read it. Who said no to a request, or had it and let it pass, is not asked again."""
    here = F("member__profile__intergroup_id")
    columns = waiting(intergroup).order_by().values("id", "member_id", "fellowship_id", "asked_at", here=here)
    asking, given = columns.query.sql_with_params()
    living, me = [str(state) for state in LIVE_PAIRING], None if viewer is None else viewer.pk
    found = Around(near=set() if viewer is None else {viewer.pk})
    with connection.cursor() as cursor:
        cursor.execute(
            _AROUND.format(asking=asking), [*given, [str(state) for state in SAID_NO], living, living, me, me]
        )
        for row in cursor.fetchall():
            _add(found, *row)
    return found


def _add(found: Around, part: str, one: Any, two: Any, at: datetime, number: Any, days: int, code: str) -> None:
    if part == "chain":
        found.chain.setdefault(one, set()).add(two)
    elif part == "bar":
        found.barred.add((one, two))
    elif part == "asks":
        found.asked[one] = two, at, number
    elif part == "near":
        found.near.update((one, two))
    else:
        found.fellowships[number] = code, days
