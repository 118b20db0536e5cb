"""The report on its pages: what is shown, what is hidden, and the file."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Intergroup, User
from matching.models import ServiceEntry, ServiceKind, SponsorRequest
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def url(name: str = "report") -> str:
    return reverse(name, args=["riverside"])


def waiting(count: int) -> None:
    """So many women ask who speak English and can meet by phone; no offer is on its way."""
    for _ in range(count):
        request = story.looking(factories.newcomer(modes=["phone"]))
        SponsorRequest.objects.filter(pk=request.pk).update(state="open")


def calls(members: int, each: int) -> None:
    for _ in range(members):
        member = factories.newcomer(looking=False)
        for day in range(each):
            on = factories.today() - timedelta(days=day)
            ServiceEntry.objects.create(member=member, kind=ServiceKind.CALL, on=on, at=clock.now())


def lines(desk: Client, **data: str) -> list[list[str]]:
    answer = desk.get(url("report_file"), data)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(answer.content.decode().removeprefix("\ufeff"))))


def test_an_office_that_has_just_begun_sees_that_there_is_too_little_to_tell(desk: Client) -> None:
    text = office.page(desk, url())
    assert "not shown" in text
    assert "There is too little yet to draw." in text


def test_nine_people_are_not_told_and_ten_are(desk: Client, intergroup: Intergroup) -> None:
    waiting(9)
    assert ["In short", "People who asked", "not shown"] in lines(desk)
    assert not [line for line in lines(desk) if line[1:2] == ["English"]]
    waiting(1)
    assert ["In short", "People who asked", "10"] in lines(desk)
    assert [line[1:] for line in lines(desk) if line[1:2] == ["English"]] == [["English", "Women", "Phone", "10"]]
    assert "English · Women" in office.page(desk, url())


def test_the_work_of_few_is_not_shown_however_much_it_is(desk: Client, intergroup: Intergroup) -> None:
    calls(members=2, each=20)
    assert ["Twelfth-Step work by kind", "Took a call", "not shown"] in lines(desk)
    calls(members=8, each=1)
    assert ["Twelfth-Step work by kind", "Took a call", "48"] in lines(
        desk, first=f"{clock.today('UTC') - timedelta(days=31):%Y-%m}"
    )


def test_months_are_chosen_by_the_address(desk: Client, intergroup: Intergroup) -> None:
    waiting(10)
    month = f"{clock.today(intergroup.zone):%Y-%m}"
    last_year = f"{clock.today(intergroup.zone) - timedelta(days=400):%Y-%m}"
    assert ["In short", "People who asked", "10"] in lines(desk, first=month, last=month)
    assert ["In short", "People who asked", "not shown"] in lines(desk, first=last_year, last=last_year)


def test_months_in_the_wrong_order_are_said_to_be(desk: Client, intergroup: Intergroup) -> None:
    month = f"{clock.today(intergroup.zone):%Y-%m}"
    before = f"{clock.today(intergroup.zone) - timedelta(days=40):%Y-%m}"
    answer = desk.get(url(), {"first": month, "last": before})
    assert answer.status_code == 422
    assert "Choose a month that does not come before the first." in answer.content.decode()


@pytest.mark.parametrize("nonsense", ["2026-13", "\0", "x" * 5000, "2026-1"])
def test_an_address_that_makes_no_sense_still_answers(desk: Client, intergroup: Intergroup, nonsense: str) -> None:
    assert desk.get(url(), {"first": nonsense}).status_code == 422
    assert desk.get(url("report_sheet"), {"first": nonsense}).status_code == 200
    assert desk.get(url("report_file"), {"last": nonsense}).status_code == 200


def test_a_coordinator_of_another_intergroup_finds_no_report(intergroup: Intergroup) -> None:
    elsewhere = signed_in(factories.coordinator(factories.intergroup("hillside")))
    for name in ("report", "report_sheet", "report_file"):
        assert elsewhere.get(url(name)).status_code == 404


def test_nobody_of_another_intergroup_counts(desk: Client) -> None:
    hillside = factories.intergroup("hillside")
    for _ in range(12):
        member = factories.newcomer(intergroup=hillside)
        ServiceEntry.objects.create(member=member, kind=ServiceKind.RIDE, on=factories.today(), at=clock.now())
    assert ["Twelfth-Step work by kind", "Gave a ride", "not shown"] in lines(desk)


def test_the_pages_take_few_queries(desk: Client, intergroup: Intergroup) -> None:
    waiting(12)
    for name in ("report", "report_sheet"):
        office.page(desk, url(name))
        with office.at_most(8):
            office.page(desk, url(name))
