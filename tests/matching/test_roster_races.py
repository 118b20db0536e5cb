"""Nothing is missed, in whatever order transactions begin, write, look and commit."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Event

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts import clock
from accounts.models import Sponsor, User
from matching import engine, roster
from matching.actions.retention import forget_roster_changes
from matching.roster.rows import person, profiles
from tests import factories
from tests.matching.race import race
from tests.matching.readers import Reader, Rows, answers, asking, facts, forget_the_log, fresh, kept, logged

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def transaction_elsewhere() -> Iterator[BaseDatabaseWrapper]:
    """A second connection in the midst of a transaction, for whoever says when it commits."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        yield other
    finally:
        other.close()


def do(other: BaseDatabaseWrapper, sql: str, *given: object) -> None:
    with other.cursor() as cursor:
        cursor.execute(sql, given)  # type: ignore[arg-type]


def take_seats(other: BaseDatabaseWrapper, sponsor: User, taken: int = 1) -> None:
    """As the actions do it, with the moment of the change."""
    sql = "UPDATE accounts_sponsor SET seats_taken = %s, changed_at = %s WHERE user_id = %s"
    do(other, sql, taken, clock.now(), sponsor.pk)


class ReaderByMoments(Reader):
    """The way that is not good enough: read who changed since the moment of the last look."""

    def __init__(self) -> None:
        super().__init__()
        self.looked: datetime = clock.now()

    def catch_up(self) -> Rows:
        now = clock.now()
        later = profiles().filter(user__sponsor__changed_at__gt=self.looked)
        self.rows |= {one.pk: person(one) for one in later}
        self.looked = now
        return self.rows


@pytest.mark.parametrize("reader", [Reader, ReaderByMoments])
def test_a_commit_that_comes_after_later_ones_is_not_missed(reader: type[Reader], rosa: User) -> None:
    """With the negative control: who goes by moments misses it."""
    maria = factories.sponsor(first_name="Maria")
    one = reader()
    with transaction_elsewhere() as slow:
        take_seats(slow, rosa)
        Sponsor.objects.filter(pk=maria.pk).update(seats_taken=2, changed_at=clock.now())
        assert one.catch_up() == fresh()
        slow.commit()
    caught = one.catch_up() == fresh()
    assert caught == (reader is Reader)


def test_a_change_within_a_savepoint_carries_the_number_of_its_whole_transaction(rosa: User) -> None:
    reader = Reader()
    with transaction_elsewhere() as slow:
        do(slow, "SELECT pg_current_xact_id()")
        factories.sponsor(first_name="Maria")
        do(slow, "SAVEPOINT part")
        take_seats(slow, rosa)
        do(slow, "RELEASE part")
        assert reader.catch_up() == fresh()
        slow.commit()
    assert reader.catch_up() == fresh()


def test_who_moves_into_an_area_whose_centre_moves_is_not_missed(rosa: User) -> None:
    """Neither transaction sees the other. To log the area's members would be no help: there are none to be found."""
    south = factories.area(code="south", name="South side")
    with transaction_elsewhere() as mover, transaction_elsewhere() as slow:
        do(mover, "UPDATE accounts_profile SET area_id = %s WHERE user_id = %s", south.pk, rosa.pk)
        do(slow, "UPDATE accounts_area SET latitude = 41.9 WHERE id = %s", south.pk)
        with slow.cursor() as cursor:
            cursor.execute("SELECT user_id FROM accounts_profile WHERE area_id = %s", [south.pk])
            assert cursor.fetchall() == []
        mover.commit()
        reader = Reader()
        slow.commit()
    assert reader.catch_up() == fresh()
    assert reader.rows[rosa.pk].latitude == 41.9


STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "write", "part", "commit", "commit", "roll back", "look"]), st.integers(0, 2)),
    min_size=4,
    max_size=25,
)


