"""C5, the rarest of it: whoever acts on something of a member who leaves at that very moment meets no error."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from accounts import privacy
from accounts.models import User
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story
from tests.matching.race import held

pytestmark = pytest.mark.django_db(transaction=True)

GONE = (404, 409)
Deed = Callable[[User, User, User], tuple[User, str, dict[str, Any]]]


def _answered(how: str, ana: User, rosa: User, bea: User) -> tuple[User, str, dict[str, Any]]:
    return rosa, reverse(how, args=[office.sent(ana, rosa).pk]), {}


def _approved(ana: User, rosa: User, bea: User) -> tuple[User, str, dict[str, Any]]:
    return bea, reverse("review_approve", args=[office.in_review(ana, rosa).pk]), {}


def _ended(ana: User, rosa: User, bea: User) -> tuple[User, str, dict[str, Any]]:
    return rosa, reverse("pairing_end", args=[story.paired(ana, rosa, bea).pk]), {"reason": "unsaid"}


DEEDS: dict[str, Deed] = {
    "a yes": partial(_answered, "offer_accept"),
    "a no": partial(_answered, "offer_decline"),
    "an approval": _approved,
    "an end": _ended,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_whoever_acts_while_the_other_leaves_is_told_that_it_is_gone(deed: str) -> None:
    ana, rosa, bea = factories.newcomer(), factories.sponsor(), factories.coordinator()
    actor, url, fields = DEEDS[deed](ana, rosa, bea)
    client = signed_in(actor)
    with held(lambda: client.post(url, fields)) as answer:
        privacy.erase(ana)
    assert answer.result(30).status_code in GONE  # type: ignore[attr-defined]
