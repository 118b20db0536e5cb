"""The sign-up and sign-in forms of allauth, which call an e-mail address what every other page calls it."""

from typing import Any

from allauth.account.forms import ChangeEmailForm, LoginForm, RequestLoginCodeForm, SignupForm
from django.utils.translation import gettext_lazy as _


class _Addressed:
    """allauth's own word for the field differs from ours in French, and it stands in the empty field once more."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"email", "login"} & self.fields.keys():
            self.fields[name].label = _("E-mail address")
            self.fields[name].widget.attrs.pop("placeholder", None)


class AddressedLoginForm(_Addressed, LoginForm):  # type: ignore[misc]
    """Where a code is sent for signing in."""


class AddressedRequestLoginCodeForm(_Addressed, RequestLoginCodeForm):  # type: ignore[misc]
    """The same, at an address of its own."""


class AddressedSignupForm(_Addressed, SignupForm):  # type: ignore[misc]
    """The first page of an account."""


class AddressedChangeEmailForm(_Addressed, ChangeEmailForm):  # type: ignore[misc]
    """Where one's address is changed."""
