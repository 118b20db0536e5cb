"""How somebody showed in this session who they are: the records that allauth keeps, and what they are good for.

A record says by what means and when: a code by mail, a password, a passkey, a code from an app or from paper.
"""

import time
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User

SECOND = "mfa"
MAIL = "code"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ONWARD = "onward"
"""Where in the session the page is kept that somebody wanted when they were led to set up a second factor."""


def second_factor_given(request: HttpRequest) -> bool:
    """Whether a passkey, an app or a backup code was used in this session."""
    return any(record.get("method") == SECOND for record in _records(request))


def fresh(request: HttpRequest, within: timedelta) -> bool:
    """Whether they showed it by any means not longer ago than this.

    Times are the real ones: a demo whose clock is moved asks nobody anew.
    """
    newest = max((float(record["at"]) for record in _records(request)), default=0.0)
    return time.time() - newest < within.total_seconds()


def has_second_factor(user: User) -> bool:
    """Whether a passkey or an app is set up."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def record_mail(request: HttpRequest, user: User) -> None:
    """Note that they typed a code that was sent to them."""
    record_authentication(request, user, MAIL, reauthenticated=True)


def record_second_factor(request: HttpRequest, user: User, kind: str, **more: Any) -> None:
    """Note that they used a second factor of this kind."""
    record_authentication(request, user, SECOND, type=kind, reauthenticated=True, **more)


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return found


@receiver(authenticator_added)
def _set_up_is_used(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Whoever has just set up an app or a key has just used it, and need not do so again to see their backup codes."""
    if authenticator.type in SECOND_FACTORS:
        record_second_factor(request, user, authenticator.type, id=authenticator.pk)
