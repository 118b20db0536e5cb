"""People come and go while a preview waits: it is brought up to date, and whoever leaves is in it no more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import InternalError, transaction

from accounts import clock, privacy
from accounts.models import Intergroup, Policy, Sponsor, User
from matching import engine
from matching.actions import round_solving
from matching.actions.errors import ChangedSince
from matching.actions.requests import withdraw_request
from matching.actions.retention import forget
from matching.actions.round_moves import take_round
from matching.actions.round_planning import lay_out
from matching.actions.round_publishing import publish_round
from matching.actions.round_solving import finish_round, solve_part
from matching.actions.rounds import refresh_round
from matching.models import Round, RoundKind, RoundLeft, RoundPair, RoundPart, RoundSponsor, SponsorRequest
from matching.queries import solving
from matching.queries.everybody import everybody, snapshot
from matching.queries.rounds import stored, what_if
from matching.states import RoundState
from tests import factories
from tests.matching.race import race
from tests.matching.round_story import again, crowd, laid_out, parts_left, preview, waits, worked_out
from tests.security import snapshot as tables

pytestmark = pytest.mark.django_db(transaction=True)


def refreshed(round_: Round, by: User) -> tuple[Round, int]:
    """Bring a preview up to date; with how many of its parts had to be solved again."""
    refresh_round(round_, by=by)
    assert lay_out(round_.pk)
    again_solved = len(parts_left(round_))
    return worked_out(round_), again_solved


def test_only_the_part_that_somebody_joined_is_solved_again(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    clock.move_on(timedelta(hours=1))
    nina = waits(languages=["es"], first_name="Nina")
    refreshed_round, solved = refreshed(round_, bea)
    assert (solved, refreshed_round.parts.count()) == (1, 3)
    assert refreshed_round.newcomers == 13
    assert RoundPair.objects.filter(newcomer=nina).exists() or RoundLeft.objects.filter(newcomer=nina).exists()
    assert (round_.as_of or clock.now()) < (refreshed_round.as_of or clock.now())


def test_only_the_part_that_somebody_left_is_solved_again(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    gone = round_.pairs.earliest("pk").newcomer
    withdraw_request(gone.requests.get(), by=gone)
    refreshed_round, solved = refreshed(round_, bea)
    assert solved == 1
    assert refreshed_round.newcomers == 11
    assert not refreshed_round.pairs.filter(newcomer=gone).exists()


def worth(round_: Round) -> tuple[int, int]:
    """How many are served, and with what total, the bonus for waiting included."""
    served = round_.served or 0
    return served, (round_.bound or 0) - served * (round_.service or 0)


@pytest.mark.parametrize("days", [0, 3])
def test_a_refreshed_preview_is_as_good_as_a_new_one(days: int, bea: User) -> None:
    crowd()
    round_ = preview(bea)
    clock.move_on(timedelta(days=days))
    waits(languages=["fr"])
    assert worth(refreshed(round_, bea)[0]) == worth(preview(bea))


def test_each_coming_and_going_is_mended_into_what_a_new_round_would_find(bea: User, intergroup: Intergroup) -> None:
    """Members come, leave and change on either side, days go by: each time the preview is set against a new round."""
    crowd(16, 8)
    round_ = preview(bea)
    for step in range(4):
        clock.move_on(timedelta(hours=7))
        waits(languages=["en", "es"], first_name=f"Nell{step}")
        gone = round_.pairs.earliest("pk").newcomer
        withdraw_request(gone.requests.get(), by=gone)
        factories.sponsor(languages=["es", "fr"], first_name=f"Sam{step}")
        Sponsor.objects.filter(pk=round_.pairs.latest("pk").sponsor_id).update(seats=3)
        if step == 2:
            privacy.erase(round_.loads.earliest("pk").sponsor)
        refresh_round(round_, by=bea)
        assert lay_out(round_.pk)
        assert set(begun_with(round_)) >= {True}
        round_ = worked_out(round_)
        people = everybody(intergroup)
        facts = replace(people.facts, now=round_.as_of or people.facts.now)
        found = stored(round_)
        assert isinstance(found, engine.Round)
        anew = engine.match_round(people.newcomers, engine.Pool.of(people.sponsors, facts), service=round_.service)
        assert (len(found.assignments), found.certificate.bound) == (len(anew.assignments), anew.certificate.bound)
        engine.check_round(people.newcomers, people.sponsors, facts, found)


def begun_with(round_: Round) -> list[bool]:
    """Of each part that waits, whether it is to be mended."""
    waiting = round_.parts.filter(pk__in=parts_left(round_)).values_list("problem", flat=True)
    return [solving.read_problem(problem or b"")[1] is not None for problem in waiting]


def test_what_is_planned_for_the_first_time_or_without_its_rows_is_found_anew(bea: User) -> None:
    crowd()
    assert set(begun_with(laid_out(bea))) == {False}


@pytest.mark.parametrize("days", [0, 3])
def test_a_refreshed_stable_preview_is_the_new_one(days: int, bea: User) -> None:
    crowd()
    round_ = preview(bea, kind=RoundKind.STABLE)
    clock.move_on(timedelta(days=days))
    waits(languages=["fr"])
    found = stored(refreshed(round_, bea)[0])
    assert found == stored(preview(bea, kind=RoundKind.STABLE))


def test_a_part_whose_people_are_the_same_is_solved_again_when_the_days_have_made_another_pair_the_best(
    ana: User, bea: User
) -> None:
    """Time in recovery counts up to five years: who is close to it catches up with who is beyond."""
    waits(ana)
    now = clock.now()
    beyond = factories.sponsor(recovery_date=now.date() - timedelta(days=1900))
    close = factories.sponsor(recovery_date=now.date() - timedelta(days=1826 - 139), first_name="Ruth")
    Sponsor.objects.filter(pk=beyond.pk).update(confirmed_at=now - timedelta(days=1))
    Sponsor.objects.filter(pk=close.pk).update(confirmed_at=now)
    round_ = preview(bea)
    assert round_.pairs.get().sponsor == beyond
    clock.move_on(timedelta(days=7))
    later, solved = refreshed(round_, bea)
    assert (solved, later.pairs.get().sponsor) == (1, close)


def test_nothing_is_solved_again_when_nothing_changed(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    before = stored(round_)
    same, solved = refreshed(round_, bea)
    assert solved == 0
    assert stored(same) == before


def test_after_another_policy_everything_is_solved_again(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    Policy.objects.update(weights={"engagement": 90})
    assert refreshed(round_, bea)[1] == 3


def test_when_so_many_join_that_scores_could_outweigh_people_everything_is_solved_again(bea: User) -> None:
    waits(languages=["es"])
    factories.sponsor(languages=["es"])
    round_ = preview(bea)
    for _ in range(2):
        waits()
    factories.sponsor()
    found, solved = refreshed(round_, bea)
    assert solved == 2
    assert (found.service or 0) > (round_.service or 0)


def test_an_erased_newcomer_is_in_no_preview_any_more(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    pair, left = round_.pairs.earliest("pk"), round_.left_over.earliest("pk")
    for member in (pair.newcomer, left.newcomer):
        privacy.erase(member)
    assert (round_.pairs.count(), round_.left_over.count()) == (5, 5)
    with pytest.raises(ChangedSince) as told:
        publish_round(round_, by=bea)
    assert told.value.changes.gone == 1
    # Somebody left over may have the place of the one who is gone.
    fresh = refreshed(round_, bea)[0]
    assert fresh.newcomers == 10
    assert publish_round(fresh, by=bea).proposed == fresh.served


def test_an_erased_sponsor_is_in_no_preview_any_more_nor_is_their_price(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    sponsor = RoundSponsor.objects.filter(price__gt=0).earliest("pk").sponsor
    given = round_.pairs.filter(sponsor=sponsor).count()
    privacy.erase(sponsor)
    assert not RoundSponsor.objects.filter(sponsor=sponsor.pk).exists()
    assert round_.pairs.count() == 6 - given
    assert refreshed(round_, bea)[0].sponsors == 5


def test_who_is_erased_while_it_is_worked_out_is_forgotten_by_the_workers_too(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    first, *others = parts_left(round_)
    solve_part(first)
    gone = SponsorRequest.objects.earliest("asked_at").member
    privacy.erase(gone)
    assert again(round_).state == RoundState.PLANNING
    assert not RoundPart.objects.exists()
    assert not any(solve_part(part) for part in others)
    assert lay_out(round_.pk)
    assert worked_out(round_).newcomers == 11


def test_a_plan_from_before_an_erasure_is_not_written_after_it(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    Round.objects.filter(pk=round_.pk).update(state=RoundState.PLANNING, rest=None)
    round_.parts.all().delete()
    lease = take_round(round_.pk, RoundState.PLANNING)
    privacy.erase(SponsorRequest.objects.earliest("asked_at").member)
    assert again(round_).leased_until != lease
    assert lay_out(round_.pk), "somebody else may plan at once"


def test_who_is_erased_just_before_the_preview_is_shown_is_not_in_it(
    bea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd()
    round_ = laid_out(bea)
    for part in parts_left(round_):
        solve_part(part)
    gone = SponsorRequest.objects.earliest("asked_at").member
    join = round_solving._joined

    def joined_and_then_erased(*args: object) -> object:
        found = join(*args)  # type: ignore[arg-type]
        User.objects.filter(pk=gone.pk).delete()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(round_solving, "_joined", joined_and_then_erased)
        assert not finish_round(round_.pk)
    assert again(round_).state == RoundState.PLANNING
    assert not RoundPair.objects.exists()
    lay_out(round_.pk)
    assert worked_out(round_).newcomers == 11


def test_a_members_copy_tells_of_rounds_and_of_nobody_else(bea: User) -> None:
    crowd(4, 2)
    round_ = preview(bea)
    pair = round_.pairs.earliest("pk")
    for member, side in ((pair.newcomer, "newcomer"), (pair.sponsor, "sponsor")):
        copy = privacy.export(member)
        assert copy["matching"]["rounds"] == [{"made_at": round_.made_at, "as": side}]
        other = pair.sponsor if side == "newcomer" else pair.newcomer
        assert str(other.pk) not in str(copy)


def test_previews_are_forgotten_after_seven_days(bea: User) -> None:
    crowd(4, 2)
    preview(bea)
    clock.move_on(timedelta(days=6, hours=23))
    forget()
    assert RoundPair.objects.exists()
    clock.move_on(timedelta(hours=2))
    forget()
    assert not Round.objects.exists()
    assert not RoundPair.objects.exists()


def test_of_what_was_published_the_figures_alone_stay_for_a_year(bea: User) -> None:
    crowd(4, 2)
    round_ = preview(bea)
    publish_round(round_, by=bea)
    clock.move_on(timedelta(days=8))
    forget()
    assert [rows.objects.count() for rows in (RoundPair, RoundLeft, RoundSponsor, RoundPart)] == [0, 0, 0, 0]
    assert (again(round_).served, again(round_).fairness) == (round_.served, {})
    clock.move_on(timedelta(days=360))
    forget()
    assert not Round.objects.exists()


def test_what_if_changes_nothing_and_finds_what_a_round_would(bea: User, intergroup: Intergroup) -> None:
    crowd()
    before = tables.take()
    weights = {"nearness": 0, "approach": 60}
    found = what_if(intergroup, weights)
    assert tables.differences(before, tables.take()) == {}
    made = Round.objects.create(intergroup=intergroup, weights=weights, made_at=clock.now(), began_at=clock.now())
    lay_out(made.pk)
    made = worked_out(made)
    assert (found.served, found.left, found.mean) == (made.served, made.left, made.mean)
    assert what_if(intergroup, {}).moved == 0


def test_what_if_tells_how_many_would_get_somebody_else(ana: User, bea: User, intergroup: Intergroup) -> None:
    waits(ana)
    busy = factories.sponsor(side={"seats": 4, "seats_taken": 3})
    lately = factories.today() - timedelta(days=400)
    idle = factories.sponsor(recovery_date=lately, first_name="Ruth")
    assert preview(bea).pairs.get().sponsor == idle
    found = what_if(intergroup, {"free_seats": 0})
    assert [one.sponsor for one in found.found.assignments] == [busy.pk]
    assert found.moved == 1


def test_in_a_snapshot_the_database_refuses_every_change(ana: User) -> None:
    with pytest.raises(InternalError, match="read-only"), snapshot():
        User.objects.filter(pk=ana.pk).update(is_active=False)
    with transaction.atomic(), snapshot():
        User.objects.filter(pk=ana.pk).update(is_active=False)


def test_a_snapshot_does_not_see_who_comes_while_it_reads(bea: User, intergroup: Intergroup) -> None:
    crowd(4, 2)
    with snapshot():
        before = len(everybody(intergroup).newcomers)
        race([lambda: waits(first_name="Late")])
        assert len(everybody(intergroup).newcomers) == before
    assert len(everybody(intergroup).newcomers) == before + 1
