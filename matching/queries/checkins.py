"""One check-in, as its link shows it to whoever holds the link."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from matching.models import Answer, CheckIn, CheckInPlan
from matching.queries.coordinators import serving


@dataclass(frozen=True)
class Told:
    """Who hears of an "I need help": the other of the two, the coordinators, or nobody."""

    other: bool = False
    coordinators: bool = False


def find(pk: UUID) -> CheckIn | None:
    """A check-in of an active member, with ``superseded``: whether a newer question is out."""
    newer = CheckIn.objects.filter(
        pairing=OuterRef("pairing"), member=OuterRef("member"), local_date__gt=OuterRef("local_date")
    )
    found = CheckIn.objects.select_related("pairing", "member").annotate(superseded=Exists(newer))
    return found.filter(pk=pk, member__is_active=True).first()


def is_open(checkin: CheckIn) -> bool:
    """Whether the question may be answered, or its answer changed."""
    return checkin.pairing.is_live and not checkin.superseded  # type: ignore[attr-defined]


def told_of(checkin: CheckIn) -> Told:
    """Who is told of an answered "I need help", by the choices the member has made."""
    pairing = checkin.pairing
    plan = CheckInPlan.objects.filter(pairing=pairing, member=checkin.member_id).first()
    if checkin.answer != Answer.HELP or plan is None:
        return Told()
    others = {*serving(pairing.intergroup_id)} - {pairing.sponsor_id, pairing.sponsee_id}
    return Told(
        other=plan.help_sponsor and checkin.member_id == pairing.sponsee_id,
        coordinators=plan.help_coordinator and bool(others),
    )
