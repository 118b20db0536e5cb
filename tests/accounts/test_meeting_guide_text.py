"""Text from a feed is plain when it arrives."""

import pytest

from accounts.meeting_guide import Outcome
from tests.accounts.meeting_rows import entry, mends, read, refusal


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("<b>Early</b> Risers", "Early Risers"),
        ("Alano<br/>Club", "Alano Club"),
        ("Joyous &amp; Free", "Joyous & Free"),
        ("Women&amp;#8217;s Group", "Women’s Group"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Hope", "Hope"),
        ('<img src=x onerror="alert(1)">Hope', "Hope"),
    ],
)
def test_html_is_removed_from_names(written: str, plain: str) -> None:
    assert entry(name=written).name == plain
    assert mends(name=written) == ["html_removed"]


@pytest.mark.parametrize(
    "name", ["Q&A on Sponsorship", "Fairfax 12 & 12", "25037 Parents", "AA en Español", "Hope 🙂", "I <3 Mondays"]
)
def test_honest_signs_and_number_codes_stay(name: str) -> None:
    assert entry(name=name).name == name
    assert read(name=name).outcome is Outcome.TAKEN


def test_extra_white_space_is_not_worth_a_mend() -> None:
    assert entry(name=" Sherwood  Park\tGroup ").name == "Sherwood Park Group"
    assert read(name=" Sherwood  Park ").outcome is Outcome.TAKEN


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\x1b[2J"[:1]])
def test_control_characters_and_direction_overrides_are_removed(hidden: str) -> None:
    assert entry(name=f"Early{hidden}Risers").name == "EarlyRisers"
    assert mends(name=f"Early{hidden}Risers") == ["hidden_removed"]


def test_a_very_long_name_is_cut_and_said_so() -> None:
    assert entry(name="n" * 10_000).name == "n" * 160
    assert mends(name="n" * 10_000) == ["cut"]


def test_a_name_of_thousands_of_open_tags_is_survived() -> None:
    assert read(name="<" * 100_000 + "a>" * 50_000).outcome is not Outcome.TAKEN


@pytest.mark.parametrize("name", [None, "", "  ", "<b></b>", "\u200d", True, ["Hope"], {"en": "Hope"}])
def test_a_row_without_a_name_is_refused(name: object) -> None:
    assert refusal(name=name) == "no_name"


def test_the_groups_name_stands_in_for_a_missing_one() -> None:
    assert entry(name="", group="The Lions").name == "The Lions"
    assert mends(name="", group="The Lions") == ["name_from_group"]


def test_a_number_is_a_name_and_a_slug() -> None:
    assert (entry(name=1201).name, entry(slug=6).slug) == ("1201", "6")
    assert mends(slug=6) == []


def test_a_missing_slug_is_made_from_the_name() -> None:
    assert entry(slug=None, name="Early Risers").slug == "early-risers"
    assert mends(slug=None) == ["slug_made"]


def test_a_slug_with_strange_signs_is_made_safe() -> None:
    assert entry(slug="Big Book @ St. Francis-402").slug == "big-book-st-francis-402"
    assert mends(slug="a/b?c") == ["slug_cleaned"]


def test_long_slugs_that_differ_at_the_end_stay_different() -> None:
    first, second = (entry(slug="s" * 200 + end).slug for end in "ab")

    assert first != second
    assert len(first) == len(second) == 160


def test_notes_quote_nothing_harmful() -> None:
    note = read(day="\x1b[31m<b>never</b>\u202e" + "x" * 500).refusal

    assert note is not None
    assert note.detail.startswith("[31mnever")
    assert len(note.detail) <= 40
    assert note.detail in str(note)
