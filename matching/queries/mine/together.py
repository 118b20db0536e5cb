"""Two people on their way: pairings, how and when they are asked, days worth remembering, service."""

from typing import Any

from accounts.models import User
from accounts.queries.my_data import Covers, Given, Withheld
from matching.models import ChangeAsk, CheckIn, CheckInPlan, Handover, MilestonePlan, Pairing, ServiceEntry

COVERS: Covers = {
    Pairing: Given("pairings"),
    Handover: Given("stepping_down"),
    CheckInPlan: Given("check_in_wishes"),
    CheckIn: Given("check_ins"),
    ChangeAsk: Given("asked_after_a_silence"),
    ServiceEntry: Given("service"),
    ServiceEntry.checkins.through: Withheld("which answers a talk was counted from; both are given"),
    MilestonePlan: Given("milestones"),
}

PAIRING = ("id", "state", "began_at", "trial_ends_on", "ended_at", "end_reason", "step")
PLAN = (
    *("cadence", "hour", "hour_chosen", "quiet_begins", "quiet_ends", "paused_until", "unanswered"),
    *("help_sponsor", "help_coordinator", "flag_quiet"),
)


def collect(member: User) -> dict[str, Any]:
    """Plain values by name."""
    pairings = Pairing.objects.of(member)
    asks, answers = ChangeAsk.objects.of(member), CheckIn.objects.of(member)
    return {
        "pairings": [_without_the_others_reason(row, member) for row in pairings.values(*PAIRING, "ended_by")],
        "stepping_down": list(Handover.objects.filter(sponsor=member).values("begun_at", "people", "finished_at")),
        "check_in_wishes": list(CheckInPlan.objects.filter(member=member).values(*PLAN)),
        "check_ins": list(answers.values("local_date", "state", "answer", "answered_at")),
        "asked_after_a_silence": list(asks.values("silence", "asked_at", "answer", "answered_at", "heard_at")),
        "service": list(ServiceEntry.objects.of(member).values("kind", "on", "minutes")),
        "milestones": list(
            MilestonePlan.objects.filter(member=member).values("fellowship__name", "sponsor_too", "since", "from_on")
        ),
    }


def _without_the_others_reason(row: dict[str, Any], member: User) -> dict[str, Any]:
    """Why it ended is told to whoever ended it: of the other, nobody learns it."""
    own = row.pop("ended_by") == member.pk
    return {**row, "end_reason": row["end_reason"] if own else ""}
