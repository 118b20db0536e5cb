"""Each number of a report, a round and of why nobody fits leads to the people behind it, as far as the reader sees."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Bar, User
from accounts.queries.my_data import looks_in_lists
from matching.actions.offers import accept_offer
from matching.models import Offer, Pairing, SponsorRequest
from matching.queries.report_period import usual
from matching.queries.report_rows import DEMAND, NUMBERS, Number, requests
from matching.states import RequestState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story
from tests.matching.round_story import crowd, preview, waits

pytestmark = pytest.mark.django_db
REPORT = "/coordinate/riverside/report/"
LINK = re.compile(r'<a href="([^"]+)">([^<]+)<span class="visually-hidden">')


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


@pytest.fixture
def year(bea: User) -> None:
    """A dozen pairs, eleven who wait without an offer, ten who wait for a sponsor's answer; waits of all lengths."""
    for at in range(12):
        sponsor = factories.sponsor(first_name=f"Sol{at}")
        offer = story.held_out(story.looking(factories.newcomer(first_name=f"Pia{at}")), sponsor, review=False)
        accept_offer(offer, by=sponsor)
        _asked(offer.request, hours=2 if at < 10 else 40, waited=2 if at < 10 else 40)
    for at in range(11):
        waits(first_name=f"Nina{at}", modes=["phone"])
    for at in range(10):
        offer = story.held_out(story.looking(factories.newcomer(first_name=f"Ola{at}")), factories.sponsor())
        _asked(offer.request, hours=100, waited=80)


def _asked(request: SponsorRequest, *, hours: int, waited: int) -> None:
    asked = clock.now() - timedelta(hours=hours)
    SponsorRequest.objects.filter(pk=request.pk).update(asked_at=asked)
    Offer.objects.filter(request=request).update(made_at=asked + timedelta(hours=waited))


def links(html: str) -> Iterator[tuple[str, int]]:
    """Where the numbers of a page lead, and what they say."""
    for url, number in LINK.findall(html):
        if re.fullmatch(r"\d+", number.strip()):
            yield unescape(url), int(number)


