"""What somebody types who signs in or up is answered after the same time, whether there is such an account or not.

The work differs: one answer writes an account, another a mail, a third nothing. So each of these answers waits for the
next of some even moments after the question, and mails leave beside it, since the mail server's pace would tell.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from logging import getLogger

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

ASKED_OF_STRANGERS = {
    "account_login",
    "account_signup",
    "account_signup_by_passkey",
    "account_request_login_code",
    "password_sign_in",
}

log = getLogger(__name__)
_beside = ThreadPoolExecutor(max_workers=4, thread_name_prefix="mail")


class EvenAnswersMiddleware:
    """Hold the answer to an address that somebody typed back until the next whole step of ANSWER_STEP_SECONDS."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        match, step = request.resolver_match, settings.ANSWER_STEP_SECONDS
        if step and request.method == "POST" and match is not None and match.url_name in ASKED_OF_STRANGERS:
            time.sleep(step - (time.monotonic() - began) % step)
        return response


def send_beside(letter: EmailMessage) -> None:
    """Send a mail without letting anybody wait for the mail server; in development and in tests at once.

    One that gets lost with its process is asked for anew: there is a button for that beside the field for the code.
    """
    if settings.MAILS_BESIDE_ANSWERS:
        _beside.submit(_send, letter)
    else:
        letter.send()


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except OSError as error:
        # Neither the address nor what the server said about it.
        log.error("A mail about signing in could not be sent: %s", type(error).__name__)
