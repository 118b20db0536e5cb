"""One connection for many letters, whether the mail server takes commands in one go, refuses, or hangs up."""

import smtplib
from collections.abc import Iterator
from time import monotonic

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from matching.channels.base import ChannelGone
from matching.channels.mail import Mail
from matching.notices import moulds
from matching.notices.moulds import Letter, Wording
from tests.matching.mail_server import MailServer, serving

WORDING = Wording(
    subject="News",
    text="Hello\n.\n..dots",
    button="Look",
    answers=(),
    site_name="Two",
    language="en",
    sender="Two <two@example.org>",
)


@pytest.fixture(params=[True, False], ids=["in one go", "one by one"])
def server(request: pytest.FixtureRequest, settings: Settings) -> Iterator[MailServer]:
    with serving(pipelining=request.param) as one:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", one.port, 5
        yield one


@pytest.fixture
def mail(server: MailServer) -> Iterator[Mail]:
    mailer = Mail()
    yield mailer
    mailer.close()


def letter(to: str = "ana@example.org") -> Letter:
    return moulds.letter(WORDING, to=to, link="https://example.org/a/", message_id=f"{to}x")


def test_letters_arrive_whole_over_one_connection(server: MailServer, mail: Mail) -> None:
    letters = [letter(f"member{number}@example.org") for number in range(3)]
    for one in letters:
        mail.send(one)
    assert [raw for _, _, raw in server.letters] == [one.laid_out for one in letters]
    assert server.letters[1][1].upper() == "RCPT TO:<MEMBER1@EXAMPLE.ORG>"
    assert server.letters[1][0].upper().startswith("MAIL FROM:<TWO@EXAMPLE.ORG>")
    assert server.connections == 1


def test_what_is_not_laid_out_goes_out_over_the_same_connection(server: MailServer, mail: Mail) -> None:
    server.in_one_go = False
    mail.send(letter())
    mail.send(letter("ana@exämple.org"))
    mail.send(EmailMultiAlternatives("News", "Hello", "two@example.org", ["rosa@example.org"]))
    assert len(server.letters) == 3
    assert server.letters[1][1].upper() == "RCPT TO:<ANA@XN--EXMPLE-CUA.ORG>"
    assert server.connections == 1


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("MAIL", "550 not you", smtplib.SMTPSenderRefused),
        ("RCPT", "550 nobody here", smtplib.SMTPRecipientsRefused),
        ("DATA", "451 not now", smtplib.SMTPDataError),
        (".", "554 not this", smtplib.SMTPDataError),
    ],
)
def test_what_is_refused_is_told_and_does_not_spoil_the_next(
    server: MailServer, mail: Mail, command: str, answer: str, error: type[Exception]
) -> None:
    """A server that knows one go would take a letter even for a refused recipient: it must be given none."""
    usual = server.says[command]
    server.says[command] = answer
    with pytest.raises(error):
        mail.send(letter())
    server.says[command] = usual
    mail.send(letter("rosa@example.org"))
    assert [b"rosa@" in raw for _, _, raw in server.letters] == [True]


def test_a_server_that_hangs_up_after_some_letters_is_called_again(server: MailServer, mail: Mail) -> None:
    server.hangs_up_after = 2
    for number in range(4):
        mail.send(letter(f"member{number}@example.org"))
    assert len(server.letters) == 4
    assert server.connections == 2


def test_a_server_that_hangs_up_at_the_first_letter_is_not_asked_again_at_once(server: MailServer, mail: Mail) -> None:
    server.hangs_up_after = 0
    with pytest.raises(smtplib.SMTPException):
        mail.send(letter())
    assert server.letters == []


def test_a_letter_that_was_announced_arrives_once_when_it_is_sent(server: MailServer, mail: Mail) -> None:
    first, second = letter(), letter("rosa@example.org")
    mail.send(first)
    mail.announce(second)
    assert len(server.letters) == 1
    mail.send(second)
    assert [raw for _, _, raw in server.letters] == [first.laid_out, second.laid_out]
    assert server.connections == 1


def test_another_letter_than_the_announced_one_is_not_taken_for_it(server: MailServer, mail: Mail) -> None:
    mail.send(letter())
    mail.announce(letter("rosa@example.org"))
    for other in (
        letter("olga@example.org"),
        EmailMultiAlternatives("News", "Hello", "two@example.org", ["bea@example.org"]),
    ):
        server.in_one_go = server.pipelining and isinstance(other, Letter)
        mail.send(other)
    assert [b"rosa@" in raw for _, _, raw in server.letters] == [False] * 3


def test_after_an_announcement_the_connection_is_given_up_without_a_word(server: MailServer, mail: Mail) -> None:
    mail.send(letter())
    mail.announce(letter("rosa@example.org"))
    began = monotonic()
    mail.close()
    assert monotonic() - began < 2
    mail.send(letter("olga@example.org"))
    assert len(server.letters) == 2


def test_what_is_wrong_with_an_announced_letter_is_told_when_it_is_sent(server: MailServer, mail: Mail) -> None:
    mail.send(letter())
    server.says["RCPT"] = "550 nobody here"
    wrong = letter("rosa@example.org")
    mail.announce(wrong)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail.send(wrong)
    server.says["RCPT"] = "250 OK"
    mail.send(letter("olga@example.org"))
    assert len(server.letters) == 2


def test_a_server_that_hangs_up_at_an_announcement_is_called_again(server: MailServer, mail: Mail) -> None:
    server.hangs_up_after = 1
    mail.send(letter())
    mail.announce(second := letter("rosa@example.org"))
    mail.send(second)
    assert len(server.letters) == 2
    assert server.connections == 2


def test_a_server_that_is_not_there_is_nobodys_fault(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(ChannelGone):
        Mail().send(letter())


def test_another_backend_than_smtp_gets_a_mail_like_any_other(outbox: list[EmailMultiAlternatives]) -> None:
    Mail().send(letter())
    assert outbox[0].message()["Message-ID"] == "<ana@example.orgx>"
