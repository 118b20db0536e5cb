"""One check-in, as its link shows it to whoever holds the link."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from matching.models import CheckIn, OutboxMessage


@dataclass(frozen=True)
class Told:
    """Who hears of an "I need help": the sponsor, the coordinators, or nobody."""

    sponsor: bool = False
    coordinators: bool = False


def find(pk: UUID) -> CheckIn | None:
    """A check-in of an active member, with ``superseded``: whether a newer question is out."""
    newer = CheckIn.objects.filter(
        pairing=OuterRef("pairing"), member=OuterRef("member"), local_date__gt=OuterRef("local_date")
    )
    found = CheckIn.objects.select_related("pairing", "member").annotate(superseded=Exists(newer))
    return found.filter(pk=pk, member__is_active=True).first()


def told_of(checkin: CheckIn) -> Told:
    """Who is told of an answered "I need help": what was posted with the answer, whatever was ticked since."""
    posted = OutboxMessage.objects.filter(
        key__startswith=f"help_asked:{checkin.pk}:", posted_at__gte=checkin.answered_at
    )
    topics = set(posted.values_list("topic", flat=True))
    return Told(sponsor="help_asked" in topics, coordinators="help_asked_office" in topics)
