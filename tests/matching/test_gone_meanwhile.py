"""C5, the rarest of it: whoever acts on something of a member who leaves at that very moment meets no error, nor does
who deletes their own account in one window and sends a form in another."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts import privacy
from accounts.models import User
from matching.views.overtaken import OvertakenMiddleware
from tests import factories
from tests.accounts.test_sponsor_side import OFFER
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


def _today() -> str:
    return factories.today().isoformat()


OWN: dict[str, tuple[str, list[str], Callable[[], dict[str, Any]]]] = {
    "asks for a sponsor": ("request", [], dict),
    "logs what they did": ("service_add", [], lambda: {"kind": "ride", "on": _today(), "minutes": ""}),
    "changes an answer": ("profile_edit", ["name"], lambda: {"first_name": "Zoe"}),
    "offers to sponsor": ("sponsor_apply", [], lambda: OFFER),
    "asks for somebody to meet": ("bridge", [], lambda: {"leaves_on": _today()}),
    "wants a calendar": ("calendar", [], dict),
    "wants other notices": ("notices", [], dict),
}
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


@pytest.mark.parametrize("deed", OWN)
def test_whoever_acts_while_their_own_account_goes_is_told_so(ana: User, deed: str) -> None:
    name, args, fields = OWN[deed]
    client = signed_in(ana)
    with held(lambda: client.post(reverse(name, args=args), fields())) as answer:
        privacy.erase(ana)
    told: Any = answer.result(30)
    assert told.status_code == 409
    assert "Your account was deleted" in told.content.decode()
    assert client.get(reverse("home")).status_code == 302


def test_another_error_of_the_database_is_none_of_these(ana: User) -> None:
    request = RequestFactory().post("/")
    request.user = ana
    asked = OvertakenMiddleware(lambda _: HttpResponse())
    for exception in (IntegrityError("a check"), OperationalError("no answer"), DatabaseError("no such row")):
        assert asked.process_exception(request, exception) is None
