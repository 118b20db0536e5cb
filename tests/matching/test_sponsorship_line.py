"""A member's line of sponsorship: one generation up, one down, as a picture and as a table."""

import pytest
from django.urls import reverse

from accounts.models import User
from matching.actions import pairings
from matching.pictures import LONGEST, tree
from matching.queries.step_service import SponsorshipLine, line_of
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(ana: User, rosa: User, bea: User) -> tuple[User, User, User]:
    """Ruth sponsors Rosa, Rosa sponsors Ana."""
    ruth = factories.sponsor(first_name="Ruth", initial="B")
    story.paired(rosa, ruth, bea)
    story.paired(ana, rosa, bea)
    return ruth, rosa, ana


def page(user: User) -> str:
    return office.page(signed_in(user), reverse("service"))


def test_each_sees_one_generation_up_and_one_down(line: tuple[User, User, User]) -> None:
    ruth, rosa, ana = line
    assert line_of(ruth) == SponsorshipLine([], ["Rosa M."])
    assert line_of(rosa) == SponsorshipLine(["Ruth B."], ["Ana L."])
    assert line_of(ana) == SponsorshipLine(["Rosa M."], [])


def test_nobody_sees_whom_the_other_sponsors_in_turn(line: tuple[User, User, User]) -> None:
    ruth, _rosa, ana = line
    assert "Ana L." not in page(ruth)
    assert "Ruth B." not in page(ana)


def test_it_is_drawn_and_stands_in_a_table_too(line: tuple[User, User, User]) -> None:
    text = page(line[1])
    assert '<title id="line-title">Your line of sponsorship</title>' in text
    assert text.count('<circle class="chart__') == 3
    rows = ("Sponsors you</th><td>Ruth B.", "You</th><td>Rosa M.", "You sponsor</th><td>Ana L.")
    assert all(f'<th scope="row">{row}</td>' in text for row in rows)


def test_without_any_there_is_no_picture(olga: User) -> None:
    assert "Your line" not in page(olga)


def test_whoever_parted_is_in_it_no_more(line: tuple[User, User, User]) -> None:
    _ruth, rosa, ana = line
    pairings.end_pairing(ana.sponsored.get(), by=ana)
    assert line_of(rosa).sponsees == line_of(ana).sponsors == []


def test_the_page_asks_the_database_little(line: tuple[User, User, User]) -> None:
    """L3."""
    client = signed_in(line[1])
    with office.at_most(8):
        client.get(reverse("service"))


def test_each_generation_stands_further_to_the_right_below_the_one_before() -> None:
    found = tree(["Ruth B."], "Rosa M.", ["Ana L.", "Eva P."])
    assert [one.x for one in found.nodes] == sorted(one.x for one in found.nodes)
    assert [one.y for one in found.nodes] == [22, 66, 110, 154]
    assert [one.own for one in found.nodes] == [False, True, False, False]
    assert found.path.count("M") == 3
    assert found.height == 176


def test_a_name_that_is_too_long_is_cut_in_the_picture() -> None:
    [own] = tree([], "M" * 45, []).nodes
    assert len(own.label.text) == LONGEST
    assert own.label.text.endswith("…")
