"""A coordinator takes along what their pages show, and nothing else; each time is written down for everybody to see."""

import csv
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock, privacy
from accounts.models import AuditEntry, Coordinator, Profile, User
from accounts.models.audit import pseudonym
from matching.actions import bridging, exports, reviews, step_service
from matching.actions.errors import NotAllowed
from matching.models import BridgeVolunteer, CheckInPlan, Offer, Pairing, ServiceKind
from tests import factories
from tests.conftest import signed_in
from tests.matching import office

pytestmark = pytest.mark.django_db

PAGE = reverse("office_export", args=["riverside"])
Lists = dict[str, list[dict[str, str]]]


def taken(client: Client, language: str = "en") -> Lists:
    """The lists of the file, each row by the titles of its columns."""
    answer: Any = client.post(PAGE, headers={"accept-language": language})
    assert answer.status_code == 200
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as found:
        texts = {name: found.read(name).decode("utf-8-sig") for name in found.namelist()}
    assert "Riverside Intergroup" in texts.pop("about.txt")
    return {name.removesuffix(".csv"): list(csv.DictReader(StringIO(text))) for name, text in texts.items()}


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return reviews.approve_offer(office.in_review(ana, rosa, note="CANARY note"), by=bea)


def test_the_page_says_what_is_in_it_and_gives_nothing_yet(bea: User) -> None:
    assert "Download the lists" in office.page(signed_in(bea), PAGE)
    assert not AuditEntry.objects.filter(verb="office.exported").exists()


def test_everything_that_the_pages_show_is_in_the_lists(pairing: Pairing, bea: User) -> None:
    nina, vera = factories.newcomer(first_name="Nina"), factories.profile(first_name="Vera", looking=False).user
    office.in_review(nina, factories.sponsor(first_name="Yara"))
    BridgeVolunteer.objects.create(user=vera, approved_at=clock.now())
    bridge = bridging.ask_bridge(nina, leaves_on=factories.today(), by=nina)
    bridging.answer(bridging.take(bridge, by=vera), by=nina, yes=True)
    lists = taken(signed_in(bea))
    assert {row["Name"] for row in lists["sponsors"]} == {"Rosa M.", "Yara M."}
    assert lists["sponsors"][0]["Recovery time"]
    assert {row["Name"] for row in lists["newcomers"]} == {"Ana L.", "Nina L."}
    assert {row["State"] for row in lists["requests"]} == {"Matched", "Offered"}
    assert [row["State"] for row in lists["offers"]] == ["Paired", "Waits for the coordinator"]
    assert [(row["Newcomer"], row["Sponsor"]) for row in lists["pairings"]] == [("Ana L.", "Rosa M.")]
    assert [(row["Newcomer"], row["Decided"]) for row in lists["reviews"]] == [("Nina L.", "")]
    assert [(row["Newcomer"], row["Volunteer"]) for row in lists["bridging"]] == [("Nina L.", "Vera L.")]
    assert {row["Times in twelve months"] for row in lists["service"]} == {""}


def test_what_a_coordinator_never_sees_is_not_in_them(pairing: Pairing, bea: User, ana: User, rosa: User) -> None:
    Profile.objects.filter(pk=ana.pk).update(recovery_date="2025-12-24")
    answer: Any = signed_in(bea).post(PAGE)
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as found:
        text = "\n".join(found.read(name).decode() for name in found.namelist())
    for never in ("CANARY", "2025-12-24", "555 010", ana.email, rosa.email, str(ana.pk), str(rosa.pk)):
        assert never not in text


def test_control_what_is_in_them_would_be_found(pairing: Pairing, bea: User) -> None:
    assert "Ana L." in str(taken(signed_in(bea)))


def test_nothing_that_touches_the_coordinator_is_in_them(rosa: User, ana: User) -> None:
    """As on the pages: a coordinator who is sponsored sees neither their sponsor's row nor their own pairing."""
    bea, carla = factories.coordinator(), factories.coordinator(first_name="Carla")
    reviews.approve_offer(office.in_review(bea, rosa), by=carla)
    lists = taken(signed_in(bea))
    assert "Rosa" not in str(lists)
    assert lists["pairings"] == []
    assert [row["Sponsor"] for row in taken(signed_in(carla))["pairings"]] == ["Rosa M."]


