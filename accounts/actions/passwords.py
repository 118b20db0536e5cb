"""A password of one's own, for those who want one beside the code by mail. It is never needed."""

from django.db import transaction

from accounts import passwords
from accounts.models import User
from accounts.models.audit import record


@transaction.atomic
def set_password(password: str, *, by: User) -> None:
    """Choose a password, or another one. All sessions end but the one that goes on with it."""
    by.set_password(passwords.plain(password))
    by.save(update_fields=["password"])
    record(by, "password.set", by, member=by.pk)


@transaction.atomic
def remove_password(*, by: User) -> None:
    """Go without one again: a code by mail or a passkey signs in. All other sessions end."""
    by.set_unusable_password()
    by.save(update_fields=["password"])
    record(by, "password.removed", by, member=by.pk)
