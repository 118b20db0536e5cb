"""Notifications in a real browser: switched on by its script, shown by its service worker, opened by a press.

There is no push service on this machine, so the browser's own subscription is replaced, and what a push service would
deliver is handed to the browser by its DevTools.
"""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from matching.channels import push
from matching.models import OutboxMessage, PushAddress
from matching.notices import NOTICES, Told
from tests.browser.conftest import wait_for
from tests.channels.push_service import Device
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

ENDPOINT = "https://fcm.googleapis.com/fcm/send/one"
SUBSCRIBES = """
const made = %s;
PushManager.prototype.subscribe = async function (options) {
  window.asked = { visible: options.userVisibleOnly, key: options.applicationServerKey.length };
  return { options, toJSON: () => ({ endpoint: made.endpoint, keys: { p256dh: made.p256dh, auth: made.auth } }) };
};
"""
REFUSES = "PushManager.prototype.subscribe = async () => { throw new Error('no push service'); };"
ON = "Switch on for this browser"


@pytest.fixture
def context(whole_browser: Browser, site: str, ana: User) -> Iterator[BrowserContext]:
    """Ana's browser, signed in."""
    context = whole_browser.new_context(base_url=site, locale="en-US")
    context.set_default_timeout(30_000)
    session = signed_in(ana).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    yield context
    context.close()


def _opened(context: BrowserContext, problems: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/notices/")
    return page


def test_a_browser_is_switched_on_by_its_script(context: BrowserContext, ana: User) -> None:
    """S6: the worker and the script run under the strict policy."""
    device, problems = Device(ENDPOINT), list[str]()
    context.grant_permissions(["notifications"])
    context.add_init_script(SUBSCRIBES % json.dumps(device.form))
    page = _opened(context, problems)
    page.get_by_role("button", name=ON).click()
    expect(page.get_by_text("Notifications are on for this browser.")).to_be_visible()
    kept = PushAddress.objects.get(member=ana)
    assert {"endpoint": kept.endpoint, "p256dh": kept.p256dh, "auth": kept.auth} == device.form
    expect(page.get_by_role("button", name="Switch off")).to_be_visible()
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("Nothing is sent there any more.")).to_be_visible()
    assert not PushAddress.objects.exists()
    assert problems == []


def test_a_browser_that_may_not_or_cannot_says_what_to_do(context: BrowserContext) -> None:
    page = _opened(context, [])
    page.get_by_role("button", name=ON).click()
    expect(page.get_by_text("Your browser does not allow notifications from here.")).to_be_visible()
    context.grant_permissions(["notifications"])
    context.add_init_script(REFUSES)
    page.reload()
    page.get_by_role("button", name=ON).click()
    expect(page.get_by_text("Mails still reach you.")).to_be_visible()
    assert not PushAddress.objects.exists()


def test_without_javascript_the_page_says_why_it_offers_no_notifications(
    browser: Browser, site: str, ana: User
) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    session = signed_in(ana).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page = context.new_page()
    page.goto("/notices/")
    expect(page.get_by_role("button", name=ON)).to_be_hidden()
    expect(page.get_by_text("This browser can't be switched on")).to_be_visible()
    context.close()


def test_the_service_worker_shows_a_push_in_its_neutral_words_and_one_at_a_time(
    context: BrowserContext, ana: User, site: str
) -> None:
    context.grant_permissions(["notifications"])
    page = _opened(context, [])
    talk = context.new_cdp_session(page)
    found: list[str] = []
    talk.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    talk.send("ServiceWorker.enable")
    page.evaluate("() => navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    for _ in range(300):
        if found:
            break
        # The browser's events only arrive while it is waited for.
        page.wait_for_timeout(100)
    assert found
    message = OutboxMessage(recipient=ana, address=ana.pk)
    for topic in ("offer_sent", "not_this_time"):
        said = push.Push().compose(NOTICES[topic], message, Told("/c/a-secret/", "A few words")).payload
        talk.send("ServiceWorker.deliverPushMessage", {"origin": site, "registrationId": found[0], "data": said})
    shown = """async () => {
      const worker = await navigator.serviceWorker.ready;
      return (await worker.getNotifications()).map((one) => [one.title, one.body, one.tag]);
    }"""
    wanted = [["Two Lights", "There is news for you", "notice"]]
    wait_for(lambda: page.evaluate(shown) == wanted)


def test_a_calendar_address_is_made_copied_and_leads_to_the_calendar(context: BrowserContext, site: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/notices/calendar/")
    page.get_by_role("button", name="Make my address").click()
    address = page.get_by_label("Your address, shown this once").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    answer = context.request.get(address)
    assert answer.ok
    assert answer.text().startswith("BEGIN:VCALENDAR")
    page.goto("/notices/calendar/")
    expect(page.get_by_label("Your address, shown this once")).to_have_count(0)
    page.get_by_role("button", name="Switch it off").click()
    assert context.request.get(address).status == 404
