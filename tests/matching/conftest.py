"""What several tests of this folder need of the world outside."""

from collections.abc import Iterator

import pytest

from recovery_match.celery import app


@pytest.fixture
def broker_gone() -> Iterator[None]:
    """Celery keeps a pool of connections: it is put aside, and made afresh for the address of a closed port."""
    here = app.conf.broker_url
    for address in ("redis://127.0.0.1:1/0", here):
        app.conf.update(broker_url=address)
        vars(app.amqp)["_producer_pool"] = None
        if address != here:
            yield
