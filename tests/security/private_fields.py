"""Every column that could hold something private, who may see it, and a value in it that is found wherever it leaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import models
from django.utils import formats

from accounts import clock
from accounts.models import Contact, FormerBar, Invitation, MemberKey, Profile, Suspension, User
from matching.models import BridgeInvitation, CalendarFeed, Invitee, Offer, OfficeList, PushAddress, ReviewQuestion
from tests import factories
from tests.security import signing_in
from tests.security.access import ROLES, World

APPS = ("accounts", "matching", "account", "mfa", "usersessions")
PLAIN = (models.BooleanField, models.IntegerField, models.FloatField, models.DateTimeField, models.UUIDField)

OWN = {
    "accounts.User.email",
    "accounts.User.password",
    "accounts.Profile.recovery_date",
    "accounts.Profile.program_since",
    "accounts.Contact.phone",
    "accounts.Contact.email",
    "accounts.Contact.hint",
    "accounts.Invitation.email",
    "accounts.MemberKey.wrapped",
    "accounts.FormerBar.digest",
    "accounts.Suspension.reason",
    "matching.Invitee.address",
    "matching.Invitee.first_name",
    "matching.Invitee.initial",
    "matching.OfficeList.content",
    "matching.BridgeInvitation.email",
    "matching.CalendarFeed.digest",
    "matching.Offer.note",
    "matching.Offer.seat_reason",
    "matching.PushAddress.endpoint",
    "matching.PushAddress.p256dh",
    "matching.PushAddress.auth",
    "matching.PushAddress.label",
    "matching.PushAddress.fingerprint",
    "matching.ReviewQuestion.text",
    "matching.ReviewQuestion.answer",
    "account.EmailAddress.email",
    "mfa.Authenticator.data",
    "usersessions.UserSession.ip",
    "usersessions.UserSession.user_agent",
    "usersessions.UserSession.session_key",
}
"""Private: a value is put into each of these, and every reader but those of :func:`canaries` is one too many."""

SHOWN = {
    # Of an office, a fellowship or a meeting, and of how an office works
    *(f"accounts.Fellowship.{name}" for name in ("code", "name", "names", "date_words", "extra_milestone_months")),
    *(f"accounts.Intergroup.{name}" for name in ("slug", "name", "zone", "country")),
    *(f"accounts.Meeting.{name}" for name in "source slug name starts zone types place".split()),
    *(f"accounts.Meeting.{name}" for name in ("conference_url", "conference_phone")),
    *("accounts.Policy.weights", "accounts.Area.code", "accounts.Area.name"),
    *(
        f"accounts.Policy.{name}"
        for name in "checklist crisis_lines date_words minimum_days numbers_reminded_on texts".split()
    ),
    *(f"accounts.MeetingFeed.{name}" for name in ("before", "entries", "rows", "source")),
    *("accounts.PolicyChange.before", "accounts.PolicyChange.after"),
    *(f"accounts.Coordinator.{name}" for name in ("scopes", "starts_on", "ends_on")),
    *(f"accounts.Invitation.{name}" for name in ("language", "scopes", "ends_on")),
    # Ids, keys and states, no content
    *(f"accounts.AuditEntry.{name}" for name in ("verb", "target_kind", "target_id", "ids")),
    *(
        "accounts.AuditEntry.proof",
        "accounts.AuditLink.value",
        "accounts.AuditHeads.chains",
        "accounts.AuditHeads.proof",
    ),
    *(
        "accounts.Erasure.mark",
        "matching.Invitee.mark",
        "matching.UnwantedLetter.mark",
        "matching.Invitee.language",
        "matching.ColumnHabit.columns",
    ),
    *(f"matching.Recruiting.{name}" for name in ("found", "holder", "problem", "recruits", "trouble")),
    *("matching.RecruitingLine.excluded", "accounts.Consent.version", "accounts.MemberKey.master"),
    "accounts.User.language",
    *(f"matching.OutboxMessage.{name}" for name in ("key", "channel", "topic", "ids", "trouble")),
    *("matching.Heartbeat.name", "matching.Tally.topic", "matching.UnwantedNotice.channel"),
    *(f"matching.Round.{name}" for name in ("weights", "points", "rest", "fairness", "trouble")),
    *(f"matching.RoundPart.{name}" for name in ("mark", "problem", "result")),
    *("matching.RoundPair.broken", "matching.RoundLeft.excluded", "usersessions.UserSession.data"),
    *("account.EmailConfirmation.key",),
    # What people are matched on, shown as far as two share it; see S1 for who comes to which page
    *(f"accounts.Profile.{name}" for name in ("first_name", "initial", "zone", "languages", "modes", "week")),
    *(f"accounts.Profile.{name}" for name in ("comfortable_with", "experiences", "needs", "can_meet")),
    *(f"matching.{model}.{name}" for model in ("Suggestion", "Offer") for name in ("parts", "reasons", "reasons_back")),
    # Days that two people or an office share
    *("accounts.Sponsor.paused_until", "matching.Bridge.leaves_on", "matching.Bridge.met_on"),
    *("matching.BridgeInvitation.leaves_on", "matching.BridgeInvitation.language"),
    *("matching.Pairing.trial_ends_on", "matching.CheckInPlan.paused_until", "matching.CheckIn.local_date"),
    *("matching.MilestonePlan.from_on", "matching.ServiceEntry.on"),
}
"""Looked at and found to be nobody's secret, or shown on purpose."""


