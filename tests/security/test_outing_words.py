"""S10: what a glance over somebody's shoulder, at a mailbox or at a list of open tabs, tells: nothing of what this is.

Letters of the outbox are in ``tests/matching/test_notices_are_neutral.py``; here are the mails about signing in, the
headers of all mails, and what stands in the tab of a page behind a link.
"""

import re
from html import unescape
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from matching import tokens
from matching.neutral_words import outing
from matching.notices import NOTICES
from tests import factories
from tests.matching import letters
from tests.security import access, visits

pytestmark = pytest.mark.django_db

FOLDERS = [Path(allauth.__file__).parent / "templates", Path(settings.BASE_DIR) / "templates"]
PREFIXES = sorted(
    {
        str(path.relative_to(folder)).removesuffix("_message.txt")
        for folder in FOLDERS
        for app in ("account", "mfa")
        for path in (folder / app / "email").glob("*_message.txt")
        if path.name != "base_message.txt"
    }
)
CONTEXT = {"code": "ABCD-EFGH", "email": "a@example.org", "key": "x-y", "activate_url": "/", "password_reset_url": "/"}
HEADERS = ("Subject", "From", "Reply-To", "Sender", "List-Id", "X-Mailer", "Organization", "Comments", "Keywords")
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", letters.LANGUAGES)


@IN_EACH_LANGUAGE
def test_no_mail_about_an_account_says_what_it_is_about(language: str) -> None:
    """Ours and those of allauth that we never send at present, as they are sent."""
    assert {"account/email/login_code", "mfa/email/webauthn_added", "account/email/unknown_account"} <= set(PREFIXES)
    for prefix in PREFIXES:
        with translation.override(language), request_context(RequestFactory().get("/")):
            get_adapter().send_mail(prefix, "a@example.org", dict(CONTEXT))
    assert len(mail.outbox) == len(PREFIXES)
    for letter in mail.outbox:
        assert "ABCD" not in letter.subject
        for words in (str(letter.subject), letter.from_email, str(letter.body)):
            assert outing(words, language) == [], words


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("topic", NOTICES)
def test_no_header_of_a_letter_names_a_list_or_says_more(topic: str, language: str) -> None:
    received = letters.received(letters.written(topic, language))
    assert "List-Id" not in received
    for header in HEADERS:
        assert outing(str(received.get(header, "")), language) == []
    assert not [name for name in received if name.startswith("X-")]


def shown_in_tab(page: str) -> str:
    """What stands in a browser's tab and history, and what is told to whoever previews a link."""
    head = page.split("</head>")[0]
    title = re.search(r"<title>(.*?)</title>", head, re.DOTALL)
    assert title is not None
    return unescape(" ".join([title[1], *re.findall(r'content="([^"{]*)"', head)]))


def pages_behind_links(world: access.World) -> dict[str, str]:
    """Each page whose address holds a secret, with a genuine one and with one that was altered."""
    found: dict[str, str] = {}
    for name, url in visits.rows(world).items():
        if name in visits.names_with("token") and name != "calendar_feed":
            found |= {name: url, f"{name}, altered": url.replace("ey", "ex", 1).replace(":", ":x", 1)}
    return found


def speak(language: str) -> None:
    User.objects.update(language=language)
    translation.activate(language)


@IN_EACH_LANGUAGE
def test_the_tab_of_a_page_behind_a_link_says_nothing(language: str) -> None:
    pages = pages_behind_links(access.world())
    assert len(pages) >= 10
    speak(language)
    for name, url in pages.items():
        answer = Client(headers={"accept-language": language}).get(url)
        if answer.status_code != 302:
            shown = shown_in_tab(answer.content.decode())
            assert shown.startswith(settings.SITE_NAME), name
            assert outing(shown, language) == [], (name, shown)


@IN_EACH_LANGUAGE
def test_the_tab_of_the_pages_on_the_way_in_says_nothing(language: str) -> None:
    """They come up in front of others, while somebody types a code."""
    visitor = Client(headers={"accept-language": language})
    for name in sorted(access.SIGNING_IN):
        page = visitor.get(reverse(name, args=access.ALLAUTH_ARGS.get(name, [])), follow=True)
        if page.status_code == 200 and "html" in page.headers["Content-Type"]:
            assert outing(shown_in_tab(page.content.decode()), language) == [], name


def test_an_invited_visitors_tab_says_nothing(ana: User) -> None:
    world = access.world()
    client = Client()
    answer = client.get(reverse("invitation_link", args=[tokens.invitation_token(world.invitation)]), follow=True)
    assert outing(shown_in_tab(answer.content.decode())) == []


@IN_EACH_LANGUAGE
def test_what_stays_on_a_phone_goes_by_the_neutral_name(language: str) -> None:
    """The name below the icon, of a file, of an entry in an app that shows codes, of a calendar's entry."""
    world = access.world()
    speak(language)
    manifest = Client().get(reverse("manifest")).json()
    calendar = Client().get(visits.rows(world)["calendar_feed"]).content.decode()
    summaries = re.findall(r"(?:SUMMARY|X-WR-CALNAME|DESCRIPTION|LOCATION|PRODID)[^:]*:(.*)", calendar)
    for words in (manifest["name"], manifest["short_name"], settings.MFA_TOTP_ISSUER, *summaries):
        assert outing(words, language) == []


def test_the_names_of_files_that_are_saved_say_nothing() -> None:
    client = access.world().client("sponsee")
    saved = client.post(reverse("my_data_export")).headers["Content-Disposition"]
    assert outing(saved) == []


@pytest.mark.parametrize("title", ["Your sponsor waits", "Un padrino", "Votre parrain", "12 steps today"])
def test_control_a_telling_title_would_be_noticed(title: str) -> None:
    """The negative control."""
    factories.fellowship()
    page = f'<html><head><title>{title}</title><meta content="x"></head>'
    assert any(outing(shown_in_tab(page), language) for language in letters.LANGUAGES)
