"""What somebody does who signs in: the code from the mail, the code from an app."""

import base64
import hashlib
import hmac
import re
import struct
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User

SECRET = base64.b32encode(b"12345678901234567890").decode()


def app_code(secret: str = SECRET, *, at: float | None = None) -> str:
    """What an app shows for a secret (RFC 6238: six digits, 30 seconds, SHA-1); by ourselves, not by allauth."""
    step = int(time.time() if at is None else at) // 30
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def with_app(user: User) -> Authenticator:
    """Give somebody an app whose secret is known here, and backup codes."""
    made: Authenticator = TOTP.activate(user, SECRET).instance
    RecoveryCodes.activate(user)
    return made


def mailed_code(address: str) -> str:
    """The code in the newest mail to an address."""
    texts = [str(letter.body) for letter in mail.outbox if address in letter.to]
    found = re.search(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", texts[-1], re.MULTILINE)
    assert found, texts[-1]
    return found[1]


def by_mail(client: Client, address: str) -> str:
    """Sign in with a code from the mail; the address one is led to."""
    client.post(reverse("account_request_login_code"), {"email": address})
    answer = client.post(reverse("account_confirm_login_code"), {"code": mailed_code(address)})
    return str(answer.headers.get("Location", ""))
