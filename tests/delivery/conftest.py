"""One site for the whole folder, since its start costs more than any test in it; gone with the last of them."""

from collections.abc import Iterator

import pytest

from tests.delivery.site import Site
from tests.ground.processes import clean_up


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything runs, as in production."""
    folder = tmp_path_factory.mktemp("site")
    try:
        made = Site(folder)
        try:
            made.up(TICK_SECONDS="1")
            yield made
        finally:
            made.down()
    finally:
        clean_up(folder)
