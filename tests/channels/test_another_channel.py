"""A channel more is one file and one line in the settings: everything else follows from it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from matching.actions.outbox import post, send_outbox
from matching.actions.retention import forget
from matching.channels import ChannelGone
from matching.models import OutboxMessage
from matching.notices import Notice, Told
from matching.states import OutboxState
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


class Slips:
    """Slips of paper, pushed under the door."""

    name = "slips"
    label = "On a slip of paper"
    offered = True
    under_the_door: list[str] = []
    locked = False

    def addresses(self, members: Collection[UUID]) -> Mapping[UUID, Sequence[None]]:
        return {member: [None] for member in members}

    def compose(self, notice: Notice, message: OutboxMessage, told: Told) -> str:
        return str(notice.subject)

    def announce(self, letter: str) -> None:
        pass

    def send(self, letter: str) -> None:
        if self.locked:
            raise ChannelGone("locked")
        self.under_the_door.append(letter)

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _with_slips(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.NOTICE_CHANNELS = [*settings.NOTICE_CHANNELS, f"{__name__}.Slips"]
    monkeypatch.setattr(Slips, "under_the_door", [])


def test_a_notice_goes_out_on_it_with_a_mark_of_its_own(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slips, "locked", True)
    post("not_this_time", ana, key="one")
    assert send_outbox() == 1
    marks = OutboxMessage.objects.order_by("channel").values_list("channel", "state", "attempts")
    assert list(marks) == [("mail", OutboxState.SENT, 1), ("slips", OutboxState.WAITING, 0)]
    monkeypatch.undo()


def test_members_choose_what_comes_on_it(ana: User) -> None:
    client = signed_in(ana)
    assert "On a slip of paper" in client.get(reverse("notices")).content.decode()
    client.post(reverse("notices"), {"news": "on", "check_ins_slips": "on"})
    post("not_this_time", ana, key="one")
    assert send_outbox() == 1
    assert Slips.under_the_door == []
    client.post(reverse("notices"), {"news_slips": "on"})
    post("not_this_time", ana, key="two")
    assert send_outbox() == 1
    assert Slips.under_the_door == ["There is news for you"]


def test_when_it_is_taken_out_again_what_waits_for_it_is_let_go(ana: User, settings: Settings) -> None:
    post("not_this_time", ana, key="one")
    settings.NOTICE_CHANNELS = settings.NOTICE_CHANNELS[:1]
    assert send_outbox() == 1
    forget()
    assert OutboxMessage.objects.get(channel="slips").state == OutboxState.MISSED
