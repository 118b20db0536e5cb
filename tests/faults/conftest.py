"""One place for the whole folder: its start costs more than any test in it."""

from collections.abc import Iterator

import pytest

from tests.faults.place import Place
from tests.ground.processes import clean_up


@pytest.fixture(scope="session")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("faults") / "data"
    folder.mkdir()
    try:
        place = Place(folder)
        yield place
        place.close()
    finally:
        clean_up(folder)


@pytest.fixture
def place(_place: Place) -> Place:
    """Nothing posted, nothing sent."""
    _place.fresh()
    return _place
