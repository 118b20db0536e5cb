"""Members' browsers name the addresses that this server calls: it calls known push services, and nothing else."""

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from matching.actions.outbox import post, send_outbox
from matching.channels.push import allowed_host
from matching.models import OutboxMessage, PushAddress
from tests.channels.push_service import Device, PushService
from tests.conftest import signed_in

KNOWN = [
    "https://fcm.googleapis.com/fcm/send/abc:APA91b-_",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
    "https://web.push.apple.com/QGuQyavXutnMD",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2b",
]
FOREIGN = [
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/",
    "https://127.0.0.1:5432/",
    "https://[::1]/",
    "https://example.org/fcm.googleapis.com/",
    "https://fcm.googleapis.com.example.org/",
    "https://fcm.googleapis.com:8443/",
    "https://fcm.googleapis.com@example.org/",
    "https://example.org\\.push.apple.com/",
    "https://example.org\\@web.push.apple.com/",
    "https://example.org#.push.apple.com/",
    "https://example.org?.push.apple.com/",
    "https://push.apple.com/",
    "https://.push.apple.com:1/",
    "https://web.push.apple.com",
    "https://web.push.apple.com/\n",
    "https://web.push.apple.com/a b",
    " https://web.push.apple.com/",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("endpoint", KNOWN)
def test_the_push_services_of_the_four_makers_are_known(endpoint: str) -> None:
    assert allowed_host(endpoint) is not None


@pytest.mark.parametrize("endpoint", FOREIGN)
def test_any_other_address_is_refused(endpoint: str) -> None:
    assert allowed_host(endpoint) is None


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", [one for one in FOREIGN if one == one.strip()])
def test_a_page_takes_no_such_address(ana: User, endpoint: str) -> None:
    answer = signed_in(ana).post(reverse("device_add"), Device(endpoint).form)
    assert answer.status_code == 422
    assert not PushAddress.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_address_whose_host_is_no_longer_allowed_is_not_called(
    ana: User, device: Device, service: PushService, settings: Settings
) -> None:
    device.switched_on(ana)
    post("not_this_time", ana, key="one")
    settings.PUSH_HOSTS = ["fcm.googleapis.com"]
    send_outbox()
    assert service.received == []
    assert OutboxMessage.objects.get(channel="push").trouble == "host not allowed"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_push_service_that_points_elsewhere_is_not_followed(
    ana: User, device: Device, service: PushService, status: int
) -> None:
    device.switched_on(ana)
    service.status, service.more = status, {"Location": f"https://{service.host}/elsewhere"}
    post("not_this_time", ana, key="one")
    send_outbox()
    assert [got.path for got in service.received] == ["/wpush/one"]
    assert OutboxMessage.objects.get(channel="push").state == "waiting"
