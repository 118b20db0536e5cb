"""What somebody typed, kept for half an hour while they sign in, and put back into the form afterwards.

It is kept sealed, with a key that stands in no place but a cookie of the browser that sent it: who reads the database
learns nothing, and there is one row for each browser. It opens for the account that was signed in there before, and for
no other. A browser is known by a cookie that is set once somebody is signed in; it names nobody.
"""

import base64
import binascii
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.crypto import KEY_BYTES, keyed_hash
from accounts.models import User

KEPT_FOR = timedelta(minutes=30)
MOST_BYTES = 64 * 1024
"""Of one draft. The longest form of ours takes a tenth of it."""

NEVER_KEPT = {"csrfmiddlewaretoken", "password", "password_again", "code", "credential"}
"""Fields that are good for once, or too much even for a sealed row."""

_SALT = "accounts.drafts"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was sent too late: ``page`` showed it, ``action`` is the path that it was sent to."""

    page: str
    action: str
    fields: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Keeper:
    """What a browser keeps of whoever was signed in: a hash that stands for the account, and a name for the browser."""

    owner: str
    browser: str

    @property
    def row(self) -> str:
        return f"draft-{self.browser}"


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser keep drafts for the account that is signed in; one that already does is left alone."""
    known = _keeper(request)
    if known is None or known.owner != _owner(user):
        value = signing.dumps([_owner(user), secrets.token_hex(16)], salt=_SALT)
        _set(response, settings.KEEPER_COOKIE_NAME, value, settings.SESSION_COOKIE_AGE)


def keep(request: HttpRequest, response: HttpResponse, page: str) -> bool:
    """Keep what was just sent, in the place of an older draft; False where there is nothing to keep, or no way."""
    fields = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}
    keeper = _keeper(request)
    if keeper is None or not any(map(any, fields.values())):
        return False
    text = json.dumps(asdict(Draft(page, request.path, fields))).encode()
    if len(text) > MOST_BYTES:
        return False
    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, text, keeper.owner.encode())
    cache.set(keeper.row, sealed, KEPT_FOR.total_seconds())
    key_text = base64.urlsafe_b64encode(key).decode()
    _set(response, settings.DRAFT_COOKIE_NAME, key_text, int(KEPT_FOR.total_seconds()))
    return True


def waits(request: HttpRequest) -> bool:
    """Whether this browser says that it has a draft; asks nothing of the database."""
    return settings.DRAFT_COOKIE_NAME in request.COOKIES


def opened(request: HttpRequest, user: User) -> Draft | None:
    """The draft of this browser, if it is this account's and not older than half an hour."""
    keeper = _keeper(request)
    sealed = cache.get(keeper.row) if keeper is not None else None
    if sealed is None:
        return None
    try:
        key = base64.urlsafe_b64decode(request.COOKIES.get(settings.DRAFT_COOKIE_NAME, ""))
        text = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _owner(user).encode())
    except (InvalidTag, ValueError, binascii.Error):
        return None
    return Draft(**json.loads(text))


def drop(request: HttpRequest, response: HttpResponse) -> None:
    """Forget the draft of this browser, at both ends."""
    keeper = _keeper(request)
    if keeper is not None:
        cache.delete(keeper.row)
    response.delete_cookie(settings.DRAFT_COOKIE_NAME, samesite="Lax")


def forget_expired() -> int:
    """Delete the rows whose time is over, which the cache itself leaves until somebody asks for them; how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_cache WHERE expires < now()")
        return int(cursor.rowcount)


def _owner(user: User) -> str:
    return keyed_hash(settings.LOOKUP_KEY, "owner of drafts", str(user.pk)).hex()


def _keeper(request: HttpRequest) -> _Keeper | None:
    try:
        owner, browser = signing.loads(request.COOKIES.get(settings.KEEPER_COOKIE_NAME, ""), salt=_SALT)
    except signing.BadSignature:
        return None
    return _Keeper(owner, browser)


def _set(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=seconds, samesite="Lax", httponly=True, secure=secure)
