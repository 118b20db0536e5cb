"""S10: whoever sees the mail on somebody's phone learns nothing of what it is about."""

import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from matching.actions.outbox import post
from matching.models import OutboxMessage
from matching.notices import NOTICES, letter

OUTING = re.compile(
    r"\b(sponsor\w*|recover\w*|sober|sobriety|aa|na|anonymous|meetings?|12.step|twelve.step|steps?|addict\w*|drink\w*"
    r"|alcohol\w*|newcomers?|fellowships?|clean|intergroups?|relapse\w*|home group)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("topic", NOTICES)
def test_no_notice_says_what_it_is_about(topic: str) -> None:
    notice = NOTICES[topic]
    # A text that depends on the facts: of one thing and of several.
    texts = (
        [notice.text(SimpleNamespace(waiting=count)) for count in (1, 3)] if callable(notice.text) else [notice.text]
    )
    for words in (notice.subject, *texts, notice.button):
        assert OUTING.search(str(words)) is None
        assert "!" not in str(words)


def test_control_the_list_finds_such_words() -> None:
    for words in ("Your sponsor waits", "An AA thing", "The next Step", "12-step", "Sobriety date"):
        assert OUTING.search(words), words


def test_the_sender_and_the_sites_name_say_nothing_either() -> None:
    for words in (settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL, settings.MFA_TOTP_ISSUER):
        assert OUTING.search(words) is None


def _written(member: User, topic: str = "not_this_time") -> EmailMultiAlternatives:
    post(topic, member, key=str(uuid4()))
    mail = letter(OutboxMessage.objects.latest("posted_at"))
    assert mail is not None
    return mail


def test_a_whole_letter_is_neutral_names_nobody_and_has_one_link(ana: User) -> None:
    mail = _written(ana)
    html = str(mail.alternatives[0][0])
    for text in (str(mail.subject), mail.from_email, str(mail.body), re.sub(r"<[^>]+>", " ", html)):
        assert OUTING.search(text) is None
        assert ana.profile.first_name not in text
    assert len(re.findall(r"https?://\S+", str(mail.body))) == 1
    assert not re.search(r"<(img|script|link)\b", html), "nothing that tells the sender it was opened"


def test_a_letter_is_written_in_the_language_of_its_reader(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(language="es")
    ana.refresh_from_db()
    assert 'lang="es"' in str(_written(ana).alternatives[0][0])


def test_every_topic_reads_its_facts_again_and_says_nothing_when_they_are_gone(ana: User) -> None:
    """Ids of what does not exist: whoever was erased meanwhile leaves no message that leads nowhere."""
    gone = dict.fromkeys(("offer", "request", "pairing", "checkin", "report", "ask", "member", "sponsor"), str(uuid4()))
    told = {topic for topic, notice in NOTICES.items() if notice.where(gone) is not None}
    assert told == {"not_this_time", "pairing_ended", "report_filed", "request_closed"}
