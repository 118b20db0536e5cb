"""SQL that is written once asks for everybody and at every moment what would be asked if it were written anew."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Q

from accounts import clock
from accounts.models import User
from matching.models import ServiceEntry, SponsorRequest
from matching.queries import today
from matching.queries.written import SOME_TIME, write


@pytest.mark.parametrize("days", [0, 1, 400, 20_000])
def test_everything_open_is_asked_for_as_if_it_were_written_anew(days: int) -> None:
    user = User(pk=uuid4())
    with clock.standing(SOME_TIME + timedelta(days=days, microseconds=1)):
        sql, values = today._everything(user).query.sql_with_params()
        kept = today._gathered()
        assert kept.sql == sql
        assert kept.values_for(user) == list(values)
    assert user.pk in values
    assert any(isinstance(value, datetime) for value in values)


def test_a_moment_that_does_not_go_by_the_present_one_is_refused() -> None:
    fixed = Q(asked_at__gt=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="a moment"):
        write(lambda user: SponsorRequest.objects.filter(fixed, member=user))


def test_a_day_is_refused_as_it_would_stay_the_same() -> None:
    with pytest.raises(ValueError, match="a moment"):
        write(lambda user: ServiceEntry.objects.filter(on__gte=clock.now().date(), member=user))


def test_the_clock_stands_only_within() -> None:
    with clock.standing(SOME_TIME):
        assert clock.now() == SOME_TIME
    assert clock.now() > SOME_TIME + timedelta(days=10_000)
