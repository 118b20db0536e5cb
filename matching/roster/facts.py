"""What is true around a newcomer: the week to compare, the policy, whom they must not meet, who sponsors whom."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from matching import engine
from matching.models import SponsorRequest
from matching.states import LIVE_PAIRING

# Everybody below the newcomer, and no more: whoever is not there closes no circle.
_TIES = """
WITH RECURSIVE below AS (
    SELECT sponsee_id, sponsor_id FROM matching_pairing
    WHERE sponsor_id = %(me)s AND fellowship_id = %(fellowship)s AND state = ANY(%(living)s)
    UNION
    SELECT pairing.sponsee_id, pairing.sponsor_id FROM matching_pairing pairing
    JOIN below ON pairing.sponsor_id = below.sponsee_id
    WHERE pairing.fellowship_id = %(fellowship)s AND pairing.state = ANY(%(living)s)
)
SELECT true, sponsee_id, sponsor_id FROM below
UNION ALL
SELECT false, by_id, other_id FROM accounts_bar WHERE by_id = %(me)s OR other_id = %(me)s
"""


def coming_monday(now: datetime) -> date:
    """The Monday after today (UTC): the week whose hours are compared."""
    today = now.date()
    return today + timedelta(days=7 - today.weekday())


def policy_of(request: SponsorRequest) -> engine.Policy:
    """The intergroup's policy for the request's fellowship."""
    policy = request.intergroup.policy
    weights = {**engine.DEFAULT_WEIGHTS, **{engine.Component(k): int(v) for k, v in policy.weights.items()}}
    return engine.Policy(
        minimum_days={request.fellowship_id: policy.minimum_days_in(request.fellowship)},
        steps_needed=policy.steps_needed,
        confirm_within_days=policy.confirm_days,
        weights=weights,
    )


def facts_of(request: SponsorRequest, *, now: datetime) -> engine.Facts:
    """What is true around the request's newcomer, for this newcomer alone; one query.

    The chain of sponsorship holds the living pairings below the newcomer in the request's fellowship.
    """
    barred: set[tuple[UUID, UUID]] = set()
    chain: defaultdict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            _TIES, {"me": request.member_id, "fellowship": request.fellowship_id, "living": list(LIVE_PAIRING)}
        )
        for sponsors, one, other in cursor.fetchall():
            if sponsors:
                chain[one].add(other)
            else:
                barred.add((one, other))
    return engine.Facts(
        now=now, monday=coming_monday(now), policy=policy_of(request), barred=frozenset(barred), chain=dict(chain)
    )
