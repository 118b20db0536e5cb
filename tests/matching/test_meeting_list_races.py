"""Two lists at once, by coordinators or by the operators' import: one after the other, and no meeting twice."""

from functools import partial

import pytest

from accounts.actions.meetings import import_meetings
from accounts.actions.policies import change_policy
from accounts.meeting_guide import read_feed
from accounts.models import Intergroup, Meeting, MeetingFeed, PolicyChange, User
from tests import factories
from tests.accounts.meeting_rows import row
from tests.matching import lists
from tests.matching.race import race

pytestmark = pytest.mark.django_db(transaction=True)

LATE = row(slug="late", name="Late")


def publish(feed: MeetingFeed, by: User) -> bool:
    return change_policy(feed.intergroup, {"meeting_feed": str(feed.pk)}, by=by) is not None


def imported(office: Intergroup) -> bool:
    feed = read_feed(lists.data(row(time="09:00"), LATE), zone="UTC")
    import_meetings(feed, intergroup=office, fellowship=factories.fellowship(), by=None, source="other.json")
    return True


def test_a_list_whose_button_is_pressed_twice_is_published_once(bea: User) -> None:
    feed = lists.brought(bea, row(), LATE)
    assert sorted(map(bool, race([partial(publish, feed, bea)] * 2))) == [False, True]
    assert Meeting.objects.count() == 2
    assert PolicyChange.objects.count() == 1


def test_a_list_and_an_import_wait_for_each_other(bea: User) -> None:
    office = factories.intergroup()
    for number in range(5):
        feed = lists.brought(bea, row(name=f"Early {number}"), LATE)
        assert race([partial(publish, feed, bea), partial(imported, office)]) == [True, True]
    assert Meeting.objects.filter(slug="late").count() == 1
