"""Mail scanners open links in a whole browser, JavaScript and all: a visit alone changes nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from accounts import clock
from accounts.models import User
from matching.actions import checkins, offers, outbox, requests, reviews
from matching.models import CheckIn, CheckInPlan
from matching.states import CheckInState
from tests.browser.conftest import Visitor
from tests.security.snapshot import differences, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def javascript() -> bool:
    """A scanner that runs scripts."""
    return True


def test_a_whole_browser_that_only_looks_changes_nothing(
    visitor: Callable[[], Visitor], ana: User, rosa: User, bea: User
) -> None:
    """S8, the visit with JavaScript running."""
    offer = requests.choose(requests.ask(ana, by=ana), [rosa.pk], by=ana)
    outbox.send_outbox()
    reviews.approve_offer(offers.accept_offer(offer, by=rosa), by=bea)
    outbox.send_outbox()
    plan = CheckInPlan.objects.get(member=ana)
    assert plan.next_at is not None
    clock.move_on(plan.next_at - clock.now() + timedelta(minutes=1))
    checkins.remind_due()
    outbox.send_outbox()
    links = {link for letter in mail.outbox for link in re.findall(r"https?://\S+", str(letter.body))}
    assert any("/c/" in link for link in links)
    before = take()

    scanner = visitor()
    for link in sorted(links):
        scanner.page.goto(link, wait_until="networkidle")
        scanner.page.mouse.move(200, 300)

    assert differences(before, take()) == {}
    assert set(CheckIn.objects.values_list("state", flat=True)) == {CheckInState.OPEN}
