"""A search for sponsors: done at once or by workers, taken up where it was left, and true once the sponsors came."""

from datetime import timedelta
from functools import partial

import pytest
from pytest_django import Settings

from accounts import clock, privacy
from accounts.models import AuditEntry, User
from matching import engine
from matching.actions import recruiting
from matching.actions.errors import AlreadyWorking, NotAllowed, TooLate
from matching.actions.retention import forget
from matching.actions.round_moves import MOST_ATTEMPTS, ROUND_LEASE
from matching.models import Recruiting, RecruitingLine, SponsorRequest
from matching.queries.everybody import everybody
from matching.queries.recruiting import kind_in
from matching.queries.rounds import what_if
from tests import factories
from tests.matching.race import race
from tests.matching.round_story import crowd, waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_workers(settings: Settings) -> None:
    """No search is small enough to be done at once."""
    settings.PAIRS_AT_ONCE = -1


def asked(by: User) -> Recruiting:
    return recruiting.ask(factories.intergroup(), by=by)


def again(search: Recruiting) -> Recruiting:
    return Recruiting.objects.get(pk=search.pk)


def answer(search: Recruiting) -> tuple[object, ...]:
    found = again(search)
    lines = list(found.lines.order_by("newcomer").values("newcomer", "eligible", "excluded", "step"))
    return found.state, found.newcomers, found.served, found.recruits, found.next_gain, lines


def test_a_small_office_has_its_answer_at_once(bea: User) -> None:
    crowd(8, 2)
    search = asked(bea)
    assert (search.state, search.newcomers, search.served) == ("done", 8, 3)
    assert search.problem is search.found is None
    assert [one["gain"] for one in search.recruits] == [2, 2, 1]
    assert search.lines.filter(step__isnull=False).count() == 5
    assert search.lines.get(newcomer__profile__first_name="Nina3").excluded == {"gender": 2}


def test_what_is_promised_is_served_once_such_sponsors_have_come(bea: User) -> None:
    crowd(12, 3)
    search = asked(bea)
    for recruit in search.recruits:
        kind = kind_in(recruit)
        assert kind.gender in ("", "woman")
        factories.sponsor(
            gender=kind.gender,
            comfortable_with=[kind.at_ease_with],
            languages=[kind.language],
            modes=["phone"],
            week=factories.EVENINGS if kind.hours == "weekday_evenings" else f"{engine.HOURS[kind.hours]:0168b}"[::-1],
        )
    assert what_if(factories.intergroup(), {}).served == search.served + sum(search.gains[:-1])


def test_a_large_office_waits_for_a_worker(by_workers: None, bea: User) -> None:
    crowd(8, 2)
    search = asked(bea)
    assert (search.state, search.as_of) == ("working", None)
    with pytest.raises(AlreadyWorking):
        asked(bea)
    assert recruiting.work_out(search.pk)
    assert not recruiting.work_out(search.pk)
    assert again(search).state == "done"


