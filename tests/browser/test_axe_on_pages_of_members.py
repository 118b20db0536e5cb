"""axe finds nothing on any page of the access matrix, in any language, in light or dark: for visitors and members."""

import pytest

from tests.browser.everywhere import LONG, Reader, faults, reader, seen
from tests.browser.test_axe_on_pages_of_the_office import OFFICE
from tests.security import access
from tests.security.access import ROLES

__all__ = ["reader", "seen"]

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(LONG)]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in OFFICE])
def test_axe_finds_nothing_on_any_page(role: str, reader: Reader, seen: set[str]) -> None:
    assert faults(reader, access.world(), role, seen) == []
