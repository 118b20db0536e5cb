"""Letters of every topic as they would be sent, without the facts that they need in the database."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace

from django.core.mail import EmailMultiAlternatives
from django.utils.functional import Promise

from accounts.models import User
from matching.models import OutboxMessage
from matching.notices import NOTICES, Notice, Told
from matching.notices.letters import mail

LANGUAGES = ("en", "es", "fr")
PATH = "/c/eyJhIjoxLCJiIjoyfQ:1uXyZ0:_-0123456789abcdefghijklmnopqrstuvwxyzABCDEF/"


def written(topic: str, language: str, *, waiting: int = 3) -> EmailMultiAlternatives:
    """The letter of a topic in a language; ``waiting`` things wait, where it tells how many."""
    reader = User(email="ana@example.org", language=language)
    notice = NOTICES[topic]
    told = Told(PATH, text_of(notice, waiting=waiting))
    return mail(notice, OutboxMessage(topic=topic, recipient=reader), told)


def text_of(notice: Notice, *, waiting: int = 3) -> str | Promise:
    """What a notice says of so many things that wait, in the language of whoever reads it."""
    return notice._words(SimpleNamespace(waiting=waiting))


def html_of(letter: EmailMultiAlternatives) -> str:
    """Its page."""
    return str(letter.alternatives[0][0])


def received(letter: EmailMultiAlternatives) -> EmailMessage:
    """The letter as a mail program reads it from the wire."""
    return message_from_bytes(letter.message().as_bytes(), _class=EmailMessage, policy=policy.default)
