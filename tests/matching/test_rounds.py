"""A round reads everybody at one moment, and shows a preview once the rows that it wrote are checked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F

from accounts import clock
from accounts.models import AuditEntry, Bar, Intergroup, Profile, User
from matching import engine
from matching.actions import round_solving
from matching.actions.errors import AlreadyWorking, NotAllowed, TooLate
from matching.actions.offers import answer_proposal, propose_offer
from matching.actions.round_planning import lay_out
from matching.actions.round_rows import write_rows
from matching.actions.round_solving import finish_round, solve_part
from matching.actions.rounds import cancel_round, plan_round
from matching.models import Round, RoundKind, RoundLeft, RoundPair, RoundPart, RoundSponsor, SponsorRequest
from matching.queries.everybody import everybody
from matching.queries.rounds import progress, stored
from matching.queries.solving import Found
from matching.states import RoundPartState, RoundState
from tests import factories
from tests.matching import round_story
from tests.matching.round_story import again, crowd, laid_out, parts_left, preview, waits, worked_out

pytestmark = pytest.mark.django_db


def whole(round_: Round) -> tuple[list[engine.Person], list[engine.Person], engine.Facts]:
    """Everybody as they are by now, with time as it was for the round."""
    people = everybody(round_.intergroup, weights=round_.weights)
    assert round_.as_of is not None
    return people.newcomers, people.sponsors, replace(people.facts, now=round_.as_of)


def test_a_preview_is_the_engines_round_of_everybody_who_waits(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    newcomers, sponsors, facts = whole(round_)
    best = engine.match_round(newcomers, engine.Pool.of(sponsors, facts), service=round_.service)
    assert stored(round_) == best
    assert (round_.state, round_.newcomers, round_.sponsors) == (RoundState.PREVIEW, 12, 6)
    assert (round_.served, round_.left) == (len(best.assignments), len(best.left)) == (6, 6)
    assert (round_.total, round_.lowest) == (best.total, min(one.score for one in best.assignments))


def test_the_certificate_is_verified_again_from_the_rows(bea: User) -> None:
    crowd()
    round_ = preview(bea)
    found = stored(round_)
    assert isinstance(found, engine.Round)
    assert found.certificate.bound == round_.bound
    engine.check_round(*whole(round_), found)


@pytest.mark.parametrize("rows", [RoundPair, RoundLeft, RoundSponsor])
def test_a_price_that_was_tampered_with_is_refused(bea: User, rows: type[RoundPair]) -> None:
    crowd()
    round_ = preview(bea)
    row = rows.objects.earliest("pk")
    rows.objects.filter(pk=row.pk).update(price=F("price") + 1)
    found = stored(round_)
    assert isinstance(found, engine.Round)
    with pytest.raises(engine.Refused, match="price"):
        engine.check_round(*whole(round_), found)


def test_rows_that_say_something_else_than_was_found_are_never_shown(
    bea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crooked(round_: Round, *rest: object) -> None:
        write_rows(round_, *rest)  # type: ignore[arg-type]
        round_.pairs.update(score=F("score") + 1)

    crowd()
    round_ = laid_out(bea)
    monkeypatch.setattr(round_solving, "write_rows", crooked)
    for part in parts_left(round_):
        solve_part(part)
    assert not finish_round(round_.pk)
    round_ = again(round_)
    assert (round_.state, round_.trouble) == (RoundState.FAILED, "Refused")
    assert not round_.pairs.exists()


def test_a_stable_round_is_the_engines_and_has_no_certificate(bea: User) -> None:
    crowd()
    round_ = preview(bea, kind=RoundKind.STABLE)
    newcomers, sponsors, facts = whole(round_)
    found = stored(round_)
    assert found == engine.match_stable(newcomers, engine.Pool.of(sponsors, facts))
    assert (round_.service, round_.bound) == (None, None)
    assert round_.verified_at is not None


def test_what_workers_know_of_people_is_erased_once_the_preview_is_there(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    assert round_.rest
    assert not round_.parts.filter(problem=None).exists()
    worked_out(round_)
    assert again(round_).rest is None
    assert not RoundPart.objects.exclude(problem=None, result=None).exists()


def test_progress_counts_parts_and_the_people_in_them(bea: User) -> None:
    crowd()
    round_ = plan_round(factories.intergroup(), by=bea)
    assert (progress(round_).parts, progress(round_).people) == (0, 0)
    lay_out(round_.pk)
    round_ = again(round_)
    clock.move_on(timedelta(seconds=40))
    before = progress(round_)
    assert (before.parts, before.parts_solved, before.people, before.people_solved) == (3, 0, 14, 0)
    assert before.elapsed >= timedelta(seconds=40)
    part = round_.parts.all()[0]
    solve_part(part.pk)
    after = progress(round_)
    assert (after.parts_solved, after.people_solved) == (1, part.newcomers + part.sponsors)


def test_with_nobody_waiting_there_is_a_preview_of_nobody(bea: User) -> None:
    round_ = preview(bea)
    assert (round_.served, round_.left, round_.lowest, round_.mean) == (0, 0, None, None)


def test_only_those_who_wait_for_a_sponsor_and_hold_no_offer_are_in_a_round(ana: User, rosa: User, bea: User) -> None:
    waits(ana)
    bridge = waits(first_name="Nina")
    SponsorRequest.objects.filter(member=bridge).update(kind="bridge")
    offered = waits(first_name="Nora")
    propose_offer(SponsorRequest.objects.get(member=offered), rosa.pk, by=bea)
    suspended = waits(first_name="Nell")
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    moved = waits(first_name="Nika")
    Profile.objects.filter(pk=moved.pk).update(fellowship=factories.fellowship("na"))
    round_ = preview(bea)
    assert round_.newcomers == 1
    assert [pair.newcomer for pair in round_.pairs.all()] == [ana]


def test_who_said_no_to_somebody_or_is_kept_apart_from_them_is_not_brought_together(
    ana: User, rosa: User, bea: User
) -> None:
    waits(ana)
    answer_proposal(propose_offer(ana.requests.get(), rosa.pk, by=bea), by=ana, yes=False)
    ruth = factories.sponsor(first_name="Ruth")
    Bar.objects.create(by=ruth, other=ana, kind="block", at=clock.now())
    round_ = preview(bea)
    left = round_.left_over.get()
    assert (left.newcomer, left.eligible, left.excluded) == (ana, 0, {"barred": 2})


def test_another_office_is_left_alone(ana: User, rosa: User, bea: User) -> None:
    there = factories.intergroup("hillside")
    waits(intergroup=there)
    factories.sponsor(intergroup=there)
    waits(ana)
    round_ = preview(bea)
    assert (round_.newcomers, round_.sponsors) == (1, 1)


def test_only_coordinators_of_the_intergroup_make_and_cancel_rounds(ana: User, bea: User) -> None:
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    round_ = laid_out(bea)
    for stranger in (ana, elsewhere):
        with pytest.raises(NotAllowed):
            plan_round(factories.intergroup(), by=stranger)
        with pytest.raises(NotAllowed):
            cancel_round(round_, by=stranger)
    assert AuditEntry.objects.filter(verb="round.planned", actor=bea.pk).count() == 1


def test_while_one_is_made_there_is_no_second(bea: User) -> None:
    round_ = laid_out(bea)
    with pytest.raises(AlreadyWorking):
        plan_round(factories.intergroup(), by=bea)
    worked_out(round_)
    newer = plan_round(factories.intergroup(), by=bea)
    assert again(round_).state == RoundState.STALE
    assert newer.state == RoundState.PLANNING


def test_other_weights_count_for_this_round_alone(ana: User, rosa: User, bea: User, intergroup: Intergroup) -> None:
    waits(ana)
    weights = {str(component): 0 for component in engine.Component} | {"availability": 3}
    round_ = plan_round(intergroup, by=bea, weights=weights)
    lay_out(round_.pk)
    assert worked_out(round_).total == 3000
    assert (preview(bea).total or 0) > 3000


@pytest.mark.parametrize("weights", [{"availability": -1}, {"beauty": 5}])
def test_weights_that_make_no_sense_are_refused(weights: dict[str, int], bea: User, intergroup: Intergroup) -> None:
    with pytest.raises(ValueError, match=r"weights|beauty"):
        plan_round(intergroup, by=bea, weights=weights)
    assert not Round.objects.exists()


def test_a_person_whom_the_engine_cannot_read_is_the_end_of_the_round_and_not_of_the_workers(bea: User) -> None:
    Profile.objects.filter(pk=waits().pk).update(zone="Mars/Olympus")
    round_ = plan_round(factories.intergroup(), by=bea)
    assert not lay_out(round_.pk)
    assert (again(round_).state, again(round_).trouble) == (RoundState.FAILED, "UnknownZoneError")
    Profile.objects.update(zone="UTC")
    assert preview(bea).newcomers == 1


def test_a_part_that_cannot_be_solved_ends_its_round_and_keeps_nobody(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    first, *others = parts_left(round_)
    solve_part(others[0])
    RoundPart.objects.filter(pk=first).update(problem=b"nonsense")
    assert not solve_part(first)
    round_ = again(round_)
    assert (round_.state, round_.rest) == (RoundState.FAILED, None)
    assert set(round_.parts.values_list("state", "problem", "result")) == {
        (RoundPartState.FAILED, None, None),
        (RoundPartState.CANCELLED, None, None),
    }
    assert not solve_part(others[1])


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_cancelled_round_stops_and_leaves_nothing_half(steps: int, bea: User) -> None:
    crowd()
    round_ = plan_round(factories.intergroup(), by=bea)
    if steps:
        lay_out(round_.pk)
        solve_part(parts_left(round_)[0])
    if steps == 2:
        worked_out(round_)
    parts = parts_left(round_)
    cancel_round(round_, by=bea)
    assert not any(solve_part(part) for part in parts)
    assert not lay_out(round_.pk)
    assert not finish_round(round_.pk)
    round_ = again(round_)
    assert (round_.state, round_.rest, round_.fairness) == (RoundState.CANCELLED, None, {})
    assert not round_.parts.exclude(state=RoundPartState.CANCELLED, problem=None, result=None).exists()
    assert [rows.count() for rows in (round_.pairs, round_.left_over, round_.loads)] == [0, 0, 0]
    with pytest.raises(TooLate):
        cancel_round(round_, by=bea)


def test_a_round_is_finished_once_and_parts_are_solved_once(bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    part = parts_left(round_)[0]
    assert (solve_part(part), solve_part(part)) == (True, False)
    assert not finish_round(round_.pk)
    worked_out(round_)
    assert not finish_round(round_.pk)
    assert not lay_out(round_.pk)
    assert AuditEntry.objects.filter(verb="round.solved").count() == 1


def test_the_order_in_which_parts_are_solved_changes_nothing(bea: User) -> None:
    crowd()
    first = stored(preview(bea))
    round_ = laid_out(bea)
    for part in reversed(parts_left(round_)):
        solve_part(part)
    finish_round(round_.pk)
    assert stored(again(round_)) == first


def test_a_round_that_is_much_larger_has_as_many_parts_and_is_checked(bea: User) -> None:
    round_story.crowd(60, 24)
    found: Found = stored(preview(bea))
    assert len(found.assignments) + len(found.left) == 60
