"""One connection to the mail server for many letters."""

from smtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected
from time import monotonic

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from matching.actions import handing
from matching.notices.moulds import Letter

SHUTTING_DOWN = 421
QUICKLY = 1.0


class MailServerGone(Exception):
    """The mail server can't be reached at all: no letter's fault."""


class Mailer:
    """Keeps the connection open from letter to letter, and makes a new one once when the server hung up.

    Servers do so after so many letters or so long a silence, and say it to the next letter at once. A long silence
    after a letter is something else: it may have been taken, and is not sent again in the same breath.
    """

    def __init__(self) -> None:
        self._backend = get_connection()
        self._used = False
        self._announced: Letter | None = None

    def announce(self, letter: EmailMessage) -> None:
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

    def send(self, letter: EmailMessage) -> None:
        """Hand one letter over; returns once the server took it. Raises MailServerGone, or what is wrong with it."""
        self._open()
        began = monotonic()
        try:
            self._hand_over(letter)
        except (SMTPException, OSError) as error:
            again = self._used and _hung_up(error) and monotonic() - began < QUICKLY
            self.close()
            if not again:
                raise
            self._open()
            self._hand_over(letter)
        self._used = True

    def _hand_over(self, letter: EmailMessage) -> None:
        """Spare Django the laying out of what is laid out already, if it goes out by SMTP and nothing else."""
        if self._announced is not None and self._announced is not letter:
            self.close()
            self._open()
        server = self._server()
        if server is None or not isinstance(letter, Letter) or letter.envelope is None:
            letter.connection = self._backend
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

    def _open(self) -> None:
        try:
            self._backend.open()
        except (SMTPException, OSError) as error:
            self.close()
            raise MailServerGone(type(error).__name__) from error

    def close(self) -> None:
        """Say goodbye, as far as the server still listens."""
        self._used = False
        if self._announced is not None and (server := self._server()) is not None:
            # It waits for a letter, and would take a goodbye for the beginning of one.
            server.close()
        self._announced = None
        try:
            self._backend.close()
        except (SMTPException, OSError):
            self._backend = get_connection()


def _hung_up(error: Exception) -> bool:
    if isinstance(error, SMTPResponseException):
        return error.smtp_code == SHUTTING_DOWN
    return isinstance(error, SMTPServerDisconnected | ConnectionError)
