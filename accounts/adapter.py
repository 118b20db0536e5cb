"""allauth's hooks: neutral mails in the reader's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as request_context
from django.conf import settings

from accounts.even_answers import send_beside


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Mails about signing in carry the neutral name and nothing else about this site."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails; ``site_name`` is added for the templates."""
        more = {"request": request_context.request, "email": email, "site_name": settings.SITE_NAME}
        send_beside(self.render_mail(template_prefix, email, {**more, **context}))