def test_a_contact_that_one_of_the_two_keeps_is_left_out(pairing: Pairing, bea: User) -> None:
    Pairing.objects.update(contact_at=clock.now() - timedelta(days=5))
    client = signed_in(bea)
    assert "4 to 7 days" in taken(client)["pairings"][0]["Last contact"]
    CheckInPlan.objects.filter(member=pairing.sponsee).update(flag_quiet=False)
    assert taken(client)["pairings"][0]["Last contact"] == ""


def test_counts_of_service_that_could_tell_of_somebody_are_left_out(bea: User, rosa: User) -> None:
    day = factories.today()
    for kind in ServiceKind:
        if kind is not ServiceKind.RIDE:
            for at in range(12):
                step_service.log_service(by=rosa, kind=kind, on=day - timedelta(days=at))
    step_service.log_service(by=rosa, kind=ServiceKind.RIDE, on=day)
    counts = [row["Times in twelve months"] for row in taken(signed_in(bea))["service"]]
    assert counts.count("12") == len(ServiceKind) - 2
    assert counts.count("") == 2


def test_a_name_that_looks_like_a_formula_is_made_harmless(pairing: Pairing, bea: User) -> None:
    Profile.objects.filter(user=pairing.sponsee).update(first_name="=cmd|' /C calc'!A0")
    assert taken(signed_in(bea))["newcomers"][0]["Name"].startswith("'=cmd")


@pytest.mark.parametrize(("language", "title"), [("es", "Nombre"), ("fr", "Nom")])
def test_the_lists_speak_the_readers_language(language: str, title: str, pairing: Pairing, bea: User) -> None:
    assert title in taken(signed_in(bea), language)["sponsors"][0]


def test_each_time_is_written_down_and_every_member_of_the_office_sees_it(ana: User, bea: User) -> None:
    olga = factories.newcomer(first_name="Olga", intergroup=factories.intergroup("hillside"))
    client, own = signed_in(ana), reverse("my_data")
    words = "took the lists of your intergroup along"
    assert words not in office.page(client, own)
    taken(signed_in(bea))
    assert words in office.page(client, own)
    assert privacy.export(ana)["lists_taken_along"]
    assert words not in office.page(signed_in(olga), own)
    assert words not in office.page(signed_in(bea), own)
    entry = AuditEntry.objects.get(verb="office.exported")
    assert (entry.actor, entry.member, entry.ids) == (pseudonym(bea.pk), None, {})


def test_whoever_came_later_is_not_told_of_what_was_before(bea: User) -> None:
    taken(signed_in(bea))
    clock.move_on(timedelta(hours=1))
    late = factories.newcomer(first_name="Late")
    assert "took the lists" not in office.page(signed_in(late), reverse("my_data"))


def test_whose_term_is_over_takes_nothing(bea: User) -> None:
    client = signed_in(bea)
    Coordinator.objects.update(left_at=clock.now())
    assert client.post(PAGE).status_code == 404
    with pytest.raises(NotAllowed):
        exports.take_along(factories.intergroup(), by=bea)


@pytest.mark.parametrize("scope", ["safety", "bridging"])
def test_other_scopes_take_nothing(scope: str) -> None:
    other = factories.coordinator(scopes=[scope])
    assert signed_in(other).post(PAGE).status_code == 404


def test_the_number_of_questions_does_not_grow_with_the_people(bea: User) -> None:
    office.in_review()
    client = signed_in(bea)
    with office.at_most(40) as few:
        taken(client)
    for at in range(6):
        office.in_review(factories.newcomer(first_name=f"N{at}"))
    with office.at_most(40) as many:
        taken(client)
    assert len(many) == len(few)
    assert Offer.objects.count() == 7
