"""The plan of a look is kept by the connection, and never stands in the way."""

import pytest
from django.db import DataError, connection, transaction

from accounts.models import Intergroup, Sponsor, User
from matching import engine, roster
from matching.roster.look import changed_since
from tests.matching.readers import answers, facts, fresh, kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_connection_that_knows_no_plan() -> None:
    roster.forget_pools()
    connection.close()


def take_a_seat(sponsor: User) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(seats_taken=1)


def plans() -> list[tuple[int, int]]:
    """How often each plan that the connection keeps for looks was used as it is, and how often it was made anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name LIKE 'roster_look_%'")
        return [(as_it_is, anew) for as_it_is, anew in cursor.fetchall()]


def as_read_afresh() -> list[object]:
    return answers(engine.Pool.of(list(fresh().values()), facts()))


def test_whoever_asks_again_asks_by_the_same_plan_and_sees_what_changed(rosa: User) -> None:
    kept()
    for many in range(1, 4):
        kept()
        assert plans() == [(0, many)]
    before = answers(kept())
    take_a_seat(rosa)
    assert answers(kept()) == as_read_afresh() != before


def test_after_a_few_asks_nothing_is_planned_any_more(rosa: User) -> None:
    for _ in range(12):
        kept()
    ((as_it_is, anew),) = plans()
    assert (as_it_is, anew) == (6, 5)


def test_each_office_has_a_plan_of_its_own(rosa: User, intergroup: Intergroup) -> None:
    assert [one.id for one in changed_since(3, intergroup.pk).people] == [rosa.pk]
    assert changed_since(3, intergroup.pk + 1).gone == [rosa.pk]
    assert len(plans()) == 2


def test_a_plan_made_in_a_transaction_that_is_rolled_back_goes_on_serving(rosa: User) -> None:
    kept()
    with transaction.atomic():
        kept()
        transaction.set_rollback(True)
    take_a_seat(rosa)
    assert answers(kept()) == as_read_afresh()
    assert plans() == [(0, 2)]


def test_a_first_ask_that_failed_does_not_stand_in_the_way_of_the_next(rosa: User, intergroup: Intergroup) -> None:
    with pytest.raises(DataError):
        changed_since(1 << 64, intergroup.pk)
    assert [one.id for one in changed_since(3, intergroup.pk).people] == [rosa.pk]


def test_a_new_connection_makes_its_own_plan(rosa: User) -> None:
    kept()
    kept()
    connection.close()
    take_a_seat(rosa)
    assert answers(kept()) == as_read_afresh()
    assert plans() == [(0, 1)]