class Died(BaseException):
    """The end of a worker."""


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_whoever_takes_it_up_again_finds_the_same(
    steps: int, by_workers: None, bea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker dies after so many steps; people who come meanwhile are not in it."""
    crowd(8, 2)
    search = asked(bea)
    recruiting.work_out(search.pk)
    whole = answer(search)
    asked(bea)
    keep, kept = recruiting._Work._keep, iter(range(steps))

    def die(work: recruiting._Work, **fields: object) -> None:
        keep(work, **fields)
        if next(kept) == steps - 1:
            raise Died

    monkeypatch.setattr(recruiting._Work, "_keep", die)
    with pytest.raises(Died):
        recruiting.work_out(search.pk)
    monkeypatch.undo()
    waits(first_name="Later")
    assert not recruiting.work_out(search.pk)
    assert recruiting.tend_recruiting() == 0
    clock.move_on(ROUND_LEASE + timedelta(seconds=1))
    assert recruiting.tend_recruiting() == 1
    assert recruiting.work_out(search.pk)
    assert answer(search) == whole


def test_what_was_tried_too_often_is_set_aside(by_workers: None, bea: User) -> None:
    search = asked(bea)
    Recruiting.objects.update(attempts=MOST_ATTEMPTS)
    assert not recruiting.work_out(search.pk)
    assert recruiting.tend_recruiting() == 0
    assert again(search).state == "failed"
    asked(bea)
    assert recruiting.work_out(search.pk)


def test_somebody_who_leaves_meanwhile_is_in_nothing_that_is_kept(by_workers: None, bea: User) -> None:
    crowd(8, 2)
    search = asked(bea)
    gone = SponsorRequest.objects.order_by("asked_at")[0].member
    work = recruiting._Work
    Recruiting.objects.update(holder="one")
    work(search.pk, "one")._people()
    assert again(search).problem is not None
    privacy.erase(gone)
    assert again(search).problem is None
    with pytest.raises(engine.Cancelled):
        work(search.pk, "one")._people()
    assert recruiting.work_out(search.pk)
    assert again(search).newcomers == 7


def test_those_who_have_an_offer_or_wait_elsewhere_are_not_in_it(bea: User) -> None:
    waits()
    waits(intergroup=factories.intergroup("hillside"), area=None)
    assert asked(bea).newcomers == len(everybody(factories.intergroup()).newcomers) == 1


def test_only_who_coordinates_may_ask(ana: User, intergroup: object) -> None:
    with pytest.raises(NotAllowed):
        asked(ana)


def test_it_is_forgotten_after_a_week(bea: User) -> None:
    asked(bea)
    clock.move_on(timedelta(days=6))
    forget()
    assert Recruiting.objects.exists()
    clock.move_on(timedelta(days=2))
    forget()
    assert not Recruiting.objects.exists()


def test_a_search_is_cancelled_and_nothing_of_it_is_kept(by_workers: None, bea: User) -> None:
    crowd(8, 2)
    search = asked(bea)
    Recruiting.objects.update(holder="one")
    work = recruiting._Work(search.pk, "one")
    work._people()
    recruiting.cancel(factories.intergroup(), by=bea)
    found = again(search)
    assert (found.state, found.problem, found.as_of, found.newcomers) == ("cancelled", None, None, 0)
    assert AuditEntry.objects.filter(verb="recruiting.cancelled", actor=bea.pk).count() == 1
    with pytest.raises(engine.Cancelled):
        work._keep(served=1)
    assert not recruiting.work_out(search.pk)
    assert recruiting.tend_recruiting() == 0
    asked(bea)
    assert recruiting.work_out(search.pk)


def test_what_has_ended_is_not_cancelled(bea: User) -> None:
    with pytest.raises(TooLate):
        recruiting.cancel(factories.intergroup(), by=bea)
    crowd(8, 2)
    whole = answer(asked(bea))
    with pytest.raises(TooLate):
        recruiting.cancel(factories.intergroup(), by=bea)
    assert answer(Recruiting.objects.get()) == whole


def test_only_who_coordinates_may_cancel(by_workers: None, ana: User, bea: User) -> None:
    asked(bea)
    with pytest.raises(NotAllowed):
        recruiting.cancel(factories.intergroup(), by=ana)
    assert Recruiting.objects.get().state == "working"


@pytest.mark.django_db(transaction=True)
def test_of_a_worker_who_ends_and_who_cancels_one_comes_first(by_workers: None, bea: User) -> None:
    """The worker's last step and the button at the same moment: all of the answer is kept, or nothing."""
    crowd(8, 2)
    for _ in range(6):
        search = asked(bea)
        Recruiting.objects.update(holder="one", as_of=clock.now(), newcomers=8)
        work = recruiting._Work(search.pk, "one")
        request = SponsorRequest.objects.earliest("asked_at")
        line = RecruitingLine(recruiting=search, request=request, newcomer=request.member, eligible=0)
        cancel = partial(recruiting.cancel, factories.intergroup(), by=bea)
        ended, cancelled = race([partial(work._finish, [line], 0), cancel])
        found = again(search)
        if ended is None:
            assert isinstance(cancelled, TooLate)
            assert (found.state, found.lines.count()) == ("done", 1)
        else:
            assert isinstance(ended, engine.Cancelled)
            assert cancelled is None
            assert (found.state, found.lines.count(), found.as_of) == ("cancelled", 0, None)
