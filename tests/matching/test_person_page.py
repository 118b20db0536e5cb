"""The page of a person: what a coordinator may see, who may look, and that the person learns of each look."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Report, Sponsor, User
from matching.actions.pairings import end_pairing
from matching.actions.reports import report_partner, settle_report
from matching.models import CheckInPlan, Pairing
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, office, story

pytestmark = pytest.mark.django_db


def url(member: User) -> str:
    return reverse("person", args=[member.pk])


def knock(by: User, member: User) -> int:
    return signed_in(by).get(url(member)).status_code


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def serves_too(member: User, scopes: list[str] | None = None) -> User:
    """The same member coordinates as well."""
    member.coordinating.create(
        intergroup=factories.intergroup(),
        scopes=scopes or ["area", "safety"],
        starts_on="2020-01-01",
        ends_on="2999-01-01",
    )
    return member


def test_it_shows_preferences_seats_bands_and_states(desk: Client, bea: User, ana: User, rosa: User) -> None:
    story.paired(ana, rosa, bea)
    text = office.page(desk, url(rosa))
    for words in ("Rosa M.", "North side", "Over ten years", "1 of 2 seats taken", "Trial", "Ana L."):
        assert words in text, words


def test_it_shows_no_date_number_of_steps_answer_or_contact(desk: Client, bea: User) -> None:
    began = factories.today() - timedelta(days=4000)
    member = factories.sponsor(recovery_date=began, side={"steps_worked": 11})
    page = office.page(desk, url(member)).split("<main")[1].split("</main>")[0]
    text = re.sub(r"<[^>]+>", " ", page)
    for private in (began.isoformat(), str(began.year), "11", "555", member.email):
        assert private not in text, private


@pytest.mark.parametrize(("days", "words"), [(1, "3 days ago or less"), (5, "4 to 7 days ago"), (30, "more than 7")])
def test_the_last_contact_is_a_span(days: int, words: str, desk: Client, bea: User, ana: User, rosa: User) -> None:
    story.paired(ana, rosa, bea)
    Pairing.objects.update(contact_at=clock.now() - timedelta(days=days, hours=1))
    assert words in office.page(desk, url(rosa))
    CheckInPlan.objects.filter(member=ana).update(flag_quiet=False)
    assert "Last contact" not in office.page(desk, url(rosa))


def test_each_look_is_written_down_and_shown_to_the_person(desk: Client, bea: User, ana: User) -> None:
    for _ in range(2):
        office.page(desk, url(ana))
    looks = AuditEntry.objects.filter(verb="person.viewed", member=ana.pk, actor=bea.pk)
    assert looks.count() == 2
    assert office.page(signed_in(ana), reverse("my_data")).count("A coordinator, ") == 2


def test_a_page_that_does_not_open_leaves_no_look(ana: User) -> None:
    assert knock(factories.coordinator(factories.intergroup("hillside")), ana) == 404
    assert not AuditEntry.objects.filter(verb="person.viewed").exists()


def test_the_two_of_a_pairing_never_open_each_others_page(bea: User, ana: User, rosa: User) -> None:
    pairing = story.paired(ana, rosa, bea)
    serves_too(rosa)
    assert knock(rosa, ana) == 404
    end_pairing(pairing, by=ana)
    assert knock(rosa, ana) == 404
    assert knock(bea, ana) == 200


def test_a_report_shows_by_no_gap_that_it_is_there(bea: User, ana: User, rosa: User) -> None:
    """Whoever was paired opens nothing afterwards, reported or not."""
    first = story.paired(ana, rosa, bea)
    nina = factories.newcomer(first_name="Nina")
    second = story.paired(nina, rosa, bea)
    end_pairing(first, by=ana)
    report_partner(second, by=nina, kind="unsafe")
    serves_too(rosa)
    assert knock(rosa, ana) == knock(rosa, nina) == 404
    Pairing.objects.all().delete()
    assert knock(rosa, nina) == 404


def test_the_two_of_a_first_contact_do_not_open_each_others_page_either(bea: User, ana: User) -> None:
    vera = bridges.volunteer(bea)
    bridges.offered(ana, vera)
    serves_too(vera)
    assert knock(vera, ana) == 404
    assert knock(bea, ana) == 200


def test_somebody_whose_request_is_on_its_way_to_the_reader_has_no_page_for_them(ana: User, rosa: User) -> None:
    story.offered(ana, rosa)
    assert knock(serves_too(rosa), ana) == 404


def test_a_first_contact_without_volunteer_hides_nobody(bea: User, ana: User) -> None:
    """A row without a volunteer must not make the question after conflicts unanswerable."""
    bridges.asked(factories.newcomer(first_name="Nina"))
    bridges.asked(bea)
    assert knock(bea, ana) == 200


def test_whoever_serves_for_safety_alone_opens_those_named_in_a_report(bea: User, ana: User, rosa: User) -> None:
    sunny = factories.coordinator(scopes=["safety"], first_name="Sunny")
    olga = factories.newcomer(first_name="Olga")
    report_partner(story.paired(ana, rosa, bea), by=ana, kind="unsafe")
    assert [knock(sunny, one) for one in (ana, rosa, olga)] == [200, 200, 404]
    assert knock(factories.coordinator(scopes=["bridging"]), rosa) == 404


def test_reports_are_shown_to_those_who_look_after_safety_alone(bea: User, ana: User, rosa: User) -> None:
    area = factories.coordinator(scopes=["area"], first_name="Carl")
    report = report_partner(story.paired(ana, rosa, bea), by=ana, kind="unsafe")
    assert "I felt unsafe" in office.page(signed_in(bea), url(rosa))
    assert "I felt unsafe" not in office.page(signed_in(area), url(rosa))
    settle_report(report, by=bea)
    text = office.page(signed_in(bea), url(rosa))
    assert "Looked into" in text
    assert "Ana" not in text


def test_a_report_that_touches_the_readers_own_sponsor_is_not_shown(bea: User, ana: User, rosa: User) -> None:
    olga = factories.newcomer(first_name="Olga")
    story.paired(bea, rosa, factories.coordinator(first_name="Carl"))
    Report.objects.create(by=olga, about=rosa, intergroup=factories.intergroup(), kind="unsafe", at=clock.now())
    assert "I felt unsafe" not in office.page(signed_in(bea), url(olga))


def test_an_unfinished_welcome_has_no_page_unless_they_offer_to_sponsor(bea: User) -> None:
    member = factories.newcomer(completed_at=None)
    assert knock(bea, member) == 404
    Sponsor.objects.create(user=member)
    assert knock(bea, member) == 200


def test_the_list_links_to_the_pages_that_open(bea: User, ana: User, rosa: User) -> None:
    carl = factories.coordinator(first_name="Carl")
    pairing = story.paired(bea, rosa, carl)
    assert "Rosa M." not in office.page(signed_in(bea), reverse("coordinate_sponsors"))
    end_pairing(pairing, by=bea)
    text = office.page(signed_in(bea), reverse("coordinate_sponsors"))
    assert "Rosa M." in text
    assert url(rosa) not in text
    assert url(rosa) in office.page(signed_in(carl), reverse("coordinate_sponsors"))
