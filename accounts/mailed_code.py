"""A code by mail for somebody who is signed in and has no second factor, and no password or forgot it.

allauth has codes for signing in, and lets those who have nothing else pass where it asks everybody else again; this is
what they are asked. The session keeps a hash of the code, when it was made, and how often it was tried.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

KEY = "mailed_code"
LIFE = 600
TRIES = 3


def send(request: HttpRequest, user: User) -> None:
    """Write a new code to their address; one that was sent before no longer counts."""
    code = get_adapter().generate_login_code()
    request.session[KEY] = {"hash": _hash(user, code), "at": time.time(), "tries": 0}
    get_adapter().send_mail("account/email/login_code", user.email, {"request": request, "code": code, "user": user})


def waits(request: HttpRequest) -> bool:
    """Whether a code was sent that can still be typed."""
    kept = request.session.get(KEY)
    return kept is not None and time.time() - kept["at"] < LIFE and kept["tries"] < TRIES


def is_right(request: HttpRequest, user: User, code: str) -> bool:
    """Whether this is the code; each answer is counted, and a right one cannot be used again."""
    if not waits(request):
        return False
    kept = request.session[KEY]
    if constant_time_compare(kept["hash"], _hash(user, code)):
        del request.session[KEY]
        return True
    request.session[KEY] = {**kept, "tries": kept["tries"] + 1}
    return False


def _hash(user: User, code: str) -> str:
    return salted_hmac(f"accounts.mailed_code.{user.pk}", normalize_user_code(code), algorithm="sha256").hexdigest()
