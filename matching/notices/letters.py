"""Messages to letters: the facts read again, the words in each recipient's language."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import Profile, TextPlace
from accounts.models.intergroup import in_reader_language
from matching import tokens
from matching.models import MAIL, OutboxMessage, UnwantedNotice
from matching.notices import moulds
from matching.notices.catalogue import NOTICES
from matching.notices.moulds import Letter, Wording
from matching.notices.notice import Notice, Told


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why a message is not to be sent."""

    reason: str


Form = TypeVar("Form")
Compose = Callable[[Notice, OutboxMessage, Told], Form]
Unwanted = set[tuple[UUID, str]]
Feet = Mapping[UUID, Mapping[str, str]]


def write(
    messages: Sequence[OutboxMessage], channel: str, compose: Compose[Form]
) -> dict[UUID, Form | Unsent | Exception]:
    """Write these messages of one channel, each in its recipient's language; by the message's id.

    ``compose`` puts a notice, and what it tells at present, into the channel's form. The facts of each topic are
    read by one query for all its messages, and so is what the recipients do not want. A message that can't be written
    has the exception in its place and spoils no other.
    """
    readers = {one.recipient_id for one in messages}
    unwanted: Unwanted = set(
        UnwantedNotice.objects.filter(member__in=readers, channel=channel).values_list("member", "kind")
    )
    feet = _feet(readers) if channel == MAIL else {}
    written: dict[UUID, Form | Unsent | Exception] = {}
    in_order = sorted(messages, key=lambda one: one.topic)
    for topic, group in groupby(in_order, key=lambda one: one.topic):
        same = list(group)
        try:
            written.update(_write_topic(topic, same, unwanted, feet, compose))
        except Exception:  # one of them is poison: each for itself, so that the others are written
            for one in same:
                written.update(_write_alone(one, unwanted, feet, compose))
    return written


def _feet(readers: Collection[UUID]) -> Feet:
    """What the offices of these members add to letters, by member; one query."""
    office = "intergroup__policy__texts"
    found = Profile.objects.filter(pk__in=readers, **{f"{office}__has_key": TextPlace.LETTERS.value})
    return {pk: texts[TextPlace.LETTERS.value] for pk, texts in found.values_list("pk", office)}


def _write_alone(
    message: OutboxMessage, unwanted: Unwanted, feet: Feet, compose: Compose[Form]
) -> Mapping[UUID, Form | Unsent | Exception]:
    try:
        return _write_topic(message.topic, [message], unwanted, feet, compose)
    except Exception as error:
        return {message.pk: error}


def _write_topic(
    topic: str, messages: Iterable[OutboxMessage], unwanted: Unwanted, feet: Feet, compose: Compose[Form]
) -> Mapping[UUID, Form | Unsent | Exception]:
    notice = NOTICES[topic]
    written: dict[UUID, Form | Unsent | Exception] = {}
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
        if one is None:
            written[message.pk] = Unsent("overtaken")
        else:
            foot = feet.get(message.recipient_id)
            written[message.pk] = compose(notice, message, replace(one, foot=foot) if foot else one)
    return written


def letter(message: OutboxMessage) -> EmailMultiAlternatives | None:
    """Write the mail for one message; None when its facts no longer hold or it is unwanted.

    Raises KeyError for a topic that does not exist.
    """
    written = write([message], MAIL, mail)[message.pk]
    if isinstance(written, Exception):
        raise written
    return None if isinstance(written, Unsent) else written


def mail(notice: Notice, message: OutboxMessage, told: Told) -> Letter:
    """The Message-ID is made from the message's id, so that a second sending after a crash is the same letter."""
    language = message.recipient.language
    with translation.override(language):
        wording = Wording(
            subject=str(notice.subject),
            text=str(told.text),
            button=str(notice.button),
            answers=tuple(map(str, notice.answers)),
            site_name=settings.SITE_NAME,
            language=language,
            sender=settings.DEFAULT_FROM_EMAIL,
            foot=in_reader_language(told.foot),
        )
        host = settings.SITE_URL.partition("://")[2].partition(":")[0]
        return moulds.letter(
            wording,
            to=message.recipient.email,
            link=settings.SITE_URL + told.path,
            message_id=f"{message.pk}@{host}",
            switch_off=_switch_off(notice, message),
        )


def _switch_off(notice: Notice, message: OutboxMessage) -> str:
    if not notice.kind:
        return ""
    token = tokens.notice_token(message.recipient_id, notice.kind)
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[token])}"
