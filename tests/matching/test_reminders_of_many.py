"""A tick writes for many plans by as many statements as for few; whom it cannot ask holds up nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import User
from matching.actions.checkins import AGAIN_AFTER, remind_due
from matching.models import CheckIn, CheckInPlan, OutboxMessage
from matching.states import CheckInState
from tests import factories
from tests.matching import story

pytestmark = pytest.mark.django_db


def _pairs(count: int) -> list[User]:
    """So many pairings; those who were brought together with somebody."""
    factories.intergroup()
    return [story.paired_at_once(factories.sponsor()).sponsee for _ in range(count)]


def _a_day_on() -> None:
    clock.move_on(timedelta(days=1))
    story.due_now()


def _statements() -> int:
    with CaptureQueriesContext(connection) as queries:
        remind_due()
    return len(queries)


def _refuse(member: User) -> None:
    """The database takes no question to this member."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF NEW.member_id = '{member.pk}' THEN RAISE 'no'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON matching_checkin FOR EACH ROW EXECUTE FUNCTION refuse()"
        )


def test_many_are_asked_by_as_many_statements_as_few() -> None:
    counts = []
    for more in (1, 7):
        _pairs(more)
        clock.move_on(timedelta(days=1))
        for _ in range(2):
            _a_day_on()
            counts.append(_statements())
    few, few_again, many, many_again = counts
    assert (many, many_again) == (few_again, few_again) != (few, few)
    assert many < 20
    # The first two have let three questions go by: a gentle note takes the place of today's.
    assert CheckIn.objects.filter(state=CheckInState.OPEN).count() == 2 * 7
    assert OutboxMessage.objects.filter(topic="gentle_note").count() == 2
    assert CheckIn.objects.filter(state=CheckInState.LAPSED).count() == 2 * 3 + 14


def test_whom_the_database_refuses_is_set_aside_and_all_others_are_asked() -> None:
    ana, *_ = _pairs(3)
    clock.move_on(timedelta(days=1))
    _a_day_on()
    _refuse(ana)
    remind_due()
    asked = set(CheckIn.objects.values_list("member", flat=True))
    assert ana.pk not in asked
    assert len(asked) == OutboxMessage.objects.filter(topic="check_in").count() == 5
    later = CheckInPlan.objects.get(member=ana)
    assert later.next_at is not None
    assert abs(later.next_at - clock.now() - AGAIN_AFTER) < timedelta(minutes=1)


def test_a_question_that_is_there_already_is_not_told_of_again() -> None:
    _pairs(1)
    clock.move_on(timedelta(days=1))
    _a_day_on()
    remind_due()
    told = OutboxMessage.objects.count()
    story.due_now()
    assert remind_due() == 2
    assert CheckIn.objects.count() == 2
    assert OutboxMessage.objects.count() == told
    assert all(plan.next_at and plan.next_at > clock.now() for plan in CheckInPlan.objects.all())