def rows(desk: Client, url: str) -> list[str]:
    """Whoever stands in a list, page by page."""
    found: list[str] = []
    while url:
        html = office.page(desk, url)
        found += re.findall(r'<th scope="row">(?:<a href="[^"]*">)?([^<]+)', html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = url.split("?")[0] + unescape(following[1]) if following else ""
    return found


def named(url: str) -> str:
    return url.split("?")[0].split("/")[-2]


def test_every_number_of_the_report_leads_to_as_many_rows(desk: Client, year: None) -> None:
    found = list(links(office.page(desk, REPORT)))
    assert {named(url) for url, _ in found} == {"asked", "pairs", "still", "demand", "no_offer", "wait_3"}
    for url, number in found:
        assert len(rows(desk, url)) == number, url


def test_who_has_stopped_is_in_no_list_though_in_the_numbers(desk: Client, year: None) -> None:
    for _ in range(10):
        stopped = SponsorRequest.objects.filter(member=waits(first_name="Quin"))
        stopped.update(state=RequestState.WITHDRAWN, ended_at=clock.now())
    html = office.page(desk, REPORT)
    found = {named(url): (number, len(rows(desk, url))) for url, number in links(html) if "demand" not in url}
    assert found["found"] == (12, 12)
    assert found["still"] == (21, 21)
    assert found["asked"] == (43, 33)
    assert found["no_offer"] == (21, 11)
    assert not any("Quin" in row for name in found for row in rows(desk, f"{REPORT}people/{name}/"))


def test_a_number_that_is_not_shown_leads_nowhere(desk: Client) -> None:
    for _ in range(9):
        waits()
    assert list(links(office.page(desk, REPORT))) == []


@pytest.mark.parametrize("name", [name for name in NUMBERS if name not in (DEMAND, "pairs", "queue")])
def test_the_rows_are_those_that_anybody_finds(name: str, year: None, bea: User) -> None:
    now, intergroup = clock.now(), factories.intergroup()
    expected = set()
    for one in SponsorRequest.objects.all():
        made = min((offer.made_at for offer in one.offers.all()), default=None)
        waited = None if made is None else (made - one.asked_at) / timedelta(hours=1)
        bounds = {"wait_0": (0, 6), "wait_1": (6, 24), "wait_2": (24, 72), "wait_3": (72, 168), "wait_4": (168, 1e9)}
        inside = {
            "asked": True,
            "found": one.state == RequestState.MATCHED,
            "still": one.state in (RequestState.OPEN, RequestState.OFFERED),
            "no_offer": waited is None,
            **{key: waited is not None and least <= waited < most for key, (least, most) in bounds.items()},
        }
        expected |= {one.pk} if inside[name] else set()
    period = usual(clock.today(intergroup.zone), intergroup.zone)
    assert now < period.ends_at
    assert set(requests(intergroup, period, Number(name), bea).values_list("pk", flat=True)) == expected
    assert bool(expected) == (name not in ("wait_1", "wait_4"))


def test_who_has_left_is_in_no_list_nor_a_pair_that_has_ended(desk: Client, year: None) -> None:
    left = SponsorRequest.objects.filter(state=RequestState.OPEN)[0]
    User.objects.filter(pk=left.member_id).update(is_active=False)
    pairing = Pairing.objects.order_by("began_at")[0]
    Pairing.objects.filter(pk=pairing.pk).update(state="ended", ended_at=clock.now(), look_at=None)
    assert len(rows(desk, f"{REPORT}people/asked/")) == 33 - 1
    assert len(rows(desk, f"{REPORT}people/pairs/")) == 12 - 1


def test_a_coordinator_does_not_find_themself(desk: Client, year: None, bea: User) -> None:
    waits(bea)
    found = rows(desk, f"{REPORT}people/queue/")
    assert len(found) == 11
    assert all(row.startswith("Nina") for row in found)


@pytest.mark.parametrize("of", ["nonsense", "demand", "demand/?language=xx&comfort=woman&mode=phone"])
def test_an_address_that_names_no_number_does_not_exist(of: str, desk: Client) -> None:
    path, _, query = of.partition("/?")
    assert desk.get(f"{REPORT}people/{path}/?{query}").status_code == 404


def test_a_list_asks_at_most_eight_questions_and_is_written_down(desk: Client, year: None) -> None:
    for name in ("asked", "pairs", "queue"):
        desk.get(f"{REPORT}people/{name}/", {"page": 2})
        with office.at_most(8):
            office.page(desk, f"{REPORT}people/{name}/")
    assert len(looks_in_lists(SponsorRequest.objects.earliest("asked_at").member)) == 1


def test_the_numbers_of_a_round_lead_to_its_pairs_and_to_who_is_left(desk: Client, bea: User) -> None:
    crowd(12, 4)
    round_ = preview(bea)
    url = reverse("round", args=[round_.pk])
    html = office.page(desk, "/coordinate/riverside/rounds/")
    assert {(f"{url}?part=pairs", round_.served), (f"{url}?part=left", round_.left)} <= set(links(html))
    assert len(rows(desk, f"{url}?part=pairs")) == round_.served
    assert len(rows(desk, f"{url}?part=left")) == round_.left
    for load in round_.loads.filter(given__gt=0):
        link = f"?part=pairs&sponsor={load.sponsor_id}"
        assert unescape(office.page(desk, f"{url}?part=sponsors")).count(link) == 1
        assert len(rows(desk, url + link)) == load.given


def test_a_round_that_is_forgotten_leads_nowhere(desk: Client, bea: User) -> None:
    crowd(4, 4)
    preview(bea)
    clock.move_on(timedelta(days=8))
    assert list(links(office.page(desk, "/coordinate/riverside/rounds/"))) == []


def test_a_count_of_why_nobody_leads_to_the_sponsors_whom_it_counts(desk: Client) -> None:
    for name in ("Pola", "Paul", "Petra"):
        factories.sponsor(languages=["pl"], first_name=name)
    factories.sponsor(comfortable_with=["man"], first_name="Mara")
    request = SponsorRequest.objects.get(member=waits())
    url = reverse("coordinate_request", args=[request.pk])
    found = dict(links(office.page(desk, f"{url}?look=1")))
    assert set(found.values()) == {3, 1}
    for link, number in found.items():
        assert len(rows(desk, link)) == number
    assert rows(desk, f"{url}not/language/") == ["Paul M.", "Petra M.", "Pola M."]
    assert rows(desk, f"{url}not/gender/") == ["Mara M."]
    with office.at_most(8):
        office.page(desk, f"{url}not/language/")


def test_a_block_leaves_no_gap_in_a_list(desk: Client) -> None:
    """Whoever shares no language stands in that list, barred or not; whoever fits otherwise stands in none."""
    ana = waits()
    pola, rosa = factories.sponsor(languages=["pl"], first_name="Pola"), factories.sponsor()
    for one in (pola, rosa):
        Bar.objects.create(by=one, other=ana, kind="block", at=clock.now())
    url = reverse("coordinate_request", args=[SponsorRequest.objects.get(member=ana).pk])
    assert rows(desk, f"{url}not/language/") == ["Pola M."]
    html = office.page(desk, f"{url}?look=1")
    assert "Not available at present" in html
    assert list(links(html)) == []


@pytest.mark.parametrize("rule", ["barred", "chain", "steps", "minimum_time", "has_sponsor", "paused", "x"])
def test_what_members_keep_private_has_no_list(rule: str, desk: Client) -> None:
    url = reverse("coordinate_request", args=[SponsorRequest.objects.get(member=waits()).pk])
    assert desk.get(f"{url}not/{rule}/").status_code == 404


def test_the_seats_of_a_sponsor_lead_to_their_pairs(desk: Client, bea: User) -> None:
    rosa = factories.sponsor()
    story.paired(factories.newcomer(), rosa, bea)
    html = office.page(desk, reverse("coordinate_sponsors"))
    assert f'{reverse("person", args=[rosa.pk])}#pairs">1 of 2<' in html
    assert office.page(desk, reverse("person", args=[rosa.pk])).count("the person they sponsor") == 1
