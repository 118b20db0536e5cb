"""allauth's hooks: neutral mails in the reader's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as request_context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from accounts.even_answers import send_beside


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Mails about signing in carry the neutral name and nothing else about this site.

    What is said of a password that does not fit is the same for an address without a password or without an account.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This address and this password do not go together. Try again, or let us send you a code."
        ),
        "incorrect_password": _("This is not your password. Try again, or let us send you a code."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or let us send you a code."),
    }

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, str]]:
        """The ways to show once more who one is, a passkey called what the other pages call it."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        ours = {"mfa_reauthenticate:webauthn": str(_("Use a passkey or security key"))}
        return [{**way, "description": ours.get(way["id"], way["description"])} for way in ways]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails; ``site_name`` is added for the templates."""
        more = {"request": request_context.request, "email": email, "site_name": settings.SITE_NAME}
        send_beside(self.render_mail(template_prefix, email, {**more, **context}))
