"""Whoever stands in a list that a coordinator reads is told of it: once a day for each who looks, beside the others."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from accounts import clock
from accounts.actions.looks import view_list
from accounts.models import AuditEntry, User
from accounts.queries.my_data import looks_at, looks_in_lists
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db


def people(*members: User) -> dict[UUID, int | None]:
    return dict.fromkeys((one.pk for one in members), factories.intergroup().pk)


def test_a_list_is_one_look_a_day_for_each_who_reads_it(ana: User, olga: User, bea: User) -> None:
    carla = factories.coordinator(first_name="Carla")
    view_list(by=bea, people=people(ana))
    view_list(by=bea, people=people(ana, olga))
    view_list(by=carla, people=people(ana))
    assert (len(looks_in_lists(ana)), len(looks_in_lists(olga))) == (2, 1)
    clock.move_on(timedelta(days=1, seconds=1))
    view_list(by=bea, people=people(ana))
    assert len(looks_in_lists(ana)) == 3


def test_a_list_takes_one_statement_however_long_it_is(bea: User) -> None:
    here = factories.intergroup().pk
    for number in (1, 30):
        with office.at_most(1):
            view_list(by=bea, people=dict.fromkeys((UUID(int=at) for at in range(number)), here))
    with office.at_most(0):
        view_list(by=bea, people={})


def test_nobody_is_told_of_their_own_look(bea: User) -> None:
    view_list(by=bea, people=people(bea))
    assert not AuditEntry.objects.filter(verb="list.viewed").exists()


def test_looks_at_a_page_are_not_drowned_by_lists(ana: User, bea: User) -> None:
    view_list(by=bea, people=people(ana))
    assert looks_at(ana) == []
    html = signed_in(ana).get(reverse("my_data")).content.decode()
    assert "Nobody so far" in html
    assert "When you stood in a list" in html


@pytest.mark.parametrize("name", ["coordinate", "newcomers"])
def test_a_newcomer_in_a_coordinators_list_is_told(name: str, ana: User, bea: User) -> None:
    office.asked(ana)
    client = signed_in(bea)
    for _ in range(2):
        office.page(client, reverse(name))
    assert len(looks_in_lists(ana)) == 1


def test_a_sponsor_in_a_coordinators_list_is_told(rosa: User, bea: User) -> None:
    office.page(signed_in(bea), reverse("coordinate_sponsors"))
    assert len(looks_in_lists(rosa)) == 1


def test_who_is_on_no_page_of_it_is_told_nothing(ana: User, bea: User) -> None:
    office.asked(ana)
    office.page(signed_in(bea), reverse("newcomers"), state="paired")
    assert looks_in_lists(ana) == []
