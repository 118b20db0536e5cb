"""The rows of a round: written from what the engine found, and forgotten."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from matching import engine
from matching.models import Round, RoundLeft, RoundPair, RoundSponsor
from matching.queries.solving import Found

BATCH = 2000


def write_rows(round_: Round, whole: engine.Part, requests: Mapping[UUID, UUID], found: Found) -> None:
    """Write who is brought together, who is left over and what each sponsor gets, with the prices of each.

    Args:
        whole: Everybody in the round.
        requests: Newcomer -> request.
    """
    certificate = found.certificate if isinstance(found, engine.Round) else engine.Certificate(0, {}, {}, 0)
    RoundPair.objects.bulk_create(_pairs(round_, requests, found, certificate.newcomers), batch_size=BATCH)
    RoundLeft.objects.bulk_create(_left(round_, requests, found, certificate.newcomers), batch_size=BATCH)
    RoundSponsor.objects.bulk_create(_loads(round_, whole, found, certificate.sponsors), batch_size=BATCH)


def forget_people(round_: Round) -> None:
    """Delete whom a round brought together and whom it left over."""
    for rows in (round_.pairs, round_.left_over, round_.loads):
        rows.all().delete()


def _pairs(round_: Round, requests: Mapping[UUID, UUID], found: Found, prices: Mapping[UUID, int]) -> list[RoundPair]:
    return [
        RoundPair(
            round=round_,
            request_id=requests[one.newcomer],
            newcomer_id=one.newcomer,
            sponsor_id=one.sponsor,
            score=one.score,
            price=prices.get(one.newcomer, 0),
        )
        for one in found.assignments
    ]


def _left(round_: Round, requests: Mapping[UUID, UUID], found: Found, prices: Mapping[UUID, int]) -> list[RoundLeft]:
    return [
        RoundLeft(
            round=round_,
            request_id=requests[one.newcomer],
            newcomer_id=one.newcomer,
            eligible=one.eligible,
            excluded={str(rule): count for rule, count in one.excluded.items()},
            price=prices.get(one.newcomer, 0),
        )
        for one in found.left
    ]


def _loads(round_: Round, whole: engine.Part, found: Found, prices: Mapping[UUID, int]) -> list[RoundSponsor]:
    given = Counter(one.sponsor for one in found.assignments)
    return [
        RoundSponsor(
            round=round_,
            sponsor_id=one.id,
            free=one.seats - one.seats_taken,
            given=given[one.id],
            price=prices.get(one.id, 0),
        )
        for one in whole.sponsors
        if given[one.id] or prices.get(one.id)
    ]
