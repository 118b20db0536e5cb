"""What is kept about a member, and who looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import (
    ApplicationCheck,
    AuditEntry,
    Bar,
    Consent,
    Contact,
    Coordinator,
    FormerBar,
    Invitation,
    MeetingFeed,
    MemberKey,
    Policy,
    PolicyChange,
    Profile,
    Report,
    Sponsor,
    Suspension,
    User,
)
from accounts.models.week import Week

MOST_LOOKS = 50
VIEWED, LISTED = "person.viewed", "list.viewed"
EXPORTED = "office.exported"
"""What is written down when a coordinator takes the lists of an office along: once, for everybody in it."""


@dataclass(frozen=True, slots=True)
class Given:
    """The copy holds the member's rows of a table ``under`` this name."""

    under: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """The copy leaves a table out, and why that withholds nothing from the member."""

    why: str


Covers = Mapping[type[models.Model], Given | Withheld]
"""Tables that lead to a member, each with what the copy holds of it."""

_OPERATORS = Withheld("operators have it, and they are no members")

COVERS: Covers = {
    User: Given("account"),
    User.groups.through: _OPERATORS,
    User.user_permissions.through: _OPERATORS,
    LogEntry: _OPERATORS,
    EmailAddress: Given("addresses"),
    EmailConfirmation: Withheld("a key to confirm an address with, and nothing that was told"),
    UserSession: Given("sessions"),
    Authenticator: Given("ways_to_sign_in"),
    Profile: Given("profile"),
    Sponsor: Given("sponsor"),
    ApplicationCheck: Given("checked_of_my_application"),
    Suspension: Given("suspensions"),
    Contact: Given("contact"),
    MemberKey: Withheld("the keys that the member's words are sealed with; the words are given, opened"),
    Consent: Given("consents"),
    Coordinator: Given("coordinating"),
    Invitation: Given("invitations"),
    Bar: Given("people_kept_apart_by_me"),
    FormerBar: Withheld("that somebody who left is kept apart from them: no word of theirs, and the other's secret"),
    Report: Given("reports_made_by_me"),
    PolicyChange: Given("settings_changed_by_me"),
    Policy: Withheld("what an office decides; what the member changed in it is given"),
    MeetingFeed: Given("meeting_lists_brought_by_me"),
    AuditEntry: Given("audit"),
}


def has_number(user: User) -> bool:
    """Whether a member has told how they can be reached, beyond the address with which they signed up."""
    contact = Contact.objects.filter(pk=user.pk).first()
    return contact is not None and bool(contact.phone or contact.hint)


def looks_at(user: User) -> list[AuditEntry]:
    """The latest occasions on which somebody else opened this member's details, or took the lists of an office along in
    which they were."""
    others = Q(actor__isnull=True) | ~Q(actor=user.pk)
    found = AuditEntry.objects.filter(others, member=user.pk, verb=VIEWED).order_by("-at", "pk")[:MOST_LOOKS]
    # Two short lists, each by its own index.
    lists = exports_with(user).filter(others).order_by("-at", "pk")[:MOST_LOOKS]
    return sorted([*found, *lists], key=lambda entry: entry.at, reverse=True)[:MOST_LOOKS]


def looks_in_lists(user: User) -> list[AuditEntry]:
    """The latest occasions on which this member stood in a list that a coordinator read: one in 24 hours for each."""
    found = AuditEntry.objects.filter(member=user.pk, verb=LISTED)
    return list(found.order_by("-at", "pk")[:MOST_LOOKS])


def exports_with(user: User) -> QuerySet[AuditEntry]:
    """The times at which the lists of an office went out while this member was there: theirs now, or one in which they
    had done something before."""
    before = AuditEntry.objects.filter(member=user.pk, intergroup_id=OuterRef("intergroup_id"), at__lte=OuterRef("at"))
    profile = getattr(user, "profile", None)
    here = Q(intergroup_id=profile.intergroup_id) if profile and profile.intergroup_id else Q(pk__in=[])
    exported = AuditEntry.objects.filter(verb=EXPORTED, target_kind="intergroup")
    return exported.filter(Exists(before) | here, at__gte=user.date_joined)


def what_is_kept(user: User) -> dict[str, Any]:
    """Everything that the accounts app holds about a member, as plain values for a JSON file.

    Who blocked or reported the member is left out: it is somebody else's secret.
    """
    return {
        "account": {"email": user.email, "joined": user.date_joined, "language": user.language},
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "sessions": list(UserSession.objects.filter(user=user).values("created_at", "ip", "user_agent")),
        "ways_to_sign_in": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "profile": _fields(getattr(user, "profile", None)),
        "sponsor": _fields(getattr(user, "sponsor", None)),
        "checked_of_my_application": list(ApplicationCheck.objects.filter(sponsor=user.pk).values("item", "at")),
        "checked_by_me": list(ApplicationCheck.objects.filter(by=user).values("item", "at")),
        # Not why: that may be somebody else's words.
        "suspensions": list(user.suspensions.values("at", "lifted_at")),
        "contact": _fields(getattr(user, "contact", None)),
        "consents": list(user.consents.values("kind", "version", "given_at", "withdrawn_at")),
        "coordinating": list(
            Coordinator.objects.filter(user=user).values(
                "intergroup__name", "scopes", "starts_on", "ends_on", "left_at"
            )
        ),
        "invitations": _invitations(user),
        # Not what came back by itself with a new account: it would tell who is here again.
        "people_kept_apart_by_me": list(Bar.objects.filter(by=user, restored=False).values("other", "kind", "at")),
        "reports_made_by_me": list(Report.objects.filter(by=user).values("about", "kind", "at")),
        "settings_changed_by_me": list(PolicyChange.objects.filter(actor=user.pk).values("at", "before", "after")),
        "lists_taken_along": list(exports_with(user).order_by("at", "pk").values("at")),
        "meeting_lists_brought_by_me": list(
            MeetingFeed.objects.filter(made_by=user.pk).values("source", "made_at", "published_at")
        ),
        "audit": list(
            AuditEntry.objects.filter(member=user.pk).order_by("at", "pk").values("at", "verb", "target_kind")
        ),
    }


def _invitations(user: User) -> list[Any]:
    """Those made or accepted by the member, and those to their address; another's address is not part of it."""
    theirs = Q(made_by=user) | Q(accepted_by=user.pk) | Q(email__iexact=user.email)
    found = Invitation.objects.filter(theirs)
    return list(found.values("intergroup__name", "scopes", "made_at", "accepted_at", "withdrawn_at"))


def _fields(row: models.Model | None) -> dict[str, Any] | None:
    """A row's own columns by name; a link as the words of its target, a week as its free hours."""
    if row is None:
        return None
    return {field.name: _plain(getattr(row, field.name)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    if isinstance(value, Week):
        return value.hours
    return str(value) if isinstance(value, models.Model) else value
