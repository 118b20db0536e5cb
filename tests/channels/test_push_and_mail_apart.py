"""Each device is a message of its own: what happens to a push neither doubles nor loses a mail, nor another push."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.models import User
from matching import notices
from matching.actions import leases
from matching.actions.notice_wishes import set_notice
from matching.actions.outbox import MOST_ATTEMPTS, post, send_outbox
from matching.actions.push_addresses import remove_address
from matching.channels import push
from matching.models import NoticeKind, OutboxMessage, PushAddress
from matching.states import OutboxState
from tests import factories
from tests.channels.push_service import UNHEARD, Device, PushService

pytestmark = pytest.mark.django_db(transaction=True)


def _marks(channel: str) -> set[tuple[str, int, str]]:
    return set(OutboxMessage.objects.filter(channel=channel).values_list("state", "attempts", "trouble"))


def test_the_same_occasion_posted_twice_is_one_message_for_each_address(
    ana: User, device: Device, service: PushService
) -> None:
    device.switched_on(ana)
    Device(f"https://{service.host}/wpush/two").switched_on(ana)
    for _ in range(2):
        post("not_this_time", ana, key="one")
    assert send_outbox() == 3
    assert send_outbox() == 0
    assert sorted(got.path for got in service.received) == ["/wpush/one", "/wpush/two"]
    assert len(mail.outbox) == 1


def test_without_a_device_nothing_is_made_for_the_channel(ana: User) -> None:
    post("not_this_time", ana, key="one")
    assert set(OutboxMessage.objects.values_list("channel", flat=True)) == {"mail"}


def test_without_a_key_nothing_is_made_and_what_waits_is_let_go(
    ana: User, device: Device, service: PushService, settings: Settings
) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="before")
    settings.VAPID_PRIVATE_KEY = ""
    post("not_this_time", ana, key="after")
    assert send_outbox() == 2
    assert service.received == []
    assert _marks("push") == {(OutboxState.MISSED, 1, "removed")}


@pytest.mark.parametrize("status", [400, 403, 413, 500, 503])
def test_a_push_that_is_refused_is_tried_again_later_and_the_mail_went_out_once(
    ana: User, device: Device, service: PushService, status: int
) -> None:
    device.switched_on(ana)
    service.status = status
    post("not_this_time", ana, key="one")
    for _ in range(MOST_ATTEMPTS + 2):
        send_outbox()
        clock.move_on(timedelta(minutes=45))
    assert len(mail.outbox) == 1
    assert _marks("mail") == {(OutboxState.SENT, 1, "")}
    assert _marks("push") == {(OutboxState.FAILED, MOST_ATTEMPTS, f"answered {status}")}
    assert len(service.received) == MOST_ATTEMPTS
    assert PushAddress.objects.get().failing_since is not None


def test_a_device_that_failed_and_is_reached_again_is_sound(ana: User, device: Device, service: PushService) -> None:
    device.switched_on(ana)
    service.status = 503
    post("not_this_time", ana, key="one")
    send_outbox()
    service.status = 201
    clock.move_on(timedelta(minutes=5))
    assert send_outbox() == 1
    address = PushAddress.objects.get()
    assert address.failing_since is None
    assert address.reached_at is not None


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_its_push_service_forgot_is_removed(
    ana: User, device: Device, service: PushService, status: int
) -> None:
    device.switched_on(ana)
    service.status = status
    post("not_this_time", ana, key="one")
    assert send_outbox() == 1
    assert not PushAddress.objects.exists()
    assert _marks("push") == {(OutboxState.MISSED, 1, "gone")}


def test_a_mail_server_that_is_gone_holds_no_push_up(
    ana: User, device: Device, service: PushService, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    device.switched_on(ana)
    post("not_this_time", ana, key="one")
    assert send_outbox() == 1
    assert _marks("mail") == {(OutboxState.WAITING, 0, "")}
    assert _marks("push") == {(OutboxState.SENT, 1, "")}


def test_a_push_service_in_trouble_is_asked_once_a_run_however_many_wait(
    ana: User, device: Device, service: PushService
) -> None:
    """No storm of retries: the others wait their turn, without a request."""
    device.switched_on(ana)
    service.status, service.more = 429, {"Retry-After": "1800"}
    for number in range(5):
        post("not_this_time", ana, key=str(number))
    began = clock.now()
    send_outbox()
    send_outbox()
    assert len(service.received) == 1
    asked = OutboxMessage.objects.get(channel="push", trouble="answered 429")
    assert asked.send_after - began >= timedelta(minutes=30)


def test_a_push_service_that_says_nothing_is_not_waited_for(
    ana: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "SECONDS", 0.2)
    Device(f"https://{service.host}{UNHEARD}").switched_on(ana)
    for number in range(3):
        post("not_this_time", ana, key=str(number))
    send_outbox()
    assert len(service.received) == 1
    assert {trouble for _, _, trouble in _marks("push")} == {"ReadTimeout", "push service in trouble"}


def test_a_device_removed_meanwhile_gets_nothing(ana: User, device: Device, service: PushService) -> None:
    address = device.switched_on(ana)
    post("not_this_time", ana, key="one")
    remove_address(address, by=ana)
    assert send_outbox() == 1
    assert service.received == []
    assert _marks("push") == {(OutboxState.MISSED, 1, "removed")}


def test_a_browser_that_somebody_else_uses_now_gets_nothing_of_the_one_before(
    ana: User, olga: User, device: Device, service: PushService
) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="of ana")
    device.switched_on(olga)
    assert send_outbox() == 1
    assert service.received == []
    assert list(PushAddress.objects.values_list("member", flat=True)) == [olga.pk]


@pytest.mark.parametrize(("off", "left"), [("mail", "push"), ("push", "mail")])
def test_a_kind_can_be_switched_off_on_one_channel_and_come_on_the_other(
    ana: User, device: Device, service: PushService, off: str, left: str
) -> None:
    device.switched_on(ana)
    set_notice(ana, NoticeKind.NEWS, wanted=False, channel=off)
    post("not_this_time", ana, key="one")
    assert send_outbox() == 1
    assert _marks(off) == {(OutboxState.MISSED, 1, "unwanted")}
    assert _marks(left) == {(OutboxState.SENT, 1, "")}
    assert (len(mail.outbox), len(service.received)) == ((1, 0) if left == "mail" else (0, 1))


def test_a_member_whose_account_is_suspended_gets_no_push(ana: User, device: Device, service: PushService) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="one")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert send_outbox() == 0
    assert service.received == []


def test_devices_of_others_are_never_written_to(ana: User, device: Device, service: PushService) -> None:
    device.switched_on(factories.newcomer())
    post("not_this_time", ana, key="one")
    assert send_outbox() == 1
    assert service.received == []


def test_a_second_copy_after_a_death_between_sending_and_marking_takes_the_place_of_the_first(
    ana: User, device: Device, service: PushService
) -> None:
    """At least once, as with mail: the push service and the screen fold the two, and the mail is not sent again."""
    device.switched_on(ana)
    post("not_this_time", ana, key="one")
    (lease,) = leases.take("push")
    channel = push.Push()
    channel.send(notices.write([lease.message], "push", channel.compose)[lease.message.pk])  # type: ignore[arg-type]
    channel.close()
    assert send_outbox() == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matching_outboxmessage SET leased_until = now() - interval '1 second'")
    assert send_outbox() == 1
    assert [got.headers["topic"] for got in service.received] == [push.TOPIC] * 2
    assert len(mail.outbox) == 1
