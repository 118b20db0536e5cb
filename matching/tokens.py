"""Signed links that need no sign-in: to one question, to one kind of notice of one member, to a sponsor's yes, to
an invitation of either kind, to the end of such invitations, and to the question whether somebody would like a first
contact.

A token is good for its own purpose and can do nothing else.
"""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from accounts.models import Invitation
from accounts.models.invitation import INVITED_FOR
from matching.models import BridgeInvitation, ChangeAsk, CheckIn, Invitee, NoticeKind
from matching.models import invitee as invitees
from matching.models.bridge_invitation import OPEN_FOR

SALT = "matching.check-in"
LIFE = timedelta(days=14)
CHANGE_SALT = "matching.change"
ROSTER_SALT = "matching.roster"
ROSTER_LIFE = timedelta(days=30)
INVITATION_SALT = "matching.invitation"
INVITEE_SALT = "matching.invitee"
NEVER_SALT = "matching.never"
BRIDGE_SALT = "matching.bridge"
NOTICE_SALT = "matching.notice"
NOTICE_LIFE = timedelta(days=365)


class BadToken(Exception):
    """The link was altered or cut off on its way."""


class ExpiredToken(Exception):
    """The link is genuine and too old."""


def check_in_token(checkin: CheckIn) -> str:
    """A token for the link in the mail; it names the check-in, not the member."""
    return signing.dumps(checkin.pk.hex, salt=SALT)


def read_check_in(token: str) -> UUID:
    """The check-in a token is for. Raises BadToken or ExpiredToken."""
    return _read(token, SALT, LIFE)


def change_token(ask: ChangeAsk) -> str:
    """A token for the question that follows a silence; it names the question, not the member."""
    return signing.dumps(ask.pk.hex, salt=CHANGE_SALT)


def read_change(token: str) -> UUID:
    """The question a token is for. Raises BadToken or ExpiredToken."""
    return _read(token, CHANGE_SALT, LIFE)


def roster_token(member_id: UUID) -> str:
    """A token to say whether one is there for somebody new."""
    return signing.dumps(member_id.hex, salt=ROSTER_SALT)


def read_roster(token: str) -> UUID:
    """The sponsor a token is for. Raises BadToken or ExpiredToken."""
    return _read(token, ROSTER_SALT, ROSTER_LIFE)


def invitation_token(invitation: Invitation) -> str:
    """A token to look at an invitation; whoever accepts it signs in as the one who was invited."""
    return signing.dumps(invitation.pk.hex, salt=INVITATION_SALT)


def read_invitation(token: str) -> UUID:
    """The invitation a token is for. Raises BadToken or ExpiredToken."""
    return _read(token, INVITATION_SALT, INVITED_FOR)


def invitee_token(invitee: Invitee) -> str:
    """A token for the way in of somebody from an office's list; it fills in a form and gives no right."""
    return signing.dumps(invitee.pk.hex, salt=INVITEE_SALT)


def read_invitee(token: str) -> UUID:
    """The invitee a token is for. Raises BadToken or ExpiredToken."""
    return _read(token, INVITEE_SALT, invitees.INVITED_FOR)


def never_token(mark: str) -> str:
    """A token to get no more letters from a list. It holds what stands for the address, so that it works when all else
    about the invitation is deleted, and it never runs out: to be let alone has no last day."""
    return signing.dumps(mark, salt=NEVER_SALT)


def read_never(token: str) -> str:
    """What stands for the address a token is for. Raises BadToken."""
    try:
        return str(signing.loads(token, salt=NEVER_SALT))
    except (signing.BadSignature, ValueError) as error:
        raise BadToken from error


def bridge_token(invitation: BridgeInvitation) -> str:
    """A token to answer whether one would like a first contact; it names the question, and nobody."""
    return signing.dumps(invitation.pk.hex, salt=BRIDGE_SALT)


def read_bridge(token: str) -> UUID:
    """The invitation to a first contact that a token is for. Raises BadToken or ExpiredToken."""
    return _read(token, BRIDGE_SALT, OPEN_FOR)


def _read(token: str, salt: str, life: timedelta) -> UUID:
    try:
        return UUID(signing.loads(token, salt=salt, max_age=life))
    except signing.SignatureExpired as error:
        raise ExpiredToken from error
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise BadToken from error


def notice_token(member_id: UUID, kind: NoticeKind) -> str:
    """A token to switch one kind of notice of one member off, and on again."""
    return signing.dumps([member_id.hex, kind.value], salt=NOTICE_SALT)


def read_notice(token: str) -> tuple[UUID, NoticeKind]:
    """The member and the kind that a token is for. Raises BadToken or ExpiredToken."""
    try:
        member, kind = signing.loads(token, salt=NOTICE_SALT, max_age=NOTICE_LIFE)
        return UUID(member), NoticeKind(kind)
    except signing.SignatureExpired as error:
        raise ExpiredToken from error
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise BadToken from error
