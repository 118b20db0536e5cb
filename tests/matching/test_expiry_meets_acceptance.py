"""C2: at the boundary an offer is either accepted or has run out; never both, never neither."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from time import sleep

import pytest
from django.db import connection

from accounts import clock
from accounts.models import AuditEntry, User
from matching.actions.deadlines import _let_go, expire_offers
from matching.actions.errors import TooLate
from matching.actions.offers import accept_offer, answer_proposal, propose_offer
from matching.models import Offer
from matching.states import OfferState
from tests import factories
from tests.matching import story
from tests.matching.race import race

AT_ONCE = 10
A_DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db(transaction=True)


def _answer_at(offer: Offer, sponsor: User, moment: datetime) -> Offer:
    sleep(max((moment - clock.now()).total_seconds(), 0))
    return accept_offer(offer, by=sponsor)


def _tick_until_decided(offers: list[Offer]) -> int:
    gone = 0
    while Offer.objects.filter(pk__in=[one.pk for one in offers], state=OfferState.SENT).exists():
        gone += expire_offers()
    return gone


def test_an_answer_at_the_deadline_counts_or_is_too_late(long: bool) -> None:
    """C2: ten answers a round come within a few hundredths of a second of their deadline, under three ticks.

    On a machine so busy that they all come on the same side of it, they come further apart in the next round.
    """
    seen: Counter[str] = Counter()
    apart = timedelta(milliseconds=12)
    for _ in range(50 if long else 10):
        sponsors = [factories.sponsor(side={"seats": 1}) for _ in range(AT_ONCE)]
        offers = [story.held_out(story.looking(), one, until=clock.now() + A_DAY) for one in sponsors]
        deadline = clock.now() + max(timedelta(seconds=0.5), apart * AT_ONCE)
        for offer in offers:
            offer.expires_at = deadline
        Offer.objects.bulk_update(offers, ["expires_at"])
        runs: list[Callable[[], object]] = [
            partial(_answer_at, offer, sponsor, deadline + apart * (at - AT_ONCE * 0.7))
            for at, (offer, sponsor) in enumerate(zip(offers, sponsors, strict=True))
        ]
        answers = race([*runs, *[partial(_tick_until_decided, offers)] * 3])
        for offer, sponsor, answer in zip(offers, sponsors, answers, strict=False):
            seen[_outcome(offer, sponsor, answer)] += 1
        assert sum(count for count in answers[AT_ONCE:] if isinstance(count, int)) == sum(
            isinstance(one, TooLate) for one in answers
        )
        apart *= 1 if len(seen) == 2 else 2
    assert set(seen) == {"accepted", "expired"}, seen


def _outcome(offer: Offer, sponsor: User, answer: object) -> str:
    """One of the two, with everything that belongs to it and nothing that belongs to the other."""
    offer.refresh_from_db()
    verbs = set(AuditEntry.objects.filter(target_id=str(offer.pk)).values_list("verb", flat=True))
    consents = set(offer.consents.values_list("role", flat=True))
    if isinstance(answer, Offer):
        assert offer.state == OfferState.IN_REVIEW
        assert verbs == {"offer.accepted"}
        assert consents == {"newcomer", "sponsor"}
        assert story.seats_taken(sponsor) == 1
        return "accepted"
    assert isinstance(answer, TooLate), answer
    assert offer.state == OfferState.EXPIRED
    assert verbs == {"offer.expired"}
    assert consents == {"newcomer"}
    assert story.seats_taken(sponsor) == 0
    return "expired"


def test_control_without_locks_both_happen() -> None:
    """C2's negative control: both look, both see an open offer, both act on what they saw."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_offer (state text)")
        cursor.execute("INSERT INTO naive_offer VALUES ('sent')")
    both_have_looked = Barrier(2, timeout=60)

    def naive(end: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM naive_offer")
            is_open: bool = cursor.fetchone()[0] == "sent"
            both_have_looked.wait()
            if is_open:
                cursor.execute("UPDATE naive_offer SET state = %s", [end])
        return is_open

    try:
        assert race([partial(naive, "in_review"), partial(naive, "expired")]) == [True, True]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_offer")


def test_a_proposal_taken_up_at_its_deadline_is_not_taken_back_by_a_tick_that_came_too_late() -> None:
    """The tick reads its list, the newcomer says yes, the tick comes to the row: by then it is another offer."""
    ana, rosa, bea = factories.newcomer(), factories.sponsor(), factories.coordinator()
    offer = propose_offer(story.asked(ana), rosa.pk, by=bea)
    answer_proposal(offer, by=ana, yes=True)
    assert _let_go(offer.pk, offer.request_id, rosa.pk) is False
    offer.refresh_from_db()
    assert offer.state == OfferState.SENT
