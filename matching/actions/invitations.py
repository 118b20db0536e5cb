"""The mails of invitations: sent once the invitation is committed, again after a trouble, at least once.

Who is invited may have no account, so these mails have no recipient in the outbox. An invitation is its own message: it
is locked while its mail is handed over, and the Message-ID stays the same if it is handed over twice.
"""

import logging
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Invitation
from matching import tokens
from matching.notices.by_link import letter_by_link
from matching.notices.moulds import Letter

MOST_ATTEMPTS = 6
BATCH = 50

log = logging.getLogger(__name__)


def send_invitations() -> int:
    """Hand over the mails that wait; returns how many went out. Any number of ticks may run at once."""
    waiting = Invitation.objects.open(clock.now()).filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
    return sum(_send(pk) for pk in list(waiting.order_by("made_at").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _send(pk: UUID) -> bool:
    waiting = Invitation.objects.open(clock.now()).filter(sent_at__isnull=True)
    found = waiting.select_for_update(skip_locked=True).filter(pk=pk).first()
    if found is None:
        return False
    found.attempts += 1
    try:
        letter(found).send()
    except Exception as error:  # a mail server's trouble; its kind is told, no address
        log.warning("invitation %s is not sent: %s", found.pk, type(error).__name__)
    else:
        found.sent_at = clock.now()
    found.save(update_fields=["attempts", "sent_at"])
    return found.sent_at is not None


def letter(invitation: Invitation) -> Letter:
    """The mail of an invitation; it says nothing of what it is about."""
    return letter_by_link(
        subject=_("An invitation for you"),
        text=_("Somebody would like you to help with something. The link is good for seven days."),
        button=_("Have a look"),
        language=invitation.language,
        to=invitation.email,
        path=reverse("invitation_link", args=[tokens.invitation_token(invitation)]),
        key=invitation.pk,
    )
