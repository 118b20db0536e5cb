"""Private columns that hold one word of a few: no value can be put there that is found wherever it leaks.

So two values are put there in turn, and whoever is not meant to see them must not be able to tell which it is: every
page of theirs is the same, letter by letter (non-interference).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from accounts import clock
from accounts.models import ApplicationCheck, Bar, Consent, FormerBar, Report, Sponsor
from matching.actions import pairings, reviews
from matching.models import (
    ChangeAsk,
    CheckIn,
    CheckInPlan,
    Invitee,
    Offer,
    Pairing,
    ReviewDecision,
    ServiceEntry,
    UnwantedNotice,
)
from tests import factories
from tests.matching import office
from tests.security.access import World
from tests.security.private_fields import APPS

OWN = {
    "accounts.ApplicationCheck.item",
    "accounts.Bar.kind",
    "accounts.Consent.kind",
    "accounts.FormerBar.kind",
    "accounts.Report.kind",
    "accounts.Sponsor.pause_reason",
    "matching.ChangeAsk.answer",
    "matching.CheckIn.answer",
    "matching.CheckInPlan.cadence",
    "matching.Invitee.wish",
    "matching.Offer.reject_reason",
    "matching.Pairing.end_reason",
    "matching.Pairing.step",
    "matching.ReviewDecision.reason",
    "matching.ServiceEntry.kind",
    "matching.UnwantedNotice.kind",
}
"""Private: each of these is flipped."""

SHOWN = {
    # What people are matched on, shown as far as two share it
    *("accounts.Profile.gender", "accounts.Profile.approach"),
    # How far something has come: it decides which page there is, rather than standing on one
    *(
        f"matching.{name}.state"
        for name in "Bridge CheckIn Offer OutboxMessage Pairing Recruiting Round RoundPart SponsorRequest".split()
    ),
    *("matching.OfficeList.stage", "matching.RoundPair.outcome", "matching.ReviewDecision.verdict"),
    *("matching.Offer.origin", "matching.OfferConsent.role", "matching.SponsorRequest.kind", "matching.Round.kind"),
    # Of counts, of meetings, and of which way there is to sign in
    *("matching.Tally.kind", "accounts.Meeting.attendance", "mfa.Authenticator.type"),
}
"""Looked at and found to be nobody's secret, or shown on purpose."""


def unclassified() -> set[str]:
    """Columns with choices of which nobody has said whether they are private."""
    found = {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
        for column in model._meta.concrete_fields
        if column.choices
    }
    return found - OWN - SHOWN


@dataclass(frozen=True)
class Choice:
    """A column of some rows, two values for it, and the roles that may tell which of them it is."""

    field: str
    rows: QuerySet[Any]
    values: tuple[str, str]
    readers: frozenset[str]

    def flip(self, to: int) -> None:
        """Put one of the two values there."""
        assert self.rows.update(**{self.field.rpartition(".")[2]: self.values[to]}), self.field


def choices(world: World) -> list[Choice]:
    """One of each, of somebody who has a role. A pairing that lives has no reason for its end: see :func:`ended`."""
    return [*_of_members(world), *_of_the_office(world)]


def _only(*readers: str) -> frozenset[str]:
    return frozenset(readers)


