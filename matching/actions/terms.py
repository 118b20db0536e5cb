"""Who serves an office, and until when: invited, extended by a colleague, stepping down at once."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.db.models import F, Q

from accounts import clock
from accounts.models import Coordinator, Intergroup, Invitation, Scope, User
from accounts.models.audit import record
from accounts.models.intergroup import REMINDERS, intergroups_coordinated_by
from accounts.models.invitation import INVITED_FOR
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.outbox import post
from matching.queries.terms import alone_with

LONGEST_TERM = timedelta(days=3 * 366)
BATCH = 200


class NeedsSecondFactor(Exception):
    """Whoever serves an office signs in with a second step; it is not set up yet."""


class AlreadyServes(Exception):
    """Somebody with this address serves the office at present."""


class OnlyOneLeft(Exception):
    """Nobody would do a part of the office's work any more, ``scopes``; say so once more to go on."""

    def __init__(self, scopes: Sequence[Scope]) -> None:
        super().__init__(", ".join(scopes))
        self.scopes = scopes


@transaction.atomic
def invite(
    intergroup: Intergroup, *, email: str, scopes: Sequence[str], ends_on: date, language: str, by: User
) -> Invitation:
    """Invite somebody by mail, in place of an earlier invitation to the same address.

    Raises NotAllowed, AlreadyServes, or ValueError for a term that ends before it begins or after three years.
    """
    _check_end(intergroup, ends_on)
    _check_office(intergroup, by)
    serving = Coordinator.objects.serving(clock.now()).filter(intergroup=intergroup)
    if serving.filter(user__emailaddress__email__iexact=email, user__emailaddress__verified=True).exists():
        raise AlreadyServes
    waiting = Invitation.objects.filter(intergroup=intergroup, email__iexact=email)
    waiting.update(withdrawn_at=clock.now(), email="")
    now = clock.now()
    made = Invitation.objects.create(
        intergroup=intergroup,
        email=email.strip().lower(),
        language=language,
        scopes=[Scope(one).value for one in scopes],
        ends_on=ends_on,
        made_by=by,
        made_at=now,
        expires_at=now + INVITED_FOR,
    )
    record(by, "invitation.made", made, intergroup_id=intergroup.pk)
    return made


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Take an invitation back: its link ends. Raises NotAllowed, or TooLate when it was accepted or has ended."""
    _check_office(invitation.intergroup, by)
    invitation = _open(invitation)
    invitation.withdrawn_at, invitation.email = clock.now(), ""
    invitation.save(update_fields=["withdrawn_at", "email"])
    record(by, "invitation.withdrawn", invitation, intergroup_id=invitation.intergroup_id)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Coordinator:
    """Begin the term, for the account that owns the address which was invited.

    Raises NotAllowed for any other account and for the inviter, NeedsSecondFactor, AlreadyServes, or TooLate when the
    invitation has ended or its end of term has passed.
    """
    invitation = _open(invitation)
    if not owns(invitation, by) or invitation.made_by_id == by.pk:
        raise NotAllowed
    if not is_mfa_enabled(by):
        raise NeedsSecondFactor
    intergroup, today = invitation.intergroup, clock.today(invitation.intergroup.zone)
    if invitation.ends_on < today:
        raise TooLate
    if Coordinator.objects.serving(clock.now()).filter(user=by, intergroup=intergroup).exists():
        raise AlreadyServes
    values = {"scopes": invitation.scopes, "starts_on": today, "ends_on": invitation.ends_on}
    fresh = {"left_at": None, "extended_by": None, "reminded": None}
    term, _ = Coordinator.objects.update_or_create(user=by, intergroup=intergroup, defaults={**values, **fresh})
    invitation.accepted_at, invitation.accepted_by, invitation.email = clock.now(), by.pk, ""
    invitation.save(update_fields=["accepted_at", "accepted_by", "email"])
    record(by, "term.begun", term, member=by.pk, intergroup_id=intergroup.pk, invitation=invitation.pk)
    return term


def owns(invitation: Invitation, user: User) -> bool:
    """Whether the invited address is one that this account has shown to be theirs."""
    verified = EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email)
    return bool(invitation.email) and verified.exists()


@transaction.atomic
def change_term(term: Coordinator, *, ends_on: date, scopes: Sequence[str], by: User) -> None:
    """A colleague moves the end of a term to a later day, or changes what it covers; nobody does so for themself.

    Raises NotAllowed, TooLate when the term has ended, ValueError for an end before the present one or after three
    years.
    """
    _check_office(term.intergroup, by)
    if term.user_id == by.pk:
        raise NotAllowed
    serving = Coordinator.objects.serving(clock.now()).select_for_update(of=("self",))
    found = serving.filter(pk=term.pk).first()
    if found is None:
        raise TooLate
    if ends_on < found.ends_on:
        raise ValueError("a colleague's term is never made shorter")
    _check_end(term.intergroup, ends_on)
    if ends_on > found.ends_on:
        found.ends_on, found.extended_by, found.reminded = ends_on, by.pk, None
    found.scopes = [Scope(one).value for one in scopes]
    found.save(update_fields=["ends_on", "extended_by", "reminded", "scopes"])
    record(by, "term.changed", found, member=found.user_id, intergroup_id=found.intergroup_id)


@transaction.atomic
def step_down(term: Coordinator, *, by: User, sure: bool = False) -> None:
    """End one's own term at once.

    Raises NotAllowed, TooLate when it has ended, OnlyOneLeft when nobody else does a part of the work, unless ``sure``.
    """
    if term.user_id != by.pk:
        raise NotAllowed
    # Two who step down at the same moment see each other: all terms of the office are locked.
    terms = Coordinator.objects.filter(intergroup=term.intergroup_id).select_for_update().order_by("pk")
    list(terms.values_list("pk"))
    serving = Coordinator.objects.serving(clock.now()).filter(intergroup=term.intergroup_id)
    if not serving.filter(pk=term.pk).exists():
        raise TooLate
    lost = alone_with(term)
    if lost and not sure:
        raise OnlyOneLeft(lost)
    term.left_at = clock.now()
    term.save(update_fields=["left_at"])
    record(by, "term.left", term, member=by.pk, intergroup_id=term.intergroup_id)


def remind_terms() -> int:
    """Write to those whose term ends in 30 or 7 days; returns to how many. Any number of ticks may run at once."""
    return sum(_remind(days) for days in REMINDERS)


@transaction.atomic
def _remind(days: int) -> int:
    late = Q(reminded__isnull=True) | Q(reminded__gt=days)
    soon = Coordinator.objects.serving(clock.now()).filter(late, ends_on__lte=F("here") + timedelta(days=days))
    terms = list(soon.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for term in terms:
        term.reminded = days
        post("term_ends", term.user_id, key=f"term_ends:{term.pk}:{term.ends_on}:{days}", member=term.user_id)
    Coordinator.objects.bulk_update(terms, ["reminded"])
    return len(terms)


def _open(invitation: Invitation) -> Invitation:
    found = Invitation.objects.open(clock.now()).select_related("intergroup").select_for_update(of=("self",))
    locked = found.filter(pk=invitation.pk).first()
    if locked is None:
        raise TooLate
    return locked


def _check_office(intergroup: Intergroup, by: User) -> None:
    if not intergroups_coordinated_by(by, Scope.AREA).filter(pk=intergroup.pk).exists():
        raise NotAllowed


def _check_end(intergroup: Intergroup, ends_on: date) -> None:
    today = clock.now().astimezone(ZoneInfo(intergroup.zone)).date()
    if not today <= ends_on <= today + LONGEST_TERM:
        raise ValueError("a term ends between today and three years from now")
