"""Mail: one connection to the mail server, or to a provider's interface, for many letters."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from smtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected
from time import monotonic
from uuid import UUID

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext_lazy as _

from matching.channels import handing
from matching.channels.base import ChannelGone
from matching.models import MAIL, OutboxMessage
from matching.notices import Notice, Told, letters
from matching.notices.moulds import Letter

SHUTTING_DOWN = 421
QUICKLY = 1.0
OUR_TROUBLE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
"""What a provider answers when the letter does not matter: wrong key, too many at once, closed."""


class Mail:
    """Keeps the connection open from letter to letter, and makes a new one once when the server hung up.

    Servers do so after so many letters or so long a silence, and say it to the next letter at once. A long silence
    after a letter is something else: it may have been taken, and is not sent again in the same breath.
    """

    name = MAIL
    label = _("By mail")
    offered = True

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._used = False
        self._announced: Letter | None = None

    def addresses(self, members: Collection[UUID]) -> Mapping[UUID, Sequence[None]]:
        """Everybody has exactly one."""
        return dict.fromkeys(members, (None,))

    def compose(self, notice: Notice, message: OutboxMessage, told: Told) -> Letter:
        """The mail, with its stable Message-ID."""
        return letters.mail(notice, message, told)

    def announce(self, letter: EmailMultiAlternatives) -> None:
        """Tell the server which letter is next, so that its leave has come by then; no answer is waited for.

        What is wrong with the letter or the connection is told when it is sent.
        """
        server = self._server()
        if server is None or not isinstance(letter, Letter) or letter.envelope is None:
            return
        try:
            if handing.in_one_go(server):
                handing.announce(server, *letter.envelope, letter.laid_out)
                self._announced = letter
        except (SMTPException, OSError):
            self.close()

    def send(self, letter: EmailMultiAlternatives) -> None:
        """Hand one letter over; returns once the server took it. Raises ChannelGone, or what is wrong with it."""
        self._open()
        began = monotonic()
        try:
            self._hand_over(letter)
        except Exception as error:
            again = self._used and _hung_up(error) and monotonic() - began < QUICKLY
            self.close()
            if _refuses_everything(error):
                raise ChannelGone(type(error).__name__) from error
            if not again:
                raise
            self._hand_over(letter)
        self._used = True

    def _hand_over(self, letter: EmailMultiAlternatives) -> None:
        """Spare Django the laying out of what is laid out already, if it goes out by SMTP and nothing else."""
        if self._announced is not None and self._announced is not letter:
            self.close()
        backend, server = self._open(), self._server()
        if server is None or not isinstance(letter, Letter) or letter.envelope is None:
            letter.connection = backend
            letter.send()
        elif handing.in_one_go(server):
            if self._announced is None:
                handing.announce(server, *letter.envelope, letter.laid_out)
            self._announced = None
            handing.hand_over(server, *letter.envelope, letter.laid_out)
        else:
            sender, recipient = letter.envelope
            server.sendmail(sender, [recipient], letter.laid_out)

    def _server(self) -> SMTP | None:
        return self._backend.connection if type(self._backend) is EmailBackend else None

    def _open(self) -> BaseEmailBackend:
        if self._backend is None:
            self._backend = get_connection()
        try:
            self._backend.open()
        except (SMTPException, OSError) as error:
            self.close()
            raise ChannelGone(type(error).__name__) from error
        return self._backend

    def close(self) -> None:
        """Say goodbye, as far as the server still listens."""
        self._used = False
        if self._announced is not None and (server := self._server()) is not None:
            # It waits for a letter, and would take a goodbye for the beginning of one.
            server.close()
        self._announced = None
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(SMTPException, OSError):
                backend.close()


def _hung_up(error: Exception) -> bool:
    if isinstance(error, SMTPResponseException):
        return error.smtp_code == SHUTTING_DOWN
    return isinstance(error, SMTPServerDisconnected | ConnectionError)


def _refuses_everything(error: Exception) -> bool:
    """Whether a provider's interface (django-anymail) turned us away before it looked at the letter.

    Its errors are known by what they carry, so that none of it is loaded where mail goes by SMTP. A provider that fell
    silent with the letter in its hand may have taken it: that counts as an attempt.
    """
    if not hasattr(error, "esp_name"):
        return False
    if getattr(error, "status_code", None) is not None:
        return error.status_code in OUR_TROUBLE  # type: ignore[attr-defined]
    from urllib3.exceptions import MaxRetryError

    cause = error.__cause__
    return cause is not None and bool(cause.args) and isinstance(cause.args[0], MaxRetryError)
