"""Choosing a password, signing in with it, and showing with it that it is still you."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts import passwords
from accounts.forms.address import AddressedLoginForm
from accounts.models import User

OFTEN = 1024
"""Of what is typed where a password is asked for; whatever is longer was never one."""


class PasswordInput(forms.CharField):
    """A password as it was typed, in its one form. Nothing is cut off, and pasting is welcome."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none"})
        super().__init__(strip=False, widget=widget, **{"max_length": OFTEN, **kwargs})

    def to_python(self, value: Any) -> str:
        """The text, normalised."""
        return passwords.plain(super().to_python(value) or "")


class PasswordForm(forms.Form):
    """A new password, typed twice since nobody sees it."""

    password = PasswordInput(
        label=_("New password"),
        help_text=_("15 characters or more. Four or five words are a good choice, and spaces are welcome."),
        autocomplete="new-password",
        error_messages={"required": _("Type the password that you would like to have.")},
    )
    password_again = PasswordInput(
        label=_("The same once more"),
        autocomplete="new-password",
        error_messages={"required": _("Type it a second time, so that no slip locks you out.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        both = {"password", "password_again"} <= cleaned.keys()
        if both and cleaned["password"] != cleaned["password_again"]:
            self.add_error("password_again", _("The two are not the same. Type both once more."))
        return cleaned


class PasswordSignInForm(AddressedLoginForm):
    """allauth's, which takes the field for a password away from sites where nobody needs one."""

    def _setup_password_field(self) -> None:
        self.fields["password"] = PasswordInput(
            label=_("Password"),
            autocomplete="current-password",
            error_messages={"required": _("Type your password, or let us send you a code.")},
        )


class PasswordProofForm(ReauthenticateForm):  # type: ignore[misc]
    """allauth's, with our own field."""

    password = PasswordInput(
        label=_("Password"),
        autocomplete="current-password",
        error_messages={"required": _("Type your password, or let us send you a code.")},
    )
