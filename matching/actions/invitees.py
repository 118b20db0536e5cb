"""Those who are invited from an office's list: written to once, some at a time, and let in like anybody else.

Nobody learns from an invitation whether there is an account with an address, or whether its owner asked never to be
written to: the letter is not sent then, and everything else looks the same.
"""

import logging
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.actions.people import save_profile
from accounts.models import Profile, Scope, User
from accounts.models.audit import record
from accounts.models.intergroup import intergroups_coordinated_by
from matching import tokens
from matching.actions.errors import NotAllowed
from matching.models import Invitee, UnwantedLetter
from matching.models.invitee import WishWord, address_mark
from matching.notices.by_link import letter_by_link
from matching.notices.moulds import Letter

MOST_ATTEMPTS = 6
A_MINUTE = 50
"""Letters of one tick: a long list goes out over an hour or so, and no mail server takes it for something else."""

log = logging.getLogger(__name__)


def send_invitees() -> int:
    """Hand over the next letters that wait; returns how many are done with. Any number of ticks may run at once."""
    waiting = Invitee.objects.open(clock.now()).filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
    return sum(_send(pk) for pk in list(waiting.values_list("pk", flat=True)[:A_MINUTE]))


@transaction.atomic
def _send(pk: UUID) -> bool:
    waiting = Invitee.objects.open(clock.now()).filter(sent_at__isnull=True)
    found = waiting.select_for_update(skip_locked=True).filter(pk=pk).first()
    if found is None:
        return False
    found.attempts += 1
    if UnwantedLetter.objects.filter(mark=found.mark).exists():
        _let_alone(found)
        return True
    try:
        if not _has_account(found.address):
            letter(found).send()
    except Exception as error:  # a mail server's trouble; its kind is told, no address
        log.warning("invitee %s is not written to: %s", found.pk, type(error).__name__)
    else:
        found.sent_at = clock.now()
    found.save(update_fields=["attempts", "sent_at"])
    return found.sent_at is not None


def _let_alone(invitee: Invitee) -> None:
    """No letter goes to them, and their address is deleted; to the office it looks like a letter that went out."""
    invitee.address, invitee.sent_at = "", invitee.sent_at or clock.now()
    invitee.save(update_fields=["address", "sent_at", "attempts"])


@transaction.atomic
def never_write_again(mark: str) -> None:
    """Whoever has the address of this mark gets no letter from a list any more, whichever office brings it."""
    row, new = UnwantedLetter.objects.get_or_create(mark=mark, defaults={"since": clock.now()})
    for invitee in Invitee.objects.filter(mark=mark).select_for_update().order_by("pk"):
        _let_alone(invitee)
    if new:
        record(None, "letters.unwanted", row)


@transaction.atomic
def may_write_again(mark: str) -> None:
    """They take it back: a list that is brought from now on may invite them."""
    row = UnwantedLetter.objects.select_for_update().filter(mark=mark).first()
    if row is not None:
        record(None, "letters.wanted", row)
        row.delete()


def _has_account(address: str) -> bool:
    owned = EmailAddress.objects.filter(email__iexact=address, verified=True)
    return bool(owned.exists()) or User.objects.filter(email__iexact=address).exists()


def letter(invitee: Invitee) -> Letter:
    """The mail; it says nothing of what it is about."""
    return letter_by_link(
        subject=_("An invitation for you"),
        text=_(
            "Somebody near you keeps a list on which you stand, and invites you. Nothing happens unless you open "
            "the link and say yes. It is good for thirty days. If you do nothing, your address is deleted then."
        ),
        stop=_("Never write to me again"),
        stop_path=reverse("invitee_never", args=[tokens.never_token(invitee.mark)]),
        button=_("Have a look"),
        language=invitee.language,
        to=invitee.address,
        path=reverse("invitee_link", args=[tokens.invitee_token(invitee)]),
        key=invitee.pk,
    )


@transaction.atomic
def withdraw_invitee(invitee: Invitee, *, by: User) -> None:
    """Take an invitation back: the link ends, and everything about it is deleted. Raises NotAllowed."""
    if not intergroups_coordinated_by(by, Scope.AREA).filter(pk=invitee.intergroup_id).exists():
        raise NotAllowed
    record(by, "invitee.withdrawn", invitee, intergroup_id=invitee.intergroup_id)
    invitee.delete()


@transaction.atomic
def join(invitee_id: UUID, *, by: User) -> bool:
    """Fill in what the office knows for somebody who has just opened an account; they look at each answer and change it
    as they like. Whether there was anything to fill in."""
    open_ = Invitee.objects.open(clock.now()).select_related("intergroup").select_for_update(of=("self",))
    invitee = open_.filter(pk=invitee_id).exclude(address="").first()
    profile = Profile.objects.filter(pk=by.pk, completed_at__isnull=True, first_name="").first()
    if invitee is None or profile is None:
        return False
    profile.first_name, profile.initial = invitee.first_name, invitee.initial
    profile.intergroup, profile.zone = invitee.intergroup, invitee.intergroup.zone
    profile.languages = [invitee.language]
    profile.looking = invitee.wish == WishWord.NEWCOMER
    save_profile(profile, by=by, fields=["first_name", "initial", "intergroup", "zone", "languages", "looking"])
    invitee.address, invitee.sent_at = "", invitee.sent_at or clock.now()
    invitee.save(update_fields=["address", "sent_at"])
    record(by, "invitee.joined", invitee, member=by.pk)
    return True


def forget_invitees_with(addresses: list[str]) -> None:
    """Delete the invitations to these addresses, in whatever office."""
    Invitee.objects.filter(mark__in=[address_mark(one) for one in addresses]).delete()
