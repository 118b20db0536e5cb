"""What goes to a device: readable there alone, and nothing in it that tells what this is about."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from py_vapid import Vapid

from accounts import clock
from accounts.models import User
from matching.actions.outbox import post, send_outbox
from matching.channels import push, vapid
from matching.models import OutboxMessage
from matching.neutral_words import outing
from matching.notices import NOTICES, Told
from tests.channels.push_service import Device, PushService

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_notification_is_read_by_its_device_and_says_what_a_mails_subject_says(
    ana: User, device: Device, service: PushService
) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="one")
    assert send_outbox() == 2
    (got,) = service.received
    assert device.read(got.body) == {"title": "Two Lights", "body": "There is news for you"}
    assert got.path == "/wpush/one"
    assert got.headers["content-encoding"] == "aes128gcm"
    assert b"news" not in got.body


def test_no_other_device_can_read_it(ana: User, device: Device, service: PushService) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="one")
    send_outbox()
    with pytest.raises(Exception, match=r".*"):
        Device(device.endpoint).read(service.received[0].body)


def test_the_site_proves_who_it_is_to_this_push_service_alone(ana: User, device: Device, service: PushService) -> None:
    """RFC 8292."""
    device.switched_on(ana)
    post("not_this_time", ana, key="one")
    send_outbox()
    given = service.received[0].headers["authorization"]
    token, key = (part.partition("=")[2] for part in given.partition(" ")[2].split(","))
    assert Vapid.verify(given)
    assert key == vapid.public_key(settings.VAPID_PRIVATE_KEY)
    claims = json.loads(vapid.decoded(token.split(".")[1]))
    assert claims["aud"] == f"https://{service.host}"
    assert claims["sub"] == settings.VAPID_SUBJECT


@pytest.mark.parametrize("grace", [timedelta(hours=3), timedelta(minutes=20)])
def test_the_push_service_keeps_it_no_longer_than_its_grace(
    ana: User, device: Device, service: PushService, grace: timedelta
) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="one", grace=grace)
    clock.move_on(timedelta(minutes=10))
    send_outbox()
    left = (grace - timedelta(minutes=10)).total_seconds()
    assert left - 60 < int(service.received[0].headers["ttl"]) <= left
    assert service.received[0].headers["topic"] == push.TOPIC


def test_what_is_too_late_goes_to_no_device(ana: User, device: Device, service: PushService) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="one", grace=timedelta(hours=1))
    clock.move_on(timedelta(hours=2))
    assert send_outbox() == 0
    assert service.received == []


@pytest.mark.parametrize("topic", NOTICES)
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_notice_has_the_same_length_and_no_outing_word_name_or_link(ana: User, topic: str, language: str) -> None:
    """S10: the push service can't even tell one kind from another."""
    ana.language = language
    message = OutboxMessage(recipient=ana, topic=topic, address=ana.pk, grace_until=clock.now())
    said = push.Push().compose(NOTICES[topic], message, Told("/c/a-secret/", "A few words")).payload
    assert len(said.encode()) == push.LENGTH
    assert outing(said, language) == []
    for private in ("a-secret", "http", "/", ana.email, ana.profile.first_name, str(ana.pk)):
        assert private not in said
