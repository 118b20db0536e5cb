"""What the tests of the coordinators' pages share: an offer in each state, and a count of real queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from matching.actions import offers, requests
from matching.models import Offer, SponsorRequest
from tests import factories


def asked(member: User | None = None) -> SponsorRequest:
    """A request that waits for the newcomer's choice."""
    member = member or factories.newcomer()
    return requests.ask(member, by=member)


def sent(member: User | None = None, sponsor: User | None = None) -> Offer:
    """An offer that waits for its sponsor; without one named there is somebody new, and the best one is chosen."""
    if sponsor is None:
        factories.sponsor()
    request = asked(member)
    best = sponsor.pk if sponsor else request.suggestions.earliest("place").sponsor_id
    return requests.choose(request, [best], by=request.member)


def in_review(member: User | None = None, sponsor: User | None = None, note: str = "") -> Offer:
    """An offer that waits for the coordinators."""
    offer = sent(member, sponsor)
    return offers.accept_offer(offer, by=offer.sponsor, note=note)


def page(client: Client, url: str, **data: Any) -> str:
    """The text of a page that is there."""
    answer = client.get(url, data)
    assert answer.status_code == 200
    return answer.content.decode()


def seen(client: Client, url: str) -> str:
    """Which change of the settings a page of them knows of."""
    return version(page(client, url))


def version(html: str) -> str:
    """The same, of a page that is there already."""
    found = re.findall(r'name="seen" value="([^"]+)"', html)
    assert len(found) == 1
    return str(found[0])


@contextmanager
def at_most(number: int) -> Iterator[list[str]]:
    """Fail for more queries than this; the marks of a transaction ask the database nothing."""
    asked_for: list[str] = []
    with CaptureQueriesContext(connection) as seen:
        yield asked_for
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    asked_for += [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(marks)]
    assert len(asked_for) <= number, "\n".join(asked_for)
