"""Secrets of the second factor, sealed: of the authenticator app, and what recovery codes are made from.

allauth's hook to encrypt is not told whose secret it is given, so sealing happens when the row is saved, and a trigger
refuses a row in which one stands open. The hook to decrypt gets the text alone: the text names its member, and a row
of somebody else that holds it is refused as soon as it is loaded.
"""

import base64
import binascii
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_init, pre_save
from django.utils.translation import gettext as _

from accounts import crypto
from accounts.crypto import Place, Tampered
from accounts.models import User
from accounts.models.member_key import opening_key, sealing_key

MARK = "sealed"
SECRETS = ("secret", "seed")
CODES = "migrated_codes"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Opens what :func:`seal_secrets` sealed."""

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises CannotOpen. One that was not saved yet is still open."""
        return opened(encrypted_text) if is_sealed(encrypted_text) else encrypted_text

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a new passkey is called until its owner gives it another name; allauth calls the first a master key."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}


def is_sealed(text: str) -> bool:
    """Whether a text is a sealed secret."""
    return text.startswith(f"{MARK}:")


def sealed(text: str, member: UUID) -> str:
    """A secret as it may stand in the database: the mark, its member, and the sealed value in base64."""
    value = crypto.seal(text, sealing_key(member), _place(member))
    return f"{MARK}:{member}:{base64.b64encode(value).decode()}"


def opened(text: str) -> str:
    """The secret again. Raises CannotOpen."""
    member, value = _parts(text)
    return crypto.unseal(value, opening_key(crypto.key_of(value), member), _place(member))


def sealed_by(text: str) -> UUID:
    """The id of the key that sealed a secret. Raises Tampered for what is not sealed."""
    return crypto.key_of(_parts(text)[1])


def _parts(text: str) -> tuple[UUID, bytes]:
    try:
        _, owner, encoded = text.split(":")
        return UUID(owner), base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Tampered("second factor") from error


def secrets_of(data: dict[str, Any]) -> list[str]:
    """All secrets in a row's data, sealed or not."""
    return [data[name] for name in SECRETS if name in data] + list(data.get(CODES) or [])


def changed(data: dict[str, Any], change: Any) -> dict[str, Any]:
    """The same data, with a function applied to each secret."""
    new = {**data, **{name: change(data[name]) for name in SECRETS if name in data}}
    if data.get(CODES):
        new[CODES] = [change(code) for code in data[CODES]]
    return new


def seal_secrets(instance: Authenticator, **_: Any) -> None:
    """Before a row is saved: seal whatever is still open in it."""
    member = instance.user_id
    instance.data = changed(instance.data, lambda text: text if is_sealed(text) else sealed(text, member))


def refuse_others_secrets(instance: Authenticator, **_: Any) -> None:
    """When a row is loaded: raises Tampered for a secret that is another member's."""
    data = instance.__dict__.get("data")
    if isinstance(data, dict):
        for text in secrets_of(data):
            if is_sealed(text) and text.split(":")[1] != str(instance.user_id):
                raise Tampered("second factor of somebody else")


def connect() -> None:
    """Watch allauth's rows from now on."""
    pre_save.connect(seal_secrets, sender=Authenticator, dispatch_uid="seal_secrets")
    post_init.connect(refuse_others_secrets, sender=Authenticator, dispatch_uid="refuse_others_secrets")


def _place(member: UUID) -> Place:
    return Place("mfa_authenticator", "data", str(member))
