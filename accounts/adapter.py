"""allauth's hooks: neutral mails in the reader's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Mails about signing in carry the neutral name and nothing else about this site."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails; ``site_name`` is added for the templates."""
        super().send_mail(template_prefix, email, {**context, "site_name": settings.SITE_NAME})