def unclassified() -> set[str]:
    """Columns that hold words, days, bytes or lists, and of which nobody has said whether they are private."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in APPS:
            for field in model._meta.concrete_fields:
                if not (field.remote_field or field.choices or isinstance(field, PLAIN)):
                    found.add(f"{model._meta.label}.{field.name}")
    return found - OWN - SHOWN


@dataclass(frozen=True)
class Canary:
    """A value that stands in one column of one row alone, as it would look on a page; and the roles that may see it."""

    field: str
    texts: tuple[str, ...]
    readers: frozenset[str]


def canaries(world: World) -> list[Canary]:
    """Put a value into every private column of every row there is, and say who may see it."""
    people = {user.pk: user for user in User.objects.order_by("date_joined", "pk")}
    readers = {pk: frozenset(role for role in ROLES if _is(world, role, pk)) for pk in people}
    pair = readers[world.pairing.sponsor_id] | readers[world.pairing.sponsee_id]
    found: list[Canary] = []
    for number, (pk, user) in enumerate(people.items()):
        together = pair if readers[pk] and readers[pk] <= pair else readers[pk]
        # Operators look an account up by its address.
        found += _of_account(user, number, readers[pk] | {"staff"}, readers[pk])
        # Whoever wished to talk to a volunteer is reached by the office: see the world of the matrix.
        talks = together | {"here"} if pk == world.wish.member_id else together
        found += _of_contact(user, number, talks)
    found += _of_offers(readers)
    found += _of_devices(readers)
    found += _never()
    for one in filter(None, world.people.values()):
        # A session is bound to the password as it was at the beginning.
        one.refresh_from_db()
    return found


def _is(world: World, role: str, pk: object) -> bool:
    user = world.people[role]
    return user is not None and user.pk == pk


def _of_account(user: User, number: int, lookers: frozenset[str], own: frozenset[str]) -> Iterator[Canary]:
    email, password = f"canary{number:03d}mail@example.org", f"canary{number:03d}password"
    User.objects.filter(pk=user.pk).update(email=email, password=password)
    EmailAddress.objects.filter(user=user).update(email=email)
    yield Canary("accounts.User.email", (email,), lookers)
    yield Canary("account.EmailAddress.email", (email,), lookers)
    yield Canary("accounts.User.password", (password,), frozenset())
    for field, year in (("recovery_date", 1991), ("program_since", 1994)):
        day = date(year, 1, 2) + timedelta(days=7 * number)
        if Profile.objects.filter(pk=user.pk).update(**{field: day}):
            yield Canary(f"accounts.Profile.{field}", (day.isoformat(), formats.date_format(day, "DATE_FORMAT")), own)


def _of_contact(user: User, number: int, readers: frozenset[str]) -> Iterator[Canary]:
    contact = Contact.objects.filter(pk=user.pk).first()
    if contact is not None:
        contact.phone, contact.email = f"+1 777 {number:03d} 4242", f"canary{number:03d}reach@example.org"
        contact.hint = f"canary{number:03d}hint"
        contact.save()
        for field in ("phone", "email", "hint"):
            yield Canary(f"accounts.Contact.{field}", (getattr(contact, field),), readers)


def _of_offers(readers: dict[Any, frozenset[str]]) -> Iterator[Canary]:
    for number, offer in enumerate(Offer.objects.select_related("request").order_by("pk")):
        offer.note, offer.seat_reason = f"canary{number:03d}note", f"canary{number:03d}seat"
        offer.save(update_fields=["note", "seat_reason"])
        newcomer = readers[offer.request.member_id] if offer.state == "paired" else frozenset()
        yield Canary("matching.Offer.note", (offer.note,), readers[offer.sponsor_id] | newcomer)
        yield Canary("matching.Offer.seat_reason", (offer.seat_reason,), readers[offer.sponsor_id] | {"here"})
    for question in ReviewQuestion.objects.all():
        question.text, question.answer, question.answered_at = "canaryquestion", "canaryanswer", clock.now()
        question.save()
        for field, text in (("text", question.text), ("answer", question.answer)):
            yield Canary(f"matching.ReviewQuestion.{field}", (text,), readers[question.member_id] | {"here"})


def _of_devices(readers: dict[Any, frozenset[str]]) -> Iterator[Canary]:
    for device in PushAddress.objects.all():
        values = {name: f"canarydevice{name}" for name in ("p256dh", "auth", "label", "fingerprint")}
        for name, value in {**values, "endpoint": "https://push.example.org/canarydevice"}.items():
            setattr(device, name, value)
            shown = readers[device.member_id] if name != "fingerprint" else frozenset()
            yield Canary(f"matching.PushAddress.{name}", (value,), shown)
        device.save()
    for number, (pk, own) in enumerate(sorted(readers.items(), key=str)):
        now = clock.now()
        made = UserSession(user_id=pk, ip=f"203.0.113.{100 + number}", user_agent=f"canary{number:03d}browser")
        made.session_key, made.created_at, made.last_seen_at = f"canary{number:03d}session", now, now
        made.save()
        yield Canary("usersessions.UserSession.user_agent", (made.user_agent,), own)
        yield Canary("usersessions.UserSession.ip", (made.ip,), own)
        yield Canary("usersessions.UserSession.session_key", (made.session_key,), frozenset())


def _never() -> Iterator[Canary]:
    """What no page shows to anybody, as it is: keys, hashes, and what a second factor is made of."""
    if not FormerBar.objects.exists():
        member = Profile.objects.earliest("pk").user
        FormerBar.objects.create(member=member, digest=b"canaryformer", kind="block", by_them=False, at=clock.now())
    for row in FormerBar.objects.all():
        yield Canary("accounts.FormerBar.digest", _texts(bytes(row.digest)), frozenset())
    for key in MemberKey.objects.all():
        yield Canary("accounts.MemberKey.wrapped", _texts(bytes(key.wrapped)), frozenset())
    for feed in CalendarFeed.objects.all():
        yield Canary("matching.CalendarFeed.digest", (feed.digest,), frozenset())
    for invitation in Invitation.objects.open(clock.now()):
        Invitation.objects.filter(pk=invitation.pk).update(email="canaryinvited@example.org")
        yield Canary("accounts.Invitation.email", ("canaryinvited@example.org",), frozenset({"here"}))
    for asked in BridgeInvitation.objects.all():
        BridgeInvitation.objects.filter(pk=asked.pk).update(email="canaryasked@example.org")
        yield Canary("matching.BridgeInvitation.email", ("canaryasked@example.org",), frozenset({"here"}))
    for number, invitee in enumerate(Invitee.objects.order_by("pk")):
        invitee.address, invitee.first_name = f"canary{number:03d}listed@example.org", f"Canary{number:03d}listed"
        invitee.initial = f"Canary{number:03d}initial"
        invitee.save(update_fields=["address", "first_name", "initial"])
        yield Canary("matching.Invitee.initial", (invitee.initial,), frozenset({"here"}))
        yield Canary("matching.Invitee.address", (invitee.address,), frozenset({"here"}))
        yield Canary("matching.Invitee.first_name", (invitee.first_name,), frozenset({"here"}))
    if not Suspension.objects.exists():
        out = Profile.objects.filter(user__is_active=False).earliest("pk")
        Suspension.objects.create(
            member=out.user, intergroup=factories.intergroup(), by=out.pk, at=clock.now(), reason="canaryreason"
        )
    for number, suspension in enumerate(Suspension.objects.order_by("pk")):
        suspension.reason = f"canary{number:03d}reason"
        suspension.save(update_fields=["reason"])
        yield Canary("accounts.Suspension.reason", (suspension.reason,), frozenset({"here"}))
    for brought in OfficeList.objects.all():
        brought.content = brought.content.replace("Tom", "Canarycontent")
        brought.save(update_fields=["content"])
        yield Canary("matching.OfficeList.content", ("Canarycontent",), frozenset({"here"}))
    signing_in.with_app(User.objects.get(profile__first_name="Sue"))
    for row in Authenticator.objects.all():
        texts = tuple(text for name in ("secret", "seed") if (text := str(row.data.get(name, ""))))
        yield Canary("mfa.Authenticator.data", (signing_in.SECRET, *texts), frozenset())


def _texts(value: bytes) -> tuple[str, ...]:
    return (value.hex(), repr(value)[2:-1]) if value else ()
