"""The demo's office has a year behind it: its report tells of enough people to show figures."""

import pytest
from django.db.models import F

from accounts import clock
from accounts.models import Intergroup, Profile, Sponsor, User
from matching.disclosure import SMALL
from matching.models import Pairing, SponsorRequest
from matching.queries.report_period import Period
from matching.queries.reports import Figures, figures
from recovery_match.demo.history import PAIRS, STOPPED, lay_down
from recovery_match.demo.seed import seed_office

pytestmark = pytest.mark.django_db

MEMBERS = 400


@pytest.fixture
def coordinator(db: None) -> User:
    return seed_office("bay", members=MEMBERS)


def last_year(office: Intergroup) -> Figures:
    today = clock.today(office.zone)
    first = today.replace(year=today.year - 1, day=1)
    return figures(office, Period(first, today.replace(day=1), office.zone))


def test_the_report_of_the_demo_has_figures_to_show(coordinator: User) -> None:
    office = Intergroup.objects.get(slug="bay")
    assert lay_down(office, coordinator, spare=[]) > PAIRS / 2
    found = last_year(office)
    for count in (found.asked.matched, found.asked.withdrawn + found.asked.closed, found.offers.answered):
        assert count >= SMALL
    assert sum(week.talked >= SMALL for week in found.weeks) > 20
    assert any(span.ended for span in found.pairs)


def test_no_sponsor_of_the_demo_has_more_people_than_places(coordinator: User) -> None:
    lay_down(Intergroup.objects.get(slug="bay"), coordinator, spare=[])
    assert not Sponsor.objects.filter(seats_taken__gt=F("seats")).exists()
    for sponsor in Sponsor.objects.filter(seats_taken__gt=0):
        assert Pairing.objects.live().filter(sponsor=sponsor.user).count() == sponsor.seats_taken


def test_whoever_the_visitor_plays_has_no_part_in_it(coordinator: User) -> None:
    spare = list(Profile.objects.order_by("pk").values_list("pk", flat=True)[: MEMBERS - PAIRS])
    lay_down(Intergroup.objects.get(slug="bay"), coordinator, spare=spare)
    assert not SponsorRequest.objects.filter(member__in=spare).exists()
    assert not Pairing.objects.filter(sponsor__in=spare).exists()


def test_a_small_demo_has_as_much_past_as_it_has_people(coordinator: User) -> None:
    spare = list(Profile.objects.order_by("pk").values_list("pk", flat=True)[: MEMBERS - 3])
    assert lay_down(Intergroup.objects.get(slug="bay"), coordinator, spare=spare) <= STOPPED
