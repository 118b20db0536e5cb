"""After any sequence of changes the roster that was caught up equals one read afresh, row for row."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from accounts import clock, privacy
from accounts.actions.people import save_profile
from accounts.actions.sponsors import approve_sponsor, confirm_sponsor, pause_sponsor
from accounts.models import Area, Intergroup, Profile, Sponsor, User
from matching import engine, roster
from matching.actions.deadlines import expire_offers
from matching.actions.errors import NoLongerFits, NoSeat
from matching.actions.offers import accept_offer, decline_offer
from matching.actions.reviews import approve_offer, reject_offer
from matching.actions.seats import free_seat, take_seat
from matching.models import Offer, Pairing
from matching.states import HELD_OFFER, IllegalMove, OfferState
from tests import factories
from tests.matching import story
from tests.matching.readers import Reader, Rows, answers, facts, fresh, kept

PICK = st.integers(0, 50)
EDITS: list[dict[str, Any]] = [
    {"languages": ["en", "es"]},
    {"languages": ["en"]},
    {"modes": ["video"]},
    {"modes": ["phone", "in_person"]},
    {"needs": ["wheelchair"], "can_meet": ["childcare"]},
    {"needs": [], "can_meet": []},
    {"comfortable_with": ["anyone"]},
    {"gender": "man"},
    {"gender": "woman", "comfortable_with": ["woman"]},
    {"experiences": ["parent", "veteran"], "approach": "secular"},
    {"zone": "Europe/Paris", "max_km": 5},
    {"zone": "America/New_York", "max_km": None},
    {"completed_at": None},
]


class TakenBack(Exception):
    """Ends a transaction that changed its mind."""


class Office(RuleBasedStateMachine):
    """Two offices in which people come, change and go, for real: every step commits, or is rolled back.

    One reader follows each office and looks now and then; so does the kept pool.
    """

    reader: type[Reader] = Reader

    @initialize()
    def begin(self) -> None:
        """Two sponsor here, nobody else is left from before, and two readers read everybody once."""
        Pairing.objects.all().delete()
        User.objects.all().delete()
        Area.objects.update(latitude=40.7)
        self.here = factories.intergroup()
        self.there = factories.intergroup("lakeside", name="Lakeside")
        for _ in range(2):
            factories.sponsor(side={"seats": 3})
        self.readers = [self.reader(self.here), self.reader(self.there)]
        roster.forget_pools()

    def _sponsor(self, pick: int) -> Sponsor | None:
        found = list(Sponsor.objects.select_related("user__profile").order_by("applied_at", "pk"))
        return found[-1 - pick % min(len(found), 6)] if found else None

    def _offer(self, pick: int, *states: OfferState) -> Offer | None:
        found = list(Offer.objects.filter(state__in=states).order_by("-made_at", "pk")[:6])
        return found[pick % len(found)] if found else None

    def _do(self, back: bool, deed: Callable[..., object], *args: Any, **more: Any) -> None:
        """Do it and commit; or do it, look at it in the midst, and take it back."""
        with suppress(TakenBack, IllegalMove, NoLongerFits, NoSeat), transaction.atomic():
            deed(*args, **more)
            if back:
                self._the_kept_pool_is_true()
                raise TakenBack

    @rule(pick=PICK, edit=st.sampled_from(EDITS), back=st.booleans())
    def edits_the_profile(self, pick: int, edit: dict[str, Any], back: bool) -> None:
        if side := self._sponsor(pick):
            for name, value in edit.items():
                setattr(side.user.profile, name, value)
            self._do(back, save_profile, side.user.profile, by=side.user, fields=[*edit])

    @rule(pick=PICK, deed=st.sampled_from(["approve", "confirm", "pause", "seat", "seat back"]), back=st.booleans())
    def sponsors_otherwise(self, pick: int, deed: str, back: bool) -> None:
        if side := self._sponsor(pick):
            if deed == "approve":
                Sponsor.objects.filter(pk=side.pk).update(approved_at=None)
                self._do(back, approve_sponsor, side, by=side.user)
            elif deed == "confirm":
                self._do(back, confirm_sponsor, side, by=side.user)
            elif deed == "pause":
                self._do(back, pause_sponsor, side, until=factories.today() + timedelta(days=3), by=side.user)
            else:
                self._do(back, take_seat if deed == "seat" else free_seat, side.pk)

    @rule(pick=PICK)
    def is_offered_a_newcomer(self, pick: int) -> None:
        if side := self._sponsor(pick):
            story.held_out(story.looking(), side.user)

    @rule(pick=PICK, deed=st.sampled_from(["accept", "decline", "expire"]), back=st.booleans())
    def answers_or_does_not(self, pick: int, deed: str, back: bool) -> None:
        if offer := self._offer(pick, OfferState.SENT):
            if deed == "accept":
                self._do(back, accept_offer, offer, by=offer.sponsor)
            elif deed == "decline":
                self._do(back, decline_offer, offer, by=offer.sponsor)
            else:
                Offer.objects.filter(pk=offer.pk).update(expires_at=clock.now() - timedelta(hours=1))
                expire_offers()

    @rule(pick=PICK, yes=st.booleans(), back=st.booleans())
    def is_reviewed(self, pick: int, yes: bool, back: bool) -> None:
        bea = User.objects.filter(coordinating__isnull=False).first() or factories.coordinator(self.here)
        if offer := self._offer(pick, OfferState.IN_REVIEW):
            if yes:
                self._do(back, approve_offer, offer, by=bea)
            else:
                self._do(back, reject_offer, offer, by=bea, reason="other")

    @rule(pick=PICK, north=st.sampled_from([40.5, 40.7, 41.2]), back=st.booleans())
    def the_centre_of_an_area_moves(self, pick: int, north: float, back: bool) -> None:
        areas = list(Area.objects.order_by("pk"))
        area = areas[pick % len(areas)]
        self._do(back, Area.objects.filter(pk=area.pk).update, latitude=north)

    @rule(pick=PICK, code=st.sampled_from(["north", "south"]), back=st.booleans())
    def moves_house(self, pick: int, code: str, back: bool) -> None:
        if side := self._sponsor(pick):
            area = factories.area(self.here, code=code)
            self._do(back, Profile.objects.filter(pk=side.pk).update, area=area)

    @rule(pick=PICK, away=st.booleans(), back=st.booleans())
    def moves_to_another_office(self, pick: int, away: bool, back: bool) -> None:
        if side := self._sponsor(pick):
            to = self.there if away else self.here
            self._do(back, Profile.objects.filter(pk=side.pk).update, intergroup=to)

    @rule(pick=PICK, active=st.booleans(), back=st.booleans())
    def is_suspended_or_let_in_again(self, pick: int, active: bool, back: bool) -> None:
        if side := self._sponsor(pick):
            self._do(back, User.objects.filter(pk=side.pk).update, is_active=active)

    @rule(pick=PICK)
    def leaves_for_good(self, pick: int) -> None:
        if side := self._sponsor(pick):
            privacy.erase(side.user)

    @rule(pick=PICK, back=st.booleans())
    def sponsors_no_more(self, pick: int, back: bool) -> None:
        if side := self._sponsor(pick):
            held = Offer.objects.filter(sponsor=side.pk, state__in=HELD_OFFER).exists()
            if not held:
                self._do(back, side.delete)

    @rule(here=st.booleans(), back=st.booleans())
    def comes_to_sponsor(self, here: bool, back: bool) -> None:
        office = self.here if here else self.there
        self._do(back, factories.sponsor, intergroup=office, side={"approved_at": None})

    @rule(week=st.sampled_from([0, 7]))
    def time_passes(self, week: int) -> None:
        clock.move_on(timedelta(days=week) - clock.shift())

    @rule()
    def a_reader_looks(self) -> None:
        for reader in self.readers:
            assert reader.catch_up() == fresh(reader.intergroup)

    @rule()
    def somebody_asks(self) -> None:
        self._the_kept_pool_is_true()

    def _the_kept_pool_is_true(self) -> None:
        for office in (self.here, self.there):
            now = facts()
            assert answers(kept(office, now)) == answers(engine.Pool.of(list(fresh(office).values()), now))

    def teardown(self) -> None:
        if hasattr(self, "readers"):
            self.a_reader_looks()
            self.somebody_asks()
        clock.move_on(-clock.shift())


class ReaderByProfiles(Reader):
    """The way that is not good enough: read whose profile or sponsor's side bears a new moment of change."""

    def __init__(self, intergroup: Intergroup | None = None) -> None:
        super().__init__(intergroup)
        self.looked = clock.now()

    def catch_up(self) -> Rows:
        now, everybody = clock.now(), fresh(self.intergroup)
        moved = Profile.objects.filter(changed_at__gte=self.looked) | Profile.objects.filter(
            user__sponsor__changed_at__gte=self.looked
        )
        self.rows |= {pk: everybody[pk] for pk in moved.values_list("pk", flat=True) if pk in everybody}
        self.looked = now
        return self.rows


def _play(machine: type[Office], examples: int, **more: Any) -> None:
    chosen = settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), **more
    )
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_changes_leaves_the_roster_behind(long: bool) -> None:
    """30 short examples, 600 with ``--long``."""
    _play(Office, 600 if long else 30)


@pytest.mark.django_db(transaction=True)
def test_control_a_reader_of_moments_of_change_falls_behind() -> None:
    class Naive(Office):
        reader = ReaderByProfiles

    with pytest.raises(AssertionError):
        _play(Naive, 100, derandomize=True, phases=[Phase.generate], database=None)
