"""A member's devices: switched on by the browser's script, listed, switched off, forgotten."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts import clock, privacy
from accounts.browsers import label_of
from accounts.models import AuditEntry, User
from matching.actions import push_addresses
from matching.actions.retention import forget
from matching.models import NoticeKind, PushAddress, UnwantedNotice
from tests.channels.push_service import Device
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/one"
FIREFOX = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def _age(**ages: timedelta) -> None:
    PushAddress.objects.update(**{name: clock.now() - age for name, age in ages.items()})


def test_a_browser_is_switched_on_listed_and_switched_off(ana: User) -> None:
    client = signed_in(ana)
    answer = client.post(reverse("device_add"), Device(ENDPOINT).form, headers={"user-agent": FIREFOX}, follow=True)
    assert "Notifications are on for this browser." in answer.content.decode()
    assert "Firefox, Android" in answer.content.decode()
    client.post(reverse("device_remove", args=[PushAddress.objects.get().pk]))
    assert "Firefox, Android" not in client.get(reverse("notices")).content.decode()
    assert list(AuditEntry.objects.filter(member=ana.pk).order_by("pk").values_list("verb", flat=True)) == [
        "push.added",
        "push.removed",
    ]


def test_the_page_never_shows_the_address_or_the_keys_of_a_device(ana: User) -> None:
    device = Device(ENDPOINT)
    device.switched_on(ana)
    page = signed_in(ana).get(reverse("notices")).content.decode()
    assert not [secret for secret in device.form.values() if secret in page]


def test_the_same_browser_switched_on_twice_is_one_device(ana: User) -> None:
    device = Device(ENDPOINT)
    first, second = (device.switched_on(ana) for _ in range(2))
    assert first.pk == second.pk


def test_a_browser_that_somebody_else_switches_on_is_theirs_alone(ana: User, olga: User) -> None:
    device = Device(ENDPOINT)
    device.switched_on(ana)
    device.switched_on(olga)
    assert list(PushAddress.objects.values_list("member", flat=True)) == [olga.pk]


def test_of_too_many_devices_the_oldest_gives_way(ana: User, olga: User) -> None:
    Device(f"{ENDPOINT}-of-olga").switched_on(olga)
    for number in range(push_addresses.MOST + 2):
        Device(f"{ENDPOINT}-{number}").switched_on(ana)
    kept = PushAddress.objects.filter(member=ana)
    assert kept.count() == push_addresses.MOST
    assert {f"{ENDPOINT}-0", f"{ENDPOINT}-1"}.isdisjoint(one.endpoint for one in kept)
    assert PushAddress.objects.filter(member=olga).exists()


def test_nobody_switches_off_what_is_not_theirs(ana: User, olga: User) -> None:
    address = Device(ENDPOINT).switched_on(ana)
    for pk in (address.pk, uuid4()):
        assert signed_in(olga).post(reverse("device_remove", args=[pk])).status_code == 404
    assert PushAddress.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("p256dh", ""),
        ("p256dh", "x"),
        ("p256dh", "B" * 87),
        ("p256dh", "é" * 10),
        ("auth", ""),
        ("auth", "AAAA"),
        ("auth", "A+/A" * 5),
        ("endpoint", ""),
        ("endpoint", ENDPOINT + "x" * 1100),
    ],
)
def test_what_no_browser_would_send_is_refused_with_a_word(ana: User, field: str, value: str) -> None:
    answer = signed_in(ana).post(reverse("device_add"), {**Device(ENDPOINT).form, field: value})
    assert answer.status_code == 422
    assert "Please look at this again" in answer.content.decode()
    assert not PushAddress.objects.exists()


def test_without_a_key_of_the_site_push_is_not_offered(ana: User, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    page = signed_in(ana).get(reverse("notices")).content.decode()
    assert "data-push" not in page
    assert "news_push" not in page


def test_wishes_for_a_channel_that_is_not_offered_stay_as_they_are(ana: User, settings: Settings) -> None:
    every = {(str(kind), "push") for kind in NoticeKind}
    by_mail = {str(kind): "on" for kind in NoticeKind}
    signed_in(ana).post(reverse("notices"), by_mail)
    assert wishes(ana) == every
    settings.VAPID_PRIVATE_KEY = ""
    del by_mail["check_ins"]
    signed_in(ana).post(reverse("notices"), by_mail)
    assert wishes(ana) == every | {("check_ins", "mail")}


def wishes(member: User) -> set[tuple[str, str]]:
    return set(UnwantedNotice.objects.filter(member=member).values_list("kind", "channel"))


@pytest.mark.parametrize(
    ("ages", "kept"),
    [
        ({"failing_since": timedelta(days=29)}, True),
        ({"failing_since": timedelta(days=31)}, False),
        ({"added_at": timedelta(days=364)}, True),
        ({"added_at": timedelta(days=366)}, False),
        ({"added_at": timedelta(days=900), "reached_at": timedelta(days=364)}, True),
        ({"added_at": timedelta(days=900), "reached_at": timedelta(days=366)}, False),
    ],
)
def test_a_dead_device_is_forgotten(ana: User, ages: dict[str, timedelta], kept: bool) -> None:
    Device(ENDPOINT).switched_on(ana)
    _age(**ages)
    forget()
    assert PushAddress.objects.exists() == kept


def test_devices_are_in_the_copy_of_ones_data_and_go_with_the_account(ana: User, olga: User) -> None:
    Device(ENDPOINT).switched_on(ana)
    (kept,) = privacy.export(ana)["matching"]["devices"]
    assert (kept["endpoint"], kept["label"]) == (ENDPOINT, "Firefox, Android")
    assert privacy.export(olga)["matching"]["devices"] == []
    privacy.erase(ana)
    assert not PushAddress.objects.exists()


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (FIREFOX, "Firefox, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
            "Safari/537.36 Edg/142.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_by_browser_and_system(user_agent: str, label: str) -> None:
    assert label_of(user_agent) == label


def test_no_address_of_a_device_stands_in_a_log(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    """S11."""
    caplog.set_level(logging.DEBUG)
    client = signed_in(ana)
    client.post(reverse("device_add"), Device(ENDPOINT).form)
    client.post(reverse("device_add"), Device("https://example.org/wpush/v2/one").form)
    told = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert "wpush" not in "".join(told)


def test_the_service_worker_stands_at_the_root_and_is_asked_for_anew() -> None:
    answer = Client().get("/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert 'addEventListener("push"' in answer.content.decode()


def test_the_page_asks_the_database_as_often_with_many_devices_as_with_none(
    ana: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """L3."""
    client = signed_in(ana)
    for number in range(push_addresses.MOST):
        Device(f"{ENDPOINT}-{number}").switched_on(ana)
    with django_assert_max_num_queries(8):
        client.get(reverse("notices"))
