"""Signed links to one check-in. A token opens that one question and can do nothing else."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from matching.models import CheckIn

SALT = "matching.check-in"
LIFE = timedelta(days=14)


class BadToken(Exception):
    """The link was altered or cut off on its way."""


class ExpiredToken(Exception):
    """The link is genuine and too old."""


def check_in_token(checkin: CheckIn) -> str:
    """A token for the link in the mail; it names the check-in, not the member."""
    return signing.dumps(checkin.pk.hex, salt=SALT)


def read_check_in(token: str) -> UUID:
    """The check-in a token is for. Raises BadToken or ExpiredToken."""
    try:
        return UUID(signing.loads(token, salt=SALT, max_age=LIFE))
    except signing.SignatureExpired as error:
        raise ExpiredToken from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadToken from error
