"""A push service for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.channels.push_service import Device, PushService, running


@pytest.fixture
def service(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """The one push service that may be called."""
    with running(tmp_path) as found:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate"))
        settings.PUSH_HOSTS = [found.host]
        yield found


@pytest.fixture
def device(service: PushService) -> Device:
    """A browser that registered with it."""
    return Device(f"https://{service.host}/wpush/one")
