"""C3, shortened: whatever people and the clock do in any order, no seat leaks and nobody is paired without a yes."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts import clock
from accounts.actions.people import TooManySeatsTaken, apply_to_sponsor
from accounts.actions.sponsors import confirm_sponsor, pause_sponsor
from accounts.models import Bar, Sponsor, User
from matching.actions import offers
from matching.actions.deadlines import expire_offers
from matching.actions.errors import (
    AlreadyLooking,
    AlreadyPaired,
    NoLongerFits,
    NotAllowed,
)
from matching.actions.offers import accept_offer, answer_proposal, decline_offer, propose_offer
from matching.actions.pairings import confirm_pairing, end_pairing
from matching.actions.reports import report_partner
from matching.actions.requests import ask, choose, withdraw_request
from matching.actions.reviews import approve_offer, reject_offer
from matching.actions.suggestions import suggest
from matching.models import Offer, Pairing, SponsorRequest
from matching.states import HELD_OFFER, LIVE_PAIRING, IllegalMove, OfferState, RequestState
from tests import factories
from tests.matching import story

REFUSALS = (IllegalMove, AlreadyLooking, AlreadyPaired, NoLongerFits, NotAllowed, TooManySeatsTaken)
PICK = st.integers(0, 50)


class Story(RuleBasedStateMachine):
    """Each step picks somebody and does what a page would let them do, or what a stale page still shows; refusals are
    part of life, anything else that goes wrong is not. Every example starts in the midst of the same story."""

    newcomers: list[User]
    sponsors: list[User]
    bea: User

    @classmethod
    def begin(cls) -> None:
        """Four newcomers, three sponsors, a coordinator: one pair, one yes under review, two who wait for an answer."""
        cls.newcomers = [factories.newcomer() for _ in range(4)]
        cls.sponsors = [factories.sponsor(side={"seats": seats}) for seats in (1, 2, 2)]
        cls.bea = factories.coordinator()
        one, two, three = cls.sponsors
        story.paired(cls.newcomers[0], two, cls.bea)
        story.accepted(cls.newcomers[1], one)
        story.offered(cls.newcomers[2], two, three)
        story.offered(cls.newcomers[3], three, two)

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)
        clock.move_on(-clock.shift())

    def _try(self, deed: Callable[..., object], *args: object, **more: object) -> None:
        with suppress(*REFUSALS), transaction.atomic():
            deed(*args, **more)

    def _offer(self, pick: int) -> Offer | None:
        made = Offer.objects.order_by("made_at", "pk")
        live = list(made.live()) or list(made)
        return live[pick % len(live)] if live else None

    def _pairing(self, pick: int) -> Pairing | None:
        pairings = list(Pairing.objects.order_by("began_at", "pk"))
        return pairings[pick % len(pairings)] if pairings else None

    def _request(self, pick: int) -> SponsorRequest | None:
        requests = list(SponsorRequest.objects.live()) or list(SponsorRequest.objects.all())
        return requests[pick % len(requests)] if requests else None

    @rule(who=PICK)
    def asks(self, who: int) -> None:
        member = self.newcomers[who % 4]
        self._try(ask, member, by=member)

    @rule(pick=PICK, ranks=st.permutations([0, 1, 2]), many=st.integers(1, 3))
    def chooses(self, pick: int, ranks: list[int], many: int) -> None:
        request = self._request(pick)
        if request is not None:
            self._try(suggest, request, by=request.member)
            wanted = [one.sponsor_id for one in request.suggestions.all()]
            chosen = [wanted[at] for at in ranks if at < len(wanted)][:many]
            self._try(choose, request, chosen, by=request.member)

    @rule(pick=PICK)
    def accepts(self, pick: int) -> None:
        if offer := self._offer(pick):
            self._try(accept_offer, offer, by=offer.sponsor)

    @rule(pick=PICK, pause=st.booleans())
    def declines(self, pick: int, pause: bool) -> None:
        if offer := self._offer(pick):
            until = factories.today() + timedelta(days=2) if pause else None
            self._try(decline_offer, offer, by=offer.sponsor, pause_until=until)

    @rule(pick=PICK, yes=st.booleans())
    def reviews(self, pick: int, yes: bool) -> None:
        if offer := self._offer(pick):
            if yes:
                self._try(approve_offer, offer, by=self.bea)
            else:
                self._try(reject_offer, offer, by=self.bea, reason="other")

    @rule(pick=PICK, who=PICK)
    def proposes(self, pick: int, who: int) -> None:
        if request := self._request(pick):
            self._try(propose_offer, request, self.sponsors[who % 3].pk, by=self.bea)

    @rule(pick=PICK, yes=st.booleans())
    def answers_a_proposal(self, pick: int, yes: bool) -> None:
        if offer := self._offer(pick):
            self._try(answer_proposal, offer, by=offer.request.member, yes=yes)

    @rule(pick=PICK)
    def withdraws(self, pick: int) -> None:
        if request := self._request(pick):
            self._try(withdraw_request, request, by=request.member)

    @rule(pick=PICK, deed=st.sampled_from(["confirm", "end", "end", "not again", "report"]), mine=st.booleans())
    def pairing_goes_on_or_ends(self, pick: int, deed: str, mine: bool) -> None:
        if pairing := self._pairing(pick):
            by: User = pairing.sponsee if mine else pairing.sponsor
            if deed == "confirm":
                self._try(confirm_pairing, pairing, by=by)
            elif deed == "report":
                self._try(report_partner, pairing, by=by, kind="other")
            else:
                self._try(end_pairing, pairing, by=by, not_again=deed == "not again")

    @rule(who=PICK, other=PICK)
    def blocks(self, who: int, other: int) -> None:
        Bar.objects.get_or_create(
            by=self.newcomers[who % 4],
            other=self.sponsors[other % 3],
            defaults={"kind": "block", "at": clock.now()},
        )

    @rule(who=PICK, seats=st.integers(1, 3))
    def changes_seats(self, who: int, seats: int) -> None:
        sponsor = self.sponsors[who % 3]
        self._try(apply_to_sponsor, sponsor, seats=seats, steps_worked=12, has_own_sponsor=True)

    @rule(who=PICK, on=st.booleans())
    def pauses_and_comes_back(self, who: int, on: bool) -> None:
        side = Sponsor.objects.get(pk=self.sponsors[who % 3].pk)
        if on:
            pause_sponsor(side, until=factories.today() + timedelta(days=3), by=side.user)
        else:
            confirm_sponsor(side, by=side.user)

    @rule(on=st.booleans())
    def switches_the_review(self, on: bool) -> None:
        policy = factories.intergroup().policy
        policy.review_required = on
        policy.save()

    @rule(hours=st.sampled_from([1, 20, 30, 80]))
    def time_passes(self, hours: int) -> None:
        clock.move_on(timedelta(hours=hours))
        expire_offers()

    @invariant()
    def the_counter_is_what_is_held(self) -> None:
        held = Counter(Offer.objects.filter(state=OfferState.IN_REVIEW).values_list("sponsor", flat=True))
        held += Counter(Pairing.objects.live().values_list("sponsor", flat=True))
        for sponsor in Sponsor.objects.all():
            assert sponsor.seats_taken == held[sponsor.pk] <= sponsor.seats

    @invariant()
    def one_offer_at_a_time_and_one_sponsor(self) -> None:
        held = Count("offers", filter=Q(offers__state__in=HELD_OFFER))
        for state, many in SponsorRequest.objects.order_by().annotate(held=held).values_list("state", "held"):
            assert many == (1 if state == RequestState.OFFERED else 0)
        living = list(Pairing.objects.filter(state__in=LIVE_PAIRING).values_list("sponsee", flat=True))
        assert len(living) == len(set(living))
        assert not SponsorRequest.objects.live().filter(member__in=living).exists()

    @invariant()
    def everybody_said_yes(self) -> None:
        for pairing in Pairing.objects.select_related("offer").prefetch_related("offer__consents"):
            needed = {"newcomer", "sponsor"} | ({"coordinator"} if pairing.offer.review_required else set())
            assert needed <= {one.role for one in pairing.offer.consents.all()}
            assert pairing.offer.state == OfferState.PAIRED

    @invariant()
    def nobody_waits_past_a_deadline_without_anybody(self) -> None:
        waiting = Offer.objects.filter(state__in=[OfferState.SENT, OfferState.PROPOSED])
        assert not waiting.exclude(expires_at__gt=clock.now() - timedelta(minutes=5)).exists()


def _play(examples: int, **more: Any) -> None:
    Story.begin()
    chosen = settings(
        max_examples=examples, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), **more
    )
    run_state_machine_as_test(Story, settings=chosen)


@pytest.mark.django_db
def test_no_order_of_events_breaks_a_promise(long: bool) -> None:
    """C3 with 100 short examples, 2,000 with ``--long``."""
    _play(2000 if long else 100)


@pytest.mark.django_db
def test_control_a_seat_that_is_not_given_back_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """C3's negative control."""
    monkeypatch.setattr(offers, "free_seat", lambda sponsor_id: None)
    with pytest.raises(AssertionError):
        _play(100, derandomize=True, phases=[Phase.generate], database=None)
