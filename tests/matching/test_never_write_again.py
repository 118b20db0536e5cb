"""Somebody on an office's list asks never to be written to again, and is not, whoever brings their address."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.crypto import keyed_hash
from accounts.models import AuditEntry, User
from matching import tokens
from matching.actions import invitees, retention
from matching.models import Invitee, UnwantedLetter
from matching.models.invitee import address_mark
from matching.neutral_words import outing
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, people_lists

pytestmark = pytest.mark.django_db

ONE = "Name,Email\nRuth Bergmann,ruth@example.org\n"


def link(address: str = "ruth@example.org") -> str:
    return reverse("invitee_never", args=[tokens.never_token(address_mark(address))])


def written_to() -> list[str]:
    """Send what waits; the addresses to which something went."""
    mail.outbox.clear()
    invitees.send_invitees()
    return sorted(one.to[0] for one in mail.outbox)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_letter_has_the_link_in_its_text_its_page_and_its_head(bea: User, language: str) -> None:
    Invitee.objects.filter(pk=people_lists.invited(bea, ONE)[0].pk).update(language=language)
    written_to()
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    of_head = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert of_head in str(letter.body)
    assert f'href="{of_head}"' in str(letter.alternatives[0][0])
    assert b"mark" + b"off" not in letter.message().as_bytes()
    page = Client().get(urlsplit(of_head).path, headers={"Accept-Language": language})
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert outing(text.split("Crisis")[0][:600], language) == []


def test_after_the_button_no_list_leads_to_a_letter(bea: User) -> None:
    people_lists.invited(bea, ONE)
    assert written_to() == ["ruth@example.org"]
    assert Client().post(link()).status_code == 200
    clock.move_on(timedelta(days=40))
    retention.forget()
    assert not Invitee.objects.exists()
    elsewhere = factories.coordinator(factories.intergroup("hillside"))
    people_lists.invited(bea, people_lists.PLAIN.replace("ruth@", "RUTH@"))
    people_lists.taken_in(elsewhere, ONE, of=factories.intergroup("hillside"))
    assert written_to() == ["tom@example.org"]


def test_control_without_the_button_the_same_list_leads_to_a_letter_again(bea: User) -> None:
    """The negative control."""
    people_lists.invited(bea, ONE)
    written_to()
    clock.move_on(timedelta(days=40))
    retention.forget()
    people_lists.invited(bea, ONE)
    assert written_to() == ["ruth@example.org"]


def test_one_who_is_quicker_than_the_letter_gets_none(bea: User) -> None:
    people_lists.invited(bea, ONE)
    Client().post(link())
    assert written_to() == []


def test_the_address_is_deleted_at_once_and_the_office_cannot_tell(bea: User) -> None:
    people_lists.invited(bea)
    written_to()
    url = reverse("office_list", args=["riverside"])
    before = re.findall(r"<li class=\"entries__entry\">.*?</li>", office.page(signed_in(bea), url), re.DOTALL)
    Client().post(link())
    after = re.findall(r"<li class=\"entries__entry\">.*?</li>", office.page(signed_in(bea), url), re.DOTALL)
    assert len(before) == 2
    assert [re.sub(r'value="[^"]*"', "", one) for one in before] == [re.sub(r'value="[^"]*"', "", one) for one in after]
    assert Invitee.objects.get(mark=address_mark("ruth@example.org")).address == ""


def test_a_later_list_does_not_keep_the_address_longer_than_until_the_next_tick(bea: User) -> None:
    Client().post(link())
    (ruth,) = people_lists.invited(bea, ONE)
    written_to()
    again = Invitee.objects.get(pk=ruth.pk)
    assert (again.address, again.sent_at is not None) == ("", True)


def test_it_can_be_taken_back(bea: User) -> None:
    Client().post(link())
    assert "We no longer write to you" in Client().get(link()).content.decode()
    Client().post(link(), {"again": "1"})
    people_lists.invited(bea, ONE)
    assert written_to() == ["ruth@example.org"]


def test_the_link_works_when_the_invitation_is_long_gone(bea: User) -> None:
    people_lists.invited(bea, ONE)
    address = link()
    clock.move_on(timedelta(days=400))
    retention.forget()
    assert Client().post(address).status_code == 200
    assert UnwantedLetter.objects.exists()


def test_pressing_twice_is_written_down_once_and_names_nobody() -> None:
    for _ in range(2):
        Client().post(link())
    entry = AuditEntry.objects.get(verb="letters.unwanted")
    assert (entry.actor, entry.member, entry.ids) == (None, None, {})
    row = UnwantedLetter.objects.get()
    assert "ruth" not in row.mark
    assert row.mark != keyed_hash("another key", "invitee", "ruth@example.org").hex()


def test_a_visit_alone_changes_nothing() -> None:
    """S8."""
    for method in ("get", "head", "options"):
        getattr(Client(), method)(link())
    assert not UnwantedLetter.objects.exists()


@pytest.mark.parametrize("token", ["x", "x:y:z", "invitee"])
def test_an_altered_link_and_one_for_something_else_do_nothing(token: str, bea: User) -> None:
    """S9."""
    if token == "invitee":
        token = tokens.invitee_token(people_lists.invited(bea, ONE)[0])
    url = reverse("invitee_never", args=[token])
    for answer in (Client().get(url), Client().post(url)):
        assert answer.status_code == 404
    assert not UnwantedLetter.objects.exists()


def test_the_link_opens_no_invitation(bea: User) -> None:
    """S9."""
    people_lists.invited(bea, ONE)
    with pytest.raises(tokens.BadToken):
        tokens.read_invitee(tokens.never_token(address_mark("ruth@example.org")))
