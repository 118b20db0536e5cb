"""What the counters of messages need besides the trigger that counts ends: refused posts, and a table kept small."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from accounts import clock
from matching.models import OutboxMessage
from matching.models.tally import BEFORE, TallyKind

BY_THE_HOUR = timedelta(days=2)

COUNT = """
INSERT INTO matching_tally AS tally (kind, topic, hour, bucket, backend, number, seconds)
SELECT %s, topic, date_trunc('hour', %s::timestamptz, 'UTC'), 0, pg_backend_pid(), number, 0
  FROM unnest(%s::text[], %s::bigint[]) AS counted (topic, number) ORDER BY topic
    ON CONFLICT ON CONSTRAINT tally_once DO UPDATE SET number = tally.number + excluded.number
"""

# What somebody is counting with at this moment is left for the next time: nobody waits for anybody here.
FOLD = """
WITH taken AS (
     DELETE FROM matching_tally WHERE id = ANY (ARRAY(
         SELECT id FROM matching_tally WHERE backend <> 0 OR (hour < %(old)s AND hour <> %(before)s)
            FOR UPDATE SKIP LOCKED))
  RETURNING kind, topic, CASE WHEN hour < %(old)s THEN %(before)s::timestamptz ELSE hour END AS hour, bucket,
            number, seconds)
INSERT INTO matching_tally AS tally (kind, topic, hour, bucket, backend, number, seconds)
SELECT kind, topic, hour, bucket, 0, sum(number), sum(seconds) FROM taken
 GROUP BY kind, topic, hour, bucket ORDER BY kind, topic, hour, bucket
    ON CONFLICT ON CONSTRAINT tally_once DO UPDATE
   SET number = tally.number + excluded.number, seconds = tally.seconds + excluded.seconds
"""


def count_refused(posted: Sequence[OutboxMessage]) -> None:
    """Count those of these messages, just posted, that the database refused because their occasion had one already."""
    kept = set(OutboxMessage.objects.filter(pk__in=[one.pk for one in posted]).values_list("pk", flat=True))
    refused = Counter(one.topic for one in posted if one.pk not in kept)
    if refused:
        values: list[Any] = [TallyKind.DUPLICATE.value, clock.now(), list(refused), list(refused.values())]
        with connection.cursor() as cursor:
            cursor.execute(COUNT, values)


def fold() -> None:
    """Add up the rows of all connections, and the hours before the last two days; the sums stay what they are."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"old": clock.now() - BY_THE_HOUR, "before": BEFORE})
