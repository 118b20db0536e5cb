"""One connection to the mail server for many letters."""

from smtplib import SMTPException, SMTPResponseException, SMTPServerDisconnected
from time import monotonic

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from matching.actions.handing import hand_over
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
        open_ = self._backend.connection if type(self._backend) is EmailBackend else None
        if open_ is not None and isinstance(letter, Letter) and letter.envelope is not None:
            hand_over(open_, *letter.envelope, letter.laid_out)
        else:
            letter.connection = self._backend
            letter.send()

    def _open(self) -> None:
        try:
            self._backend.open()
        except (SMTPException, OSError) as error:
            self.close()
            raise MailServerGone(type(error).__name__) from error

    def close(self) -> None:
        """Say goodbye, as far as the server still listens."""
        self._used = False
        try:
            self._backend.close()
        except (SMTPException, OSError):
            self._backend = get_connection()


def _hung_up(error: Exception) -> bool:
    if isinstance(error, SMTPResponseException):
        return error.smtp_code == SHUTTING_DOWN
    return isinstance(error, SMTPServerDisconnected | ConnectionError)