def _of_members(world: World) -> Iterator[Choice]:
    now, people = clock.now(), world.people
    sponsee, other, newcomer = people["sponsee"], people["other"], people["newcomer"]
    assert sponsee is not None
    assert other is not None
    assert newcomer is not None
    # Never "we talked": by that, and by that alone, a coordinator sees when the two last had contact.
    CheckIn.objects.create(
        pairing=world.pairing,
        member=sponsee,
        local_date=world.checkin.local_date - timedelta(days=1),
        due_at=now,
        state="answered",
        answer="not_yet",
        answered_at=now,
    )
    answered = CheckIn.objects.filter(member=sponsee, state="answered")
    yield Choice("matching.CheckIn.answer", answered, ("not_yet", "help"), _only("sponsee"))
    # Whoever would like to talk is shown to the office, and nobody else.
    asks = ChangeAsk.objects.filter(pk=world.wish.pk)
    yield Choice("matching.ChangeAsk.answer", asks, ("well", "change"), _only("sponsee"))
    pair = Pairing.objects.filter(pk=world.pairing.pk)
    yield Choice("matching.Pairing.step", pair, ("3", "4"), _only("sponsee", "paired"))
    plans = CheckInPlan.objects.filter(member=sponsee)
    yield Choice("matching.CheckInPlan.cadence", plans, ("daily", "weekly"), _only("sponsee"))
    entries = ServiceEntry.objects.filter(pk=world.entry.pk)
    yield Choice("matching.ServiceEntry.kind", entries, ("call", "ride"), _only("paired"))
    # The link that switches news off shows whether they are on, to whoever has it.
    UnwantedNotice.objects.create(member=sponsee, kind="dates", since=now)
    unwanted = UnwantedNotice.objects.filter(member=sponsee)
    yield Choice("matching.UnwantedNotice.kind", unwanted, ("dates", "check_ins"), _only("sponsee"))
    bar = Bar.objects.create(by=sponsee, other=other, kind="block", at=now)
    yield Choice("accounts.Bar.kind", Bar.objects.filter(pk=bar.pk), ("block", "not_again"), _only("sponsee"))
    FormerBar.objects.create(member=newcomer, digest=b"x", kind="block", by_them=False, at=now)
    yield Choice("accounts.FormerBar.kind", FormerBar.objects.all(), ("block", "not_again"), frozenset())
    given = Consent.objects.create(user=sponsee, kind="conduct", version="0", given_at=now, withdrawn_at=now)
    own = Consent.objects.filter(pk=given.pk)
    yield Choice("accounts.Consent.kind", own, ("conduct", "store"), _only("sponsee"))


def _of_the_office(world: World) -> Iterator[Choice]:
    now, here, paired = clock.now(), world.people["here"], world.people["paired"]
    assert here is not None
    assert paired is not None
    # Whoever made a report has it in their own copy.
    reports = Report.objects.filter(pk=world.report.pk)
    yield Choice("accounts.Report.kind", reports, ("other", "money"), _only("here", "sponsee"))
    Sponsor.objects.filter(pk=paired.pk).update(paused_until=factories.today() + timedelta(days=9))
    sides = Sponsor.objects.filter(pk=paired.pk)
    yield Choice("accounts.Sponsor.pause_reason", sides, ("chosen", "office"), _only("paired", "here"))
    ApplicationCheck.objects.create(sponsor=paired.sponsor, item="talk", by=here, at=now)
    checks = ApplicationCheck.objects.filter(sponsor=paired.pk)
    yield Choice("accounts.ApplicationCheck.item", checks, ("talk", "known"), _only("paired", "here"))
    invitees = Invitee.objects.filter(pk=world.invitee.pk)
    yield Choice("matching.Invitee.wish", invitees, ("newcomer", "sponsor"), _only("here"))
    refused = office.in_review(factories.newcomer(first_name="Wendy"), factories.sponsor(first_name="Will"))
    reviews.reject_offer(refused, by=here, reason="concern")
    offers = Offer.objects.filter(pk=refused.pk)
    yield Choice("matching.Offer.reject_reason", offers, ("concern", "too_far"), _only("here"))
    decided = {"by": here, "at": now, "due_at": now + timedelta(minutes=9), "verdict": "reject", "reason": "concern"}
    ReviewDecision.objects.create(offer=world.review, **decided)
    decisions = ReviewDecision.objects.filter(offer=world.review)
    yield Choice("matching.ReviewDecision.reason", decisions, ("concern", "too_far"), _only("here"))


def ended(world: World) -> Choice:
    """The pairing of the two has ended, and the one who is sponsored said why."""
    assert world.people["sponsee"] is not None
    pairings.end_pairing(world.pairing, by=world.people["sponsee"], reason="change")
    rows = Pairing.objects.filter(pk=world.pairing.pk)
    return Choice("matching.Pairing.end_reason", rows, ("change", "no_contact"), _only("sponsee"))
