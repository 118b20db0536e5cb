"""Whatever happens between a preview and the button: exactly the preview is published, or what changed is told."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import clock, privacy
from accounts.models import Bar, Policy, Sponsor, User
from matching.actions.errors import ChangedSince, NoLongerFits, TooLate
from matching.actions.offers import accept_offer
from matching.actions.requests import choose, withdraw_request
from matching.actions.round_publishing import publish_round
from matching.models import Offer, Origin, PairOutcome, Round, RoundPair, SponsorRequest
from matching.queries.rounds import Published
from matching.states import OfferState, RequestState, RoundState
from tests import factories
from tests.matching.round_story import again, crowd, preview, waits

pytestmark = pytest.mark.django_db

EXAMPLES = min(int(os.environ.get("ENGINE_EXAMPLES", "60")), 60)


def _open_request(pick: int) -> SponsorRequest | None:
    found = list(SponsorRequest.objects.filter(state=RequestState.OPEN).order_by("pk"))
    return found[pick % len(found)] if found else None


def _sponsor(pick: int) -> Sponsor:
    found = list(Sponsor.objects.order_by("pk"))
    return found[pick % len(found)]


def joins(pick: int) -> None:
    if pick % 2:
        waits(first_name="Nora")
    else:
        factories.sponsor(first_name="Sam")


def leaves(pick: int) -> None:
    wish = _open_request(pick)
    if pick % 3 == 0:
        privacy.erase(_sponsor(pick).user)
    elif wish is not None and pick % 3 == 1:
        privacy.erase(wish.member)
    elif wish is not None:
        withdraw_request(wish, by=wish.member)


def pauses(pick: int) -> None:
    until = factories.today() + timedelta(days=9) if pick % 2 else None
    Sponsor.objects.filter(pk=_sponsor(pick).pk).update(paused_until=until)


def blocks(pick: int) -> None:
    wish = _open_request(pick)
    if wish is not None:
        Bar.objects.get_or_create(
            by=wish.member, other=_sponsor(pick // 7).user, kind="block", defaults={"at": clock.now()}
        )


def takes_a_seat(pick: int) -> None:
    """Somebody's offer is accepted: a seat is gone, or a pair of the preview is made by another road."""
    wish = _open_request(pick)
    fits = None if wish is None else RoundPair.objects.filter(request=wish).first()
    if wish is None or fits is None or Offer.objects.live().filter(request=wish).exists():
        return
    wish.suggestions.create(sponsor=fits.sponsor, place=1, score=1, at=clock.now())
    with suppress(TooLate, NoLongerFits), transaction.atomic():
        accept_offer(choose(wish, [fits.sponsor_id], by=wish.member), by=fits.sponsor)


def says_no(pick: int) -> None:
    pair = RoundPair.objects.order_by("pk").first()
    if pair is not None and pick % 2:
        Offer.objects.create(request=pair.request, sponsor=pair.sponsor, state=OfferState.REFUSED, made_at=clock.now())


def weighs_otherwise(pick: int) -> None:
    Policy.objects.update(weights={} if pick % 2 else {"nearness": pick % 100})


def moves_home(pick: int) -> None:
    """Other hours or another language: the pair may hold or not."""
    profile = _sponsor(pick).user.profile
    profile.languages = ["en"] if pick % 2 else ["en", "es", "fr", "pl"]
    profile.save()


def time_goes_by(pick: int) -> None:
    clock.move_on(timedelta(hours=pick))


CHANGES: tuple[Callable[[int], None], ...] = (
    joins,
    leaves,
    pauses,
    blocks,
    takes_a_seat,
    says_no,
    weighs_otherwise,
    moves_home,
    time_goes_by,
)

steps = st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 200)), max_size=4)


def rows(round_: Round) -> set[tuple[object, object]]:
    return set(round_.pairs.values_list("request_id", "sponsor_id"))


def proposed() -> set[tuple[object, object]]:
    return set(Offer.objects.filter(origin=Origin.ROUND).values_list("request_id", "sponsor_id"))


def check(round_: Round, previewed: set[tuple[object, object]], bea: User) -> str:
    """Publish, and see that it was all or nothing; which of the two."""
    try:
        told = publish_round(round_, by=bea)
    except ChangedSince as refusal:
        changes = refusal.changes
        assert changes
        assert proposed() == set()
        assert again(round_).state == RoundState.PREVIEW
        marked = round_.pairs.exclude(outcome=PairOutcome.WAITING)
        assert marked.count() == changes.moved_on + changes.unfit
        assert round_.pairs.count() + changes.gone == len(previewed)
        return "refused"
    assert told == Published(len(previewed), 0, 0)
    assert proposed() == rows(again(round_)) == previewed
    assert set(round_.pairs.values_list("outcome", flat=True)) <= {PairOutcome.PROPOSED}
    return "published"


def test_it_is_the_preview_row_for_row_or_a_refusal_that_says_what_has_changed(bea: User) -> None:
    ends = []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
    @given(steps=steps)
    def story(steps: list[tuple[Callable[[int], None], int]]) -> None:
        with transaction.atomic():
            crowd(8, 4)
            round_ = preview(bea)
            previewed = rows(round_)
            assert previewed
            for change, pick in steps:
                change(pick)
            ends.append(check(round_, previewed, bea))
            transaction.set_rollback(True)
        clock.move_on(-clock.shift())

    story()
    assert {"refused", "published"} <= set(ends)
