"""What a new password must be: long, not too long, and nothing that others would try. Nothing else is asked of it.

Django asks these wherever a password is chosen, on the command line too.
"""

import re
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import passwords
from accounts.models import Profile, User


class LengthRule:
    """Between SHORTEST and LONGEST characters, counted as people see them."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password that is too short or too long."""
        length, limits = len(passwords.plain(password)), {"least": passwords.SHORTEST, "most": passwords.LONGEST}
        if length < passwords.SHORTEST:
            said = _("This is too short. It takes %(least)d characters or more: four or five words are a good choice.")
            raise ValidationError(said, code="password_too_short", params=limits)
        if length > passwords.LONGEST:
            said = _("This is too long. %(most)d characters are the most.")
            raise ValidationError(said, code="password_too_long", params=limits)

    def get_help_text(self) -> str:
        """For pages that tell it before."""
        return _("%(least)d characters or more, as you like: four or five words are a good choice.") % {
            "least": passwords.SHORTEST
        }


class GuessRule:
    """Nothing that is made of common passwords, rows of keys, dates, or words that others know of the account."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password that would be tried early."""
        if passwords.bits(password, set(known_of(user))) < passwords.ENOUGH:
            said = _("Others would guess this soon. Take four or five words that have nothing to do with each other.")
            raise ValidationError(said, code="password_too_common")

    def get_help_text(self) -> str:
        """For pages that tell it before."""
        return _("No name, address or date of yours, and nothing that many people use.")


def known_of(user: User | None) -> Iterator[str]:
    """What others know of an account, and the name of the site."""
    texts = [settings.SITE_NAME]
    if user is not None:
        profile = Profile.objects.filter(pk=user.pk).first() if user.pk else None
        texts += [user.email, profile.first_name if profile else ""]
    for text in texts:
        yield "".join(text.split())
        yield from re.split(r"[\W_]+", text)
