"""A report is for those who serve for safety, and for nobody who is near to one of the two."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import Coordinator, Report, User
from matching.actions.reports import settle_report
from matching.queries import today
from matching.queries.waits import Kind
from tests import factories
from tests.conftest import signed_in
from tests.matching import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(ana: User, rosa: User) -> Report:
    return Report.objects.create(by=ana, about=rosa, intergroup=factories.intergroup(), kind="other", at=clock.now())


def sees(user: User, report: Report) -> bool:
    """Whether it is on their day; the page itself must say the same."""
    status = signed_in(user).get(reverse("concern", args=[report.pk])).status_code
    assert status in (200, 404)
    counted = today.look(user, today.Wanted((Kind.REPORTS,)), []).counts[Kind.REPORTS]
    assert counted == (status == 200)
    return bool(counted)


def test_who_serves_for_safety_sees_it_and_nobody_else_of_the_office(report: Report, bea: User) -> None:
    assert sees(bea, report)
    Coordinator.objects.filter(user=bea).update(scopes=["area"])
    assert not sees(bea, report)


def test_neither_sponsors_nor_sponsees_of_the_two_see_it(report: Report, rosa: User, bea: User) -> None:
    sponsee = factories.newcomer(first_name="Carla")
    Coordinator.objects.create(
        user=sponsee,
        intergroup=factories.intergroup(),
        starts_on=factories.today(),
        ends_on=date(2099, 12, 31),
    )
    assert sees(sponsee, report)
    story.paired(sponsee, rosa, bea)
    assert not sees(sponsee, report)
    assert sees(bea, report)


def test_it_stays_when_whoever_made_it_has_left(report: Report, bea: User) -> None:
    Report.objects.filter(pk=report.pk).update(by=None)
    assert sees(bea, report)


def test_the_action_itself_lets_nobody_settle_what_is_not_theirs_to_see(
    report: Report, ana: User, rosa: User, bea: User, olga: User
) -> None:
    """Not only the page: whoever calls it."""
    sponsee = factories.newcomer(first_name="Carla")
    Coordinator.objects.create(
        user=sponsee,
        intergroup=factories.intergroup(),
        starts_on=factories.today(),
        ends_on=date(2099, 12, 31),
    )
    story.paired(sponsee, rosa, bea)
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    for one in (sponsee, elsewhere, factories.coordinator(scopes=["area"]), ana, rosa, olga):
        assert not settle_report(report, by=one)
    assert settle_report(report, by=bea)
    assert not settle_report(report, by=bea)
