"""A pairing as one of the two sees it: the other's contact details, one's own check-ins, never the other's."""

from django.db.models import QuerySet, Subquery

from accounts import clock
from accounts.models import Contact, Profile, User
from matching.models import CheckIn, CheckInPlan, Pairing
from matching.queries.silence import open_asks
from matching.queries.suggestions import shared_weeks

SHOWN = 14


def pairings_of(member: User) -> QuerySet[Pairing]:
    """The pairings a member may open, with both profiles and contact details; ``change_ask`` is the id of the question
    to them that followed a silence and is open, if there is one."""
    found = Pairing.objects.of(member).annotate(change_ask=Subquery(open_asks(member, clock.now())))
    return found.select_related(
        "offer", "intergroup", "sponsor__profile", "sponsee__profile", "sponsor__contact", "sponsee__contact"
    )


def other_of(pairing: Pairing, member: User) -> Profile:
    """The profile of the other of the two."""
    return pairing.sponsee.profile if pairing.sponsor_id == member.pk else pairing.sponsor.profile


def contact_of(pairing: Pairing, member: User) -> Contact | None:
    """How to reach the other; None once the pairing has ended, or when they left nothing."""
    if not pairing.is_live:
        return None
    other = pairing.sponsee if pairing.sponsor_id == member.pk else pairing.sponsor
    return getattr(other, "contact", None)


def shared_week(pairing: Pairing, viewer: Profile, other: Profile) -> str:
    """The hours that suit both, 168 characters in the viewer's zone; empty once the pairing has ended."""
    return shared_weeks(viewer, [other])[0] if pairing.is_live else ""


def plan_of(pairing: Pairing, member: User) -> CheckInPlan | None:
    """How this member is asked."""
    return CheckInPlan.objects.filter(pairing=pairing, member=member).first()


def own_checkins(pairing: Pairing, member: User) -> list[CheckIn]:
    """The member's own newest check-ins, newest first."""
    return list(CheckIn.objects.of(member).filter(pairing=pairing)[:SHOWN])