def play(reader: Reader, sponsors: list[User], steps: list[tuple[str, int]]) -> None:
    """Three transactions at a time, each with a sponsor of its own, and a reader who looks in between."""
    with ExitStack() as stack:
        others = [stack.enter_context(transaction_elsewhere()) for _ in sponsors]
        for number, (step, who) in enumerate(steps):
            if step == "write":
                take_seats(others[who], sponsors[who], 1 + number % 7)
            elif step == "part":
                do(others[who], "SAVEPOINT part")
                take_seats(others[who], sponsors[who], 8)
                do(others[who], f"{'ROLLBACK TO' if number % 2 else 'RELEASE'} part")
            elif step == "commit":
                others[who].commit()
            elif step == "roll back":
                others[who].rollback()
            else:
                assert reader.catch_up() == fresh()
        for other in others:
            other.commit()
    assert reader.catch_up() == fresh()


def play_many(reader: type[Reader], examples: int, **more: object) -> None:
    sponsors = [factories.sponsor(side={"seats": 8}) for _ in range(3)]

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), **more)  # type: ignore[arg-type]
    @given(STEPS)
    def run(steps: list[tuple[str, int]]) -> None:
        Sponsor.objects.update(seats_taken=0)
        play(reader(), sponsors, steps)

    run()


def test_no_order_of_writing_looking_and_committing_hides_a_change(long: bool) -> None:
    play_many(Reader, 500 if long else 60)


def test_control_some_order_hides_a_change_from_who_goes_by_moments() -> None:
    with pytest.raises(AssertionError):
        play_many(ReaderByMoments, 200, derandomize=True, phases=[Phase.generate], database=None)


def points_for_free_seats(sponsor: engine.Person, around: engine.Facts) -> list[int]:
    """What the engine gives for this sponsor's free seats with none, one, two ... seven of eight taken."""
    pools = (engine.Pool.of([replace(sponsor, seats_taken=taken)], around) for taken in range(8))
    return [engine.suggest(asking()[0], pool)[0].parts[engine.Component.FREE_SEATS] for pool in pools]


def test_many_who_ask_at_once_each_see_what_was_committed_before(rosa: User) -> None:
    """A look that was slow must not put back what a later one has seen."""
    roster.forget_pools()
    Sponsor.objects.filter(pk=rosa.pk).update(seats=8)
    others = [factories.sponsor(first_name="Maria") for _ in range(24)]
    intergroup, ana, around, over = factories.intergroup(), asking()[0], facts(), Event()
    points = points_for_free_seats(fresh()[rosa.pk], around)

    def write() -> None:
        for taken in range(8):
            Sponsor.objects.filter(pk__in=[one.pk for one in others[taken::8]]).update(last_offer_at=clock.now())
            Sponsor.objects.filter(pk=rosa.pk).update(seats_taken=taken)
        over.set()

    def ask() -> list[int]:
        seen = []
        while not over.is_set():
            committed = Sponsor.objects.values_list("seats_taken", flat=True).get(pk=rosa.pk)
            found = engine.suggest(ana, kept(intergroup, around), k=100)
            seen.append(next(one.parts[engine.Component.FREE_SEATS] for one in found if one.sponsor == rosa.pk))
            assert seen[-1] <= points[committed], "older than what was committed before the question"
        return seen

    told = race([write, *[ask] * 4])
    assert told[0] is None
    for seen in told[1:]:
        assert isinstance(seen, list), seen
        assert seen == sorted(seen, reverse=True)
    assert answers(kept()) == answers(engine.Pool.of(list(fresh().values()), facts()))


def test_what_a_long_transaction_wrote_is_not_pruned_before_it_is_seen(rosa: User) -> None:
    maria = factories.sponsor(first_name="Maria")
    forget_the_log()
    with transaction_elsewhere() as slow:
        take_seats(slow, rosa)
        Sponsor.objects.filter(pk=maria.pk).update(seats_taken=1)
        reader = Reader()
        slow.commit()
    age_the_log(days=3)
    forget_roster_changes()
    assert reader.catch_up() == fresh()
    # By age alone it would have gone.
    assert rosa.pk in logged()
    Sponsor.objects.filter(pk=maria.pk).update(seats_taken=2)
    age_the_log(days=3)
    forget_roster_changes()
    assert logged() == {maria.pk}


def age_the_log(*, days: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matching_rosterchange SET at = at - make_interval(days => %s)", [days])
