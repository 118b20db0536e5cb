"""axe finds nothing on any page of the access matrix, in any language, in light or dark: for those who serve.

A file of its own, so that it can run beside the pages of members.
"""

import pytest

from tests.browser.everywhere import LONG, Reader, faults, kind, reader, seen
from tests.security import access

__all__ = ["reader", "seen"]

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(LONG)]

OFFICE = ("here", "elsewhere", "staff")


@pytest.mark.parametrize("role", OFFICE)
def test_axe_finds_nothing_on_any_page(role: str, reader: Reader, seen: set[str]) -> None:
    assert faults(reader, access.world(), role, seen) == []


def test_control_what_is_wrong_in_one_place_is_found(reader: Reader) -> None:
    """The negative control: no language, a picture without words, grey on grey in the dark alone."""
    dull = "<style>@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }</style>"
    html = f"<!DOCTYPE html><title>One</title>{dull}<main><h1>One</h1><p>Two</p><img src='/static/none.png'></main>"
    found = {one.rpartition(" ")[0] for one in reader.complaints("/", html)}
    assert found == {"html-has-lang", "image-alt", "dark: color-contrast"}


def test_control_only_names_and_numbers_make_no_page_of_its_own() -> None:
    page = '<a href="/offers/{number}/">{name} answers by {number} o’clock</a>'
    assert kind(page.format(name="Ana L.", number=5)) == kind(page.format(name="Rosa M.", number=17))
    assert kind(page.format(name="Ana L.", number=5)) != kind(page.format(name="Nobody", number=5))
