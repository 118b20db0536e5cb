"""The table, the picture and the command: every figure is there, and so is what it rests on."""

import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from matching.simulate import DEFAULT_POLICIES, Comparison, Policy, compare, draw, table
from matching.simulate.picture.dots import IN_ALL, Axis, Dots
from matching.simulate.words import assumptions
from tests.simulate.small import BUSY

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    odd = Policy(name='<Odd> & "quoted"', offer_hours=48, review=False)
    return compare([*DEFAULT_POLICIES, odd], assumed=BUSY, weeks=1, seeds=(1, 2), processes=1)


def picture_of(comparison: Comparison) -> ElementTree.Element:
    return parsed(draw(comparison))


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own text


def said(element: ElementTree.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_everybody_who_asked_is_counted_once(comparison: Comparison) -> None:
    for result in comparison.results:
        one = result.figures
        assert one.asked == sum(year.asked for year in result.years)
        assert one.in_contact + one.elsewhere + one.unserved == pytest.approx(1)
        assert len(result.hours) == round(one.in_contact * one.asked)
        assert list(one.by_day.values()) == sorted(one.by_day.values())
        assert one.no + one.late + one.in_vain <= one.offers
        assert one.idle + one.full <= 1


def test_the_dots_of_a_row_are_everybody(comparison: Comparison) -> None:
    for result in comparison.results:
        dots = Dots.of(result, Axis(0, 400, 7.5))
        assert dots.contact.total() + dots.elsewhere + dots.unserved == IN_ALL


def test_the_axis_keeps_everything_between_its_ends() -> None:
    axis = Axis(100, 500, 7.5)

    assert axis.x(0) == 100
    assert axis.x(1e9) == 500
    assert 100 < axis.middle(axis.column(0)) < axis.middle(axis.column(1e9)) < 500


def test_the_picture_is_well_formed_and_has_a_title_and_a_description(comparison: Comparison) -> None:
    root = picture_of(comparison)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert root.tag == f"{SVG}svg"
    assert title is not None
    assert title.text == "A year of one office, seven ways to match"
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    for result in comparison.results:
        assert f"median {result.figures.median_hours:.0f} hours to contact" in (description.text or "")


def test_the_picture_states_its_assumptions_and_that_nothing_is_measured(comparison: Comparison) -> None:
    written = " ".join(said(one) for one in picture_of(comparison).iter(f"{SVG}text"))

    assert "Simulated. Nothing here is measured." in written
    assert "None of it is measured." in written
    for about, what in assumptions(comparison.assumed):
        assert f"{about} {what}" in written


def test_the_figures_are_also_text_in_the_picture(comparison: Comparison) -> None:
    written = " ".join(said(one) for one in picture_of(comparison).iter(f"{SVG}text"))
    for result in comparison.results:
        assert result.policy.name in written
        assert f"half by {result.figures.median_hours:.0f} h" in written
        assert f"90 % by {result.figures.p90_hours:.0f} h" in written


def test_the_picture_asks_nothing_of_the_network(comparison: Comparison) -> None:
    assert re.findall(r"https?://[^\"' ]+", draw(comparison)) == ["http://www.w3.org/2000/svg"]
    assert not {"script", "image", "use", "style", "foreignObject"} & {
        one.tag.removeprefix(SVG) for one in picture_of(comparison).iter()
    }


def test_every_mark_lies_within_the_picture(comparison: Comparison) -> None:
    root = picture_of(comparison)
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    for one in root.findall(f"{SVG}text") + root.findall(f"{SVG}circle"):
        assert 0 <= float(one.get("x") or one.get("cx") or -1) <= width
        assert 0 <= float(one.get("y") or one.get("cy") or -1) <= height


def test_a_year_in_which_nobody_met_can_be_told_too() -> None:
    lonely = compare([Policy(name="One")], assumed=replace(BUSY, sponsors=0, sponsors_a_week=0), weeks=1)

    assert "nobody came into contact" in draw(lonely)
    assert "–" in table(lonely)


def test_a_year_in_which_nobody_asked_can_be_told_too() -> None:
    quiet = compare([Policy(name="One")], assumed=replace(BUSY, arrivals_a_week=1e-9), weeks=1)

    assert quiet.results[0].figures.asked == 0
    assert parsed(draw(quiet)).tag == f"{SVG}svg"


def test_the_table_is_straight_and_names_every_policy(comparison: Comparison) -> None:
    lines = table(comparison).splitlines()
    rows = [line for result in comparison.results for line in lines if line.startswith(result.policy.name)]

    assert len(rows) == len(comparison.results)
    assert len({len(row) for row in rows}) == 1
    assert max(map(len, lines)) <= 120


def test_the_command_prints_a_table_and_writes_a_picture_and_the_figures(tmp_path: Path) -> None:
    out, svg, figures = StringIO(), tmp_path / "year.svg", tmp_path / "year.json"
    call_command(
        "simulate", weeks=2, years=1, sponsors=20, policy=["Usual", "Fast=hours:12"], svg=svg, json=figures, stdout=out
    )  # fmt: skip

    assert re.search(r"^Fast .*%", out.getvalue(), re.MULTILINE)
    assert "Nothing here is measured." in out.getvalue()
    assert parsed(svg.read_text()).tag == f"{SVG}svg"
    plain = json.loads(figures.read_text())
    assert plain["measured"] is False
    assert [one["name"] for one in plain["policies"]] == ["Usual", "Fast"]
    assert plain["assumptions"]["sponsors"] == 20


@pytest.mark.parametrize(
    ("options", "trouble"),
    [
        ({"years": 0}, "--years"),
        ({"weeks": 0}, "one week at least"),
        ({"arrivals": 0}, "arrivals_a_week"),
        ({"policy": ["A", "A"]}, "same name"),
        ({"policy": ["A=hours:x"]}, "whole number"),
    ],
)
def test_the_command_refuses_in_words(options: dict[str, object], trouble: str) -> None:
    with pytest.raises(CommandError, match=trouble):
        call_command("simulate", **options)


def test_the_command_says_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written"):
        call_command("simulate", weeks=1, years=1, policy=["A"], svg=tmp_path / "no" / "x.svg", stdout=StringIO())
