"""Setting up a second step: an app that shows codes, or a passkey."""

import time
from typing import Any

from allauth.core import context
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.crypto import CannotOpen
from accounts.mfa import is_sealed, opened, sealed

MADE_AT = "totp_made_at"
SECONDS = 600


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The app's secret lies in the session meanwhile: sealed, and not for long.

    allauth's own keeps it there as it is, and sessions are rows that stand in the clear.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        kept = session.pop(SECRET_SESSION_KEY, "")
        if kept and time.time() - session.get(MADE_AT, 0) < SECONDS:
            session[SECRET_SESSION_KEY] = _open(kept)
        super().__init__(*args, **kwargs)
        if not kept or self.secret != _open(kept):
            session[MADE_AT] = time.time()
        session[SECRET_SESSION_KEY] = sealed(self.secret, self.user.pk)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """allauth's in words that say what to choose."""

    name = forms.CharField(label=_("Name"), required=False)
    passwordless = forms.BooleanField(
        label=_("It is enough by itself"),
        required=False,
        help_text=_("You sign in with it alone, without a code by mail. It always asks for your finger, face or PIN."),
    )


class EditPasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """allauth's, whose label has no words but the field's own name."""

    name = forms.CharField(label=_("Name"))


def _open(text: str) -> str:
    try:
        return opened(text) if is_sealed(text) else ""
    except CannotOpen:
        return ""
