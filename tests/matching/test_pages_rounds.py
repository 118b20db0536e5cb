"""The coordinators' pages of rounds: a preview is made, read, brought up to date, cancelled or published."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Intergroup, Sponsor, User
from matching.actions import round_publishing
from matching.actions.retention import forget
from matching.actions.round_moves import fail_round
from matching.actions.round_planning import lay_out
from matching.actions.round_publishing import publish_round
from matching.actions.round_solving import solve_part
from matching.actions.rounds import cancel_round
from matching.models import Offer, Round
from matching.queries.round_pages import hidden
from matching.states import RoundState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office
from tests.matching.round_story import again, crowd, laid_out, lone_pair, parts_left, preview, waits, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def text(html: str) -> str:
    """What a reader sees of the main part."""
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def page(client: Client, round_: Round, **asked: str) -> str:
    return text(office.page(client, reverse("round", args=[round_.pk]), **asked))


def press(client: Client, name: str, *args: object, **data: str) -> int:
    return client.post(reverse(name, args=args), data).status_code


def test_from_the_queue_to_a_preview_and_the_proposals(desk: Client, intergroup: Intergroup) -> None:
    crowd()
    assert reverse("rounds", args=["riverside"]) in office.page(desk, reverse("coordinate"))
    assert "12 people wait without an offer" in text(office.page(desk, reverse("rounds", args=["riverside"])))
    assert press(desk, "round_plan", "riverside", kind="best") == 302
    round_ = Round.objects.get()
    assert "being gathered" in page(desk, round_)
    lay_out(round_.pk)
    solve_part(parts_left(round_)[0])
    assert "1 of 3 parts are worked out" in page(desk, round_)
    worked_out(round_)
    told = page(desk, round_)
    assert "6 of 12 who wait" in told
    assert "No round serves more people" in told
    assert "77.5 on average, 77.5 at least" in told
    assert press(desk, "round_publish", round_.pk) == 302
    assert Offer.objects.count() == 6
    assert "6 pairs are proposed" in page(desk, round_)
    assert "Proposed to the newcomer" in page(desk, round_, part="pairs")


def test_without_a_script_the_page_says_where_to_look_again_and_with_one_it_asks_by_itself(
    desk: Client, bea: User
) -> None:
    crowd(4, 2)
    round_ = laid_out(bea)
    url = reverse("round", args=[round_.pk])
    asks = f'hx-get="{url}?again='
    html = office.page(desk, url)
    assert f'{asks}1" hx-trigger="load delay:1s, every 60s"' in html
    for looks, wait in ((1, 2), (3, 8), (4, 15), (999, 15)):
        assert f'hx-trigger="load delay:{wait}s, ' in office.page(desk, url, again=looks)
    assert "load delay:1s" in office.page(desk, url, again="soon")
    assert "Look again" in html
    assert "http-equiv" not in html
    worked_out(round_)
    assert asks not in office.page(desk, url)


def test_the_parts_of_a_preview_name_pairs_those_left_over_and_the_load(desk: Client, bea: User) -> None:
    crowd()
    round_ = preview(bea)
    pair, left = round_.pairs.earliest("pk"), round_.left_over.filter(eligible=0).earliest("pk")
    pairs = page(desk, round_, part="pairs")
    assert f"{pair.newcomer.profile} {pair.sponsor.profile} 77.5" in pairs
    over = page(desk, round_, part="left")
    assert str(left.newcomer.profile) in over
    assert "Not both comfortable with the other's gender (6)".replace("'", "&#x27;") in over
    assert "sponsor fits, and is needed by others" in over
    assert "1 of 1 free seat" in page(desk, round_, part="sponsors")


def test_reasons_that_members_keep_private_have_one_sentence(desk: Client, bea: User) -> None:
    waits()
    factories.sponsor(side={"confirmed_at": None})
    factories.sponsor(side={"has_own_sponsor": False})
    over = page(desk, preview(bea), part="left")
    assert "Not available at present (2)" in over


def test_small_numbers_are_not_shown(desk: Client, bea: User) -> None:
    crowd()
    told = page(desk, preview(bea))
    assert "English not shown not shown" in told
    assert "Phone 12 not shown" in told


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([30, 12], ["30", "12"]),
        ([30, 9, 12], ["30", "x", "x"]),
        ([30, 9, 3], ["30", "x", "x"]),
        ([9, 40], ["x", "x"]),
        ([9], ["x"]),
        ([], []),
    ],
)
def test_one_hidden_number_cannot_be_told_from_the_sum(counts: list[int], shown: list[str]) -> None:
    assert [one if one.isdigit() else "x" for one in hidden(counts)] == shown


def test_a_preview_says_who_came_and_went_since(desk: Client, bea: User) -> None:
    crowd()
    round_ = preview(bea)
    assert "began to wait since" not in page(desk, round_)
    waits(first_name="Nora")
    round_.pairs.earliest("pk").newcomer.delete()
    assert "People who began to wait since: 1. People who no longer wait: 1." in page(desk, round_)
    assert press(desk, "round_refresh", round_.pk) == 302
    assert again(round_).state == RoundState.PLANNING
    lay_out(round_.pk)
    worked_out(round_)
    assert "began to wait since" not in page(desk, round_)


def test_what_had_changed_at_publishing_is_told(desk: Client, bea: User) -> None:
    crowd()
    round_ = preview(bea)
    pair = lone_pair(round_)
    Sponsor.objects.filter(pk=pair.sponsor_id).update(has_own_sponsor=False)
    answer = desk.post(reverse("round_publish", args=[round_.pk]))
    assert answer.status_code == 409
    refusal = text(answer.content.decode())
    assert "Nothing was proposed, since something has changed" in refusal
    for told in (refusal, page(desk, round_)):
        assert "1 pair no longer fits." in told
        assert f"{pair.newcomer.profile} {pair.sponsor.profile} They no longer fit: Not available at present" in told
    assert not Offer.objects.exists()
    assert press(desk, "round_refresh", round_.pk) == 302
    lay_out(round_.pk)
    worked_out(round_)
    assert "What has changed since the preview" not in page(desk, round_)
    assert press(desk, "round_publish", round_.pk) == 302


def test_while_a_worker_proposes_the_pairs_of_a_large_round_the_page_says_so(
    desk: Client, bea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_publishing, "AT_ONE_PRESS", 5)
    crowd()
    round_ = preview(bea)
    assert press(desk, "round_publish", round_.pk) == 302
    html = office.page(desk, reverse("round", args=[round_.pk]))
    assert "These pairs are being proposed: all of them, or none." in html
    assert "hx-trigger" in html
    assert "Yes, propose them" not in html
    assert round_publishing.carry_out(round_.pk)
    assert "6 pairs are proposed" in page(desk, round_)


def test_a_coordinator_never_sees_their_own_pair(desk: Client, rosa: User, bea: User) -> None:
    waits(bea)
    round_ = preview(bea)
    for part in ("", "pairs", "left", "sponsors"):
        assert "Bea" not in page(desk, round_, part=part)
    publish_round(round_, by=bea)
    assert "wait for another coordinator" in page(desk, round_)


def test_cancelled_it_says_so_and_shows_nobody(desk: Client, bea: User) -> None:
    crowd()
    round_ = preview(bea)
    name = str(round_.pairs.earliest("pk").sponsor.profile)
    assert press(desk, "round_cancel", round_.pk) == 302
    told = page(desk, round_, part="sponsors")
    assert "Nothing of it is kept" in told
    assert name not in told


def test_a_button_that_came_too_late_says_how_it_stands_now(desk: Client, bea: User) -> None:
    round_ = preview(bea)
    cancel_round(round_, by=bea)
    for name in ("round_cancel", "round_refresh", "round_publish"):
        answer = desk.post(reverse(name, args=[round_.pk]))
        assert answer.status_code == 409
        assert "moved on meanwhile" in answer.content.decode()


def test_a_second_preview_at_the_same_time_is_refused_with_words(desk: Client, bea: User) -> None:
    laid_out(bea)
    answer = desk.post(reverse("round_plan", args=["riverside"]), {"kind": "best"})
    assert answer.status_code == 409
    assert "being worked out at present" in answer.content.decode()
    assert press(desk, "round_plan", "riverside", kind="nonsense") == 422


def test_a_round_that_could_not_be_made_says_what_to_do(desk: Client, bea: User) -> None:
    round_ = laid_out(bea)
    fail_round(round_.pk, "MemoryError")
    told = page(desk, round_)
    assert "could not be worked out" in told
    assert "MemoryError" not in told


def test_of_an_old_round_the_page_has_the_figures_alone(desk: Client, bea: User) -> None:
    crowd()
    round_ = preview(bea)
    publish_round(round_, by=bea)
    clock.move_on(timedelta(days=8))
    forget()
    told = page(desk, round_)
    assert "forgotten after seven days" in told
    assert "6 of 12 who wait" in told
    assert "forgotten after seven days" in page(desk, round_, part="pairs")


def test_strangers_find_no_such_page(ana: User, rosa: User, bea: User) -> None:
    round_ = preview(bea)
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    for stranger in (ana, rosa, elsewhere):
        client = signed_in(stranger)
        assert client.get(reverse("rounds", args=["riverside"])).status_code == 404
        assert client.get(reverse("round", args=[round_.pk])).status_code == 404
        for name in ("round_cancel", "round_refresh", "round_publish"):
            assert press(client, name, round_.pk) == 404
        assert press(client, "round_plan", "riverside", kind="best") == 404
    assert again(round_).state == RoundState.PREVIEW


@pytest.mark.parametrize("part", ["", "pairs", "left", "sponsors"])
@pytest.mark.parametrize("published", [False, True])
def test_a_page_asks_at_most_eight_questions_however_many_people(
    published: bool, part: str, desk: Client, bea: User
) -> None:
    counts = []
    for number in (2, 8):
        crowd(4 * number, 2 * number)
        round_ = preview(bea)
        if published:
            publish_round(round_, by=bea)
        with office.at_most(8) as queries:
            page(desk, round_, part=part)
        counts.append(len(queries))
        with office.at_most(8):
            office.page(desk, reverse("rounds", args=["riverside"]))
    assert counts[0] == counts[1]


def test_a_round_at_work_asks_few_questions(desk: Client, bea: User) -> None:
    crowd()
    round_ = laid_out(bea)
    with office.at_most(8):
        page(desk, round_)
