"""Several senders at once send each message once."""

from collections import Counter

import pytest
from django.core import mail

from matching.actions.leases import take
from matching.actions.outbox import post, send_outbox
from matching.models import OutboxMessage
from matching.states import OutboxState
from tests import factories
from tests.matching.race import race

MESSAGES = 250

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _waiting() -> None:
    ana = factories.newcomer()
    for number in range(MESSAGES):
        post("not_this_time", ana, key=f"message {number}")


def test_five_senders_send_each_message_once() -> None:
    counts = race([send_outbox] * 5)
    assert sum(one for one in counts if isinstance(one, int)) == MESSAGES
    seen = Counter(str(one.extra_headers["Message-ID"]) for one in mail.outbox)
    assert len(seen) == MESSAGES
    assert set(seen.values()) == {1}
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {(OutboxState.SENT, 1)}


def test_no_two_senders_hold_the_same_message() -> None:
    leases = race([take] * 3)
    held = [lease.message.pk for taken in leases if isinstance(taken, list) for lease in taken]
    assert len(held) == len(set(held)) == MESSAGES


def test_control_senders_who_read_without_a_lease_send_twice() -> None:
    """The negative control: the same race, read first and marked afterwards."""

    def naive() -> list[str]:
        return list(OutboxMessage.objects.filter(state=OutboxState.WAITING).values_list("key", flat=True))

    held = [key for keys in race([naive] * 3) if isinstance(keys, list) for key in keys]
    assert len(held) > len(set(held))
