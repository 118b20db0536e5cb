"""The page on who finds nobody and whom to look for, and the sheet that tells of nobody."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from matching.actions import recruiting
from matching.engine import Sought
from matching.models import Recruiting, SponsorRequest
from matching.recruiting_words import AT_EASE_WITH, HOURS, in_words
from tests import factories
from tests.conftest import signed_in
from tests.matching import office
from tests.matching.round_story import crowd, waits
from tests.matching.test_pages_rounds import text

pytestmark = pytest.mark.django_db
URL = "/coordinate/riverside/why/"


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def page(client: Client, **asked: object) -> str:
    return text(office.page(client, URL, **asked))


def asked(client: Client) -> None:
    assert client.post(f"{URL}ask/").status_code == 302


def test_from_the_queue_to_whom_to_look_for(desk: Client) -> None:
    crowd(8, 2)
    assert URL in office.page(desk, reverse("coordinate"))
    assert "Work it out" in page(desk)
    asked(desk)
    told = page(desk)
    assert "8 people waited; left over, even if everybody was matched at once: 5" in told
    where = "with weekday evenings free, by phone, video or text"
    assert f"1 woman, speaking English, {where}, at ease with women That would serve 2 more people" in told
    assert f"1 woman, speaking Spanish, {where}, at ease with people of any gender" in told
    assert "Together: 5 more people would be served." in told
    assert "No other choice of so many sponsors of these kinds would serve more." in told


def test_the_number_of_recruits_is_chosen_on_the_page(desk: Client) -> None:
    crowd(8, 2)
    asked(desk)
    assert "Together: 2 more people would be served." in page(desk, number=1)
    for wrong in ("0", "11", "many"):
        assert desk.get(URL, {"number": wrong}).status_code == 422


def test_the_people_behind_a_figure_are_links_and_only_to_whom_the_coordinator_may_see(desk: Client, bea: User) -> None:
    waits(first_name="Nina")
    own = waits(bea)
    asked(desk)
    html = office.page(desk, URL)
    assert html.count(f"/coordinate/requests/{SponsorRequest.objects.exclude(member=own).get().pk}/") == 2
    assert "Bea" not in text(html)
    assert "1 who waits no longer, or whom another coordinator sees" in text(html)


def test_the_longest_wait_stands_first_with_what_stands_in_the_way(desk: Client) -> None:
    factories.sponsor(languages=["pl"])
    waits(first_name="Young", days=1)
    waits(first_name="Old", days=9)
    asked(desk)
    told = page(desk)
    told = told[told.index("Who finds nobody") :]
    assert told.index("Old") < told.index("Young")
    assert "No shared language (1)" in told


def test_nobody_is_told_to_give_up_a_wish_about_gender_or_safety(desk: Client) -> None:
    factories.sponsor(gender="man", comfortable_with=["anyone"])
    waits()
    asked(desk)
    told = page(desk).lower()
    assert "1 woman, " in told
    for word in ("widen", "relax", "give up", "instead", "could accept"):
        assert word not in told


def test_while_workers_are_at_it_the_page_says_how_far_it_is(settings: Settings, desk: Client) -> None:
    settings.PAIRS_AT_ONCE = -1
    crowd(4, 1)
    asked(desk)
    html = office.page(desk, URL)
    assert "It is being worked out" in text(html)
    assert 'max="13" value="0"' in html
    assert f'hx-get="{URL}?again=1"' in html
    assert desk.post(f"{URL}ask/").status_code == 409
    recruiting.work_out(Recruiting.objects.get().pk)
    assert "Whom you could look for" in page(desk)


def test_a_search_is_cancelled_by_a_button(settings: Settings, desk: Client) -> None:
    settings.PAIRS_AT_ONCE = -1
    asked(desk)
    assert f'action="{URL}cancel/"' in office.page(desk, URL)
    assert desk.post(f"{URL}cancel/").status_code == 302
    html = office.page(desk, URL)
    assert "Cancelled. Nothing of it is kept" in html
    assert "Work it out" in text(html)
    assert desk.post(f"{URL}cancel/").status_code == 409


def test_the_page_asks_the_same_few_questions_however_many_wait(desk: Client) -> None:
    for number in (3, 40):
        crowd(number, 2)
        asked(desk)
        with office.at_most(8):
            page(desk, number=10)


def test_the_sheet_names_nobody_and_tells_of_no_small_group(desk: Client) -> None:
    for at in range(11):
        waits(first_name=f"Nina{at}")
    waits(first_name="Pola", languages=["pl"], gender="nonbinary", comfortable_with=["nonbinary"])
    asked(desk)
    assert "speaking Polish" in page(desk, number=10)
    told = text(office.page(desk, f"{URL}sheet/", number=10))
    assert "6 women, speaking English, with weekday evenings free" in told
    assert "1 more person. Ask your coordinators" in told
    for private in ("Nina", "Pola", "Polish", "non-binary", "North side", "serve", "12", "11"):
        assert private not in told.replace("Riverside", ""), private


def test_before_anything_is_worked_out_the_sheet_says_so(desk: Client) -> None:
    assert "Nothing is worked out yet" in text(office.page(desk, f"{URL}sheet/"))


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_kind_has_words_in_every_language(language: str) -> None:
    with translation.override(language):
        for hours in HOURS:
            for ease in AT_EASE_WITH:
                for gender in ("", "woman", "man", "nonbinary"):
                    for area, needs in ((None, ()), (1, ("wheelchair", "childcare"))):
                        kind = Sought(1, hours, "es", gender, ease, area, needs=needs)
                        words = in_words(kind, 2, fellowship="AA", area="North")
                        assert words.startswith("AA, 2 ")
                        assert "%(" not in words
                        assert (language == "en") == ("speaking" in words)
