"""S10: whoever sees the mail on somebody's phone learns nothing of what it is about."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from matching.actions.outbox import post
from matching.models import OutboxMessage
from matching.neutral_words import outing
from matching.notices import NOTICES, letter
from tests.matching import letters

TOPICS = pytest.mark.parametrize("topic", NOTICES)
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", letters.LANGUAGES)


@IN_EACH_LANGUAGE
@TOPICS
@pytest.mark.parametrize("waiting", [1, 3])
def test_no_letter_says_what_it_is_about(topic: str, language: str, waiting: int) -> None:
    """Subject, sender, preheader, text and page, as a mail program reads them from the wire."""
    mail = letters.received(letters.written(topic, language, waiting=waiting))
    page = mail.get_body(("html",))
    plain = mail.get_body(("plain",))
    assert page is not None
    assert plain is not None
    seen = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.get_content(), flags=re.DOTALL))
    text = plain.get_content().replace(settings.SITE_URL + letters.PATH, "")
    for words in (str(mail["Subject"]), str(mail["From"]), seen, text):
        assert words.strip()
        assert outing(words, language) == []
        assert "!" not in words


@IN_EACH_LANGUAGE
@TOPICS
def test_the_first_words_of_every_letter_are_the_same(topic: str, language: str) -> None:
    """What a lock screen shows beside the subject; what follows is kept out of it by characters that take no room."""
    page = letters.html_of(letters.written(topic, language))
    body = unescape(re.sub(r"<[^>]+>", " ", page[page.index("<body") :]))
    with translation.override(language):
        assert body.split() != []
        assert " ".join(body.split()).startswith(gettext("Open it when you have a quiet moment."))
    assert body.index(str(letters.written(topic, language).subject)) > 150


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Your sponsor waits|An AA thing|The next Step|12-step|Sobriety date"),
        ("es", "Tu madrina espera|Una reunión|Los doce pasos|Alcohólicos|La persona recién llegada"),
        ("fr", "Votre marraine|Une réunion|Les douze étapes|Le rétablissement|La nouvelle personne"),
    ],
)
def test_control_the_list_finds_such_words(language: str, words: str) -> None:
    for one in words.split("|"):
        assert outing(one, language), one


def test_the_sender_and_the_sites_name_say_nothing_either() -> None:
    for words in (settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL, settings.MFA_TOTP_ISSUER):
        for language in letters.LANGUAGES:
            assert outing(words, language) == []


def _written(member: User, topic: str = "not_this_time") -> EmailMultiAlternatives:
    post(topic, member, key=str(uuid4()))
    mail = letter(OutboxMessage.objects.latest("posted_at"))
    assert mail is not None
    return mail


def test_a_whole_letter_names_nobody_and_has_one_link(ana: User) -> None:
    mail = _written(ana)
    for text in (str(mail.subject), mail.from_email, str(mail.body), letters.html_of(mail)):
        assert ana.profile.first_name not in text
    assert len(re.findall(r"https?://\S+", str(mail.body))) == 1


def test_a_letter_is_written_in_the_language_of_its_reader(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(language="es")
    ana.refresh_from_db()
    assert 'lang="es"' in str(_written(ana).alternatives[0][0])


def test_every_topic_reads_its_facts_again_and_says_nothing_when_they_are_gone(ana: User) -> None:
    """Ids of what does not exist: whoever was erased meanwhile leaves no message that leads nowhere."""
    kinds = "offer request pairing checkin report milestones ask member sponsor bridge question".split()
    gone = dict.fromkeys(kinds, str(uuid4()))
    told = {topic for topic, notice in NOTICES.items() if notice.where(gone) is not None}
    assert told == {"not_this_time", "pairing_ended", "report_filed", "request_closed"}
