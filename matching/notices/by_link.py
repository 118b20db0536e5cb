"""A mail to somebody who may have no account: a few words and one link, with nothing of what it is about."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from matching.notices import moulds
from matching.notices.moulds import Letter, Wording


def letter_by_link(
    *,
    subject: Promise,
    text: Promise,
    button: Promise,
    language: str,
    to: str,
    path: str,
    key: UUID,
    stop: Promise | None = None,
    stop_path: str = "",
) -> Letter:
    """The mail, in that language; ``path`` leads on from the site's address, and ``key`` makes the mail's id, so that
    the same mail sent twice is known as one. ``stop`` are the words of a second link, by which no such mail comes
    again."""
    with translation.override(language):
        wording = Wording(
            subject=str(subject),
            text=str(text),
            button=str(button),
            answers=(),
            site_name=settings.SITE_NAME,
            language=language,
            sender=settings.DEFAULT_FROM_EMAIL,
            stop="" if stop is None else str(stop),
        )
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return moulds.letter(
        wording,
        to=to,
        link=settings.SITE_URL + path,
        message_id=f"{key.hex}@{host}",
        switch_off=settings.SITE_URL + stop_path if stop_path else "",
    )
