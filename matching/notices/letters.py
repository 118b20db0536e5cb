"""Messages to letters: the facts read again, the words in each recipient's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from matching import tokens
from matching.models import OutboxMessage, UnwantedNotice
from matching.notices.catalogue import NOTICES
from matching.notices.notice import Notice, Told


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why a message is not to be sent."""

    reason: str


Written = EmailMultiAlternatives | Unsent | Exception


def write(messages: Sequence[OutboxMessage]) -> dict[UUID, Written]:
    """Write the mails for these messages, each in its recipient's language; by the message's id.

    The facts of each topic are read by one query for all its messages, and so is what the recipients do not want. A
    message that can't be written has the exception in its place and spoils no other.
    """
    unwanted = set(
        UnwantedNotice.objects.filter(member__in={one.recipient_id for one in messages}).values_list("member", "kind")
    )
    written: dict[UUID, Written] = {}
    in_order = sorted(messages, key=lambda one: one.topic)
    for topic, group in groupby(in_order, key=lambda one: one.topic):
        same = list(group)
        try:
            written.update(_write_topic(topic, same, unwanted))
        except Exception:  # one of them is poison: each for itself, so that the others are written
            for one in same:
                written.update(_write_alone(one, unwanted))
    return written


def _write_alone(message: OutboxMessage, unwanted: set[tuple[UUID, str]]) -> Mapping[UUID, Written]:
    try:
        return _write_topic(message.topic, [message], unwanted)
    except Exception as error:
        return {message.pk: error}


def _write_topic(
    topic: str, messages: Iterable[OutboxMessage], unwanted: set[tuple[UUID, str]]
) -> Mapping[UUID, Written]:
    notice = NOTICES[topic]
    written: dict[UUID, Written] = {}
    wanted = []
    for message in messages:
        if not message.recipient.is_active:
            written[message.pk] = Unsent("overtaken")
        elif notice.kind and (message.recipient_id, notice.kind.value) in unwanted:
            written[message.pk] = Unsent("unwanted")
        else:
            wanted.append(message)
    # A savepoint where a transaction runs: what the database refuses for one must not end it for the others.
    with transaction.atomic():
        told = notice.tell([message.ids for message in wanted])
    for message, one in zip(wanted, told, strict=True):
        written[message.pk] = Unsent("overtaken") if one is None else _mail(notice, message, one)
    return written


def letter(message: OutboxMessage) -> EmailMultiAlternatives | None:
    """Write the mail for one message; None when its facts no longer hold or it is unwanted.

    Raises KeyError for a topic that does not exist.
    """
    written = write([message])[message.pk]
    if isinstance(written, Exception):
        raise written
    return None if isinstance(written, Unsent) else written


def _mail(notice: Notice, message: OutboxMessage, told: Told) -> EmailMultiAlternatives:
    """The Message-ID is made from the message's id, so that a second sending after a crash is the same letter."""
    with translation.override(message.recipient.language):
        context = {
            "subject": str(notice.subject),
            "text": str(told.text),
            "button": str(notice.button),
            "link": settings.SITE_URL + told.path,
            "site_name": settings.SITE_NAME,
            "language": message.recipient.language,
        }
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("notices/letter.txt", context),
            to=[message.recipient.email],
            headers=_headers(notice, message),
        )
        mail.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
        return mail


def _headers(notice: Notice, message: OutboxMessage) -> dict[str, str]:
    """One click in the mail program switches the kind off (RFC 8058); no List-Id, which would name a list."""
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    headers = {"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if notice.kind:
        token = tokens.notice_token(message.recipient_id, notice.kind)
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{reverse('unsubscribe', args=[token])}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
