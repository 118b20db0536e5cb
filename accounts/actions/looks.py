"""Writing down that a coordinator saw members in a list: more of each than a first name stands there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from accounts.models.audit import entry, proof_of, pseudonym
from accounts.queries.my_data import LISTED

AGAIN_AFTER = timedelta(days=1)
"""Whoever reads the same list all day long is told of once."""

_WRITE = """
INSERT INTO accounts_auditentry (at, actor, verb, target_kind, target_id, member, intergroup_id, ids, proof)
SELECT %(at)s, %(actor)s, %(verb)s, 'user', member::text, member, office, '{}', proof
  FROM unnest(%(members)s::uuid[], %(offices)s::bigint[], %(proofs)s::bytea[]) AS seen (member, office, proof)
 WHERE NOT EXISTS (SELECT FROM accounts_auditentry AS told
                    WHERE told.member = seen.member AND told.verb = %(verb)s AND told.actor = %(actor)s
                      AND told.at > %(since)s)
"""


def view_list(*, by: User, people: Mapping[UUID, int | None]) -> None:
    """Record for each member's own page that somebody saw them in a list, once in 24 hours for each who looks.

    One statement, however many there are, and none where there is nobody.

    Args:
        people: The id of each member's intergroup, by the member's own.
    """
    seen = [entry(by, LISTED, User(pk=one), member=one, intergroup_id=people[one]) for one in people if one != by.pk]
    if not seen:
        return
    at = seen[0].at
    for one in seen:
        one.at = at
    given: dict[str, Any] = {
        "at": at,
        "since": at - AGAIN_AFTER,
        "actor": pseudonym(by.pk),
        "verb": LISTED,
        "members": [pseudonym(one.member) for one in seen if one.member],
        "offices": [one.intergroup_id for one in seen],
        "proofs": [proof_of(one) for one in seen],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, given)
