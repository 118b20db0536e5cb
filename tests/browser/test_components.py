"""The page of all components shows each of them, and axe finds nothing on it."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page
from pytest_django import Settings

from tests.browser.test_pages_are_accessible import faults, page

__all__ = ["page"]

FOLDER = Path(django_settings.BASE_DIR) / "templates"
EVERYWHERE = {"messages.html", "mark.html", "switches.html", "crisis.html", "nav_link.html"}
"""On every page already."""
INSIDE = {"field_notes.html", "week_picture.html", "week_input.html"}
"""Come with another component, or by a tag of their own name."""
ELSEWHERE = {"go_on.html", "tab_link.html"}
"""Need somebody who has been invited, or the pages of the second step."""


def test_every_component_is_on_it() -> None:
    text = (FOLDER / "demo" / "components.html").read_text()
    there = {one.name for one in (FOLDER / "components").glob("*.html")}
    included = set(re.findall(r"components/(\w+\.html)", text))
    assert there - EVERYWHERE - INSIDE - ELSEWHERE == included - EVERYWHERE
    assert "{% week_picture" in text
    assert "{% week_input" in text


@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_it(page: Page, site: str, settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.browser.demo_urls"
    assert faults(page, ["/dev/components/"], site) == []
