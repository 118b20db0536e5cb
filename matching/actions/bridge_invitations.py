"""Invitations to a first contact: made by the office on somebody's say, mailed, answered, and forgotten.

Whoever is invited may have no account, so these mails have no recipient in the outbox: an invitation is its own
message, locked while its mail is handed over, with a Message-ID that stays the same if it is handed over twice.
"""

import logging
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Intergroup, User
from accounts.models.audit import record
from accounts.models.intergroup import intergroups_coordinated_by
from matching import tokens
from matching.actions.bridging import ask_bridge
from matching.actions.errors import NotAllowed, TooLate
from matching.models import LOOK_AFTER_BRIDGES, Bridge, BridgeInvitation
from matching.models.bridge_invitation import OPEN_FOR
from matching.notices.by_link import letter_by_link
from matching.notices.moulds import Letter

MOST_ATTEMPTS = 6
BATCH = 50

log = logging.getLogger(__name__)


@transaction.atomic
def invite_to_bridge(
    intergroup: Intergroup, *, email: str, language: str, leaves_on: date, by: User
) -> BridgeInvitation:
    """Ask somebody who told the office that they would like it; without an address the link is handed over.

    Raises NotAllowed for somebody who does not look after first contacts here.
    """
    _check_office(intergroup.pk, by)
    now = clock.now()
    made = BridgeInvitation.objects.create(
        intergroup=intergroup,
        email=email.strip().lower(),
        language=language,
        leaves_on=leaves_on,
        made_by=by.pk,
        made_at=now,
        expires_at=now + OPEN_FOR,
    )
    record(by, "bridge_invitation.made", made, intergroup_id=intergroup.pk)
    return made


@transaction.atomic
def withdraw_bridge_invitation(invitation: BridgeInvitation, *, by: User) -> None:
    """Take it back: nothing of it stays. Raises NotAllowed, or TooLate when it was answered."""
    _check_office(invitation.intergroup_id, by)
    found = _open(invitation.pk)
    record(by, "bridge_invitation.withdrawn", found, intergroup_id=found.intergroup_id)
    found.delete()


@transaction.atomic
def refuse_bridge(pk: UUID) -> None:
    """Whoever has the link would rather not: nothing of it stays, and nobody is told who it was. Raises TooLate."""
    found = _open(pk)
    record(None, "bridge_invitation.refused", found, intergroup_id=found.intergroup_id)
    found.delete()


@transaction.atomic
def accept_bridge(pk: UUID, *, by: User) -> Bridge:
    """Whoever has the link says yes, with an account of their own: the wish is theirs from here on.

    Raises TooLate, and what :func:`ask_bridge` raises; the invitation then stays.
    """
    found = _open(pk)
    bridge = ask_bridge(by, leaves_on=found.leaves_on, by=by)
    record(by, "bridge_invitation.accepted", found, member=by.pk, intergroup_id=found.intergroup_id, bridge=bridge.pk)
    found.delete()
    return bridge


def _open(pk: UUID) -> BridgeInvitation:
    found = BridgeInvitation.objects.open(clock.now()).select_for_update().filter(pk=pk).first()
    if found is None:
        raise TooLate
    return found


def _check_office(intergroup_id: int, by: User) -> None:
    if not intergroups_coordinated_by(by, *LOOK_AFTER_BRIDGES).filter(pk=intergroup_id).exists():
        raise NotAllowed


def send_bridge_invitations() -> int:
    """Hand over the mails that wait; returns how many went out. Any number of ticks may run at once."""
    waiting = BridgeInvitation.objects.open(clock.now()).exclude(email="").filter(attempts__lt=MOST_ATTEMPTS)
    return sum(_send(pk) for pk in list(waiting.order_by("made_at").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _send(pk: UUID) -> bool:
    waiting = BridgeInvitation.objects.open(clock.now()).exclude(email="")
    found = waiting.select_for_update(skip_locked=True).filter(pk=pk).first()
    if found is None:
        return False
    found.attempts += 1
    try:
        letter(found).send()
    except Exception as error:  # a mail server's trouble; its kind is told, no address
        log.warning("invitation %s is not sent: %s", found.pk, type(error).__name__)
    else:
        found.sent_at, found.email = clock.now(), ""
    found.save(update_fields=["attempts", "sent_at", "email"])
    return found.sent_at is not None


def letter(invitation: BridgeInvitation) -> Letter:
    """The mail of an invitation; it says nothing of what it is about."""
    return letter_by_link(
        subject=_("A question for you"),
        text=_("You told us that you would be glad of company in the coming days. Please look, and say yes or no."),
        button=_("Have a look"),
        language=invitation.language,
        to=invitation.email,
        path=reverse("bridge_link", args=[tokens.bridge_token(invitation)]),
        key=invitation.pk,
    )


def forget_bridge_invitations() -> None:
    """Delete those that nobody answered in thirty days."""
    BridgeInvitation.objects.filter(expires_at__lte=clock.now()).delete()
