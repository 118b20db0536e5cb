"""Where mail goes, from one address in the environment: an SMTP server, or a provider's own interface.

    EMAIL_URL=smtp+tls://user:password@mail.example.org:587
    EMAIL_URL=postmark://SERVER-TOKEN
    EMAIL_URL=mailgun://API-KEY@mg.example.org?api_url=https%3A%2F%2Fapi.eu.mailgun.net%2Fv3
    EMAIL_URL=mailjet://API-KEY:SECRET-KEY

What follows the question mark is the provider's further settings as django-anymail names them. Only providers are
offered that can be told with each letter to count no openings and to rewrite no links: a letter must not report on its
reader. Any other provider is reached by SMTP, with its counting switched off there by hand. Nothing of django-anymail
is loaded unless it is used.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

NO_TRACKING = {"track_opens": False, "track_clicks": False}
SECONDS = 20


@dataclass(frozen=True)
class Provider:
    """The settings that stand before, between and after the colon and the @ of the address, as far as there are any."""

    user: str
    password: str = ""
    host: str = ""


PROVIDERS = {
    "mailersend": Provider("MAILERSEND_API_TOKEN"),
    "mailgun": Provider("MAILGUN_API_KEY", host="MAILGUN_SENDER_DOMAIN"),
    "mailjet": Provider("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
    "mandrill": Provider("MANDRILL_API_KEY"),
    "postmark": Provider("POSTMARK_SERVER_TOKEN"),
    "sparkpost": Provider("SPARKPOST_API_KEY"),
}


def provider_settings(url: str) -> dict[str, Any] | None:
    """Django's settings for a provider's address; None for an address of another kind.

    Raises ImproperlyConfigured when the address lacks what its provider needs; the message repeats no secret.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in PROVIDERS:
        return None
    provider = PROVIDERS[scheme]
    # Keys hold capitals, which a host name loses: a key that stands alone is read from the raw text.
    netloc = urlsplit(f"//{rest}").netloc
    before, at, host = netloc.rpartition("@")
    user, _, password = (before if at else netloc).partition(":")
    given = {provider.user: user, provider.password: password, provider.host: host if at else ""}
    options: dict[str, Any] = {name: unquote(value) for name, value in given.items() if name}
    if missing := [name for name, value in options.items() if not value]:
        raise ImproperlyConfigured(f"EMAIL_URL of {scheme} lacks {' and '.join(missing)}.")
    more = parse_qsl(urlsplit(f"//{rest}").query)
    options |= {f"{scheme}_{name}".upper(): value for name, value in more}
    return {
        "EMAIL_BACKEND": f"anymail.backends.{scheme}.EmailBackend",
        "ANYMAIL": {**options, "SEND_DEFAULTS": NO_TRACKING, "REQUESTS_TIMEOUT": SECONDS},
    }
