"""What an office does with everybody at once, and what a member did for their office: rounds, searches, lists."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts.models import User
from accounts.queries.my_data import Covers, Given, Withheld
from matching.models import (
    Invitee,
    OfficeList,
    Recruiting,
    RecruitingLine,
    RosterChange,
    Round,
    RoundLeft,
    RoundPair,
    RoundPart,
    RoundSponsor,
    UnwantedLetter,
)
from matching.models.invitee import address_mark
from matching.queries.mine.opened import opened

COVERS: Covers = {
    Round: Given("rounds_made_by_me"),
    RoundPart: Withheld("what workers need of everybody while a round is made, in their own form; gone with it"),
    RoundPair: Given("rounds"),
    RoundLeft: Given("rounds"),
    RoundSponsor: Given("rounds"),
    Recruiting: Given("searches_for_sponsors_asked_by_me"),
    RecruitingLine: Given("searches_for_sponsors"),
    RosterChange: Given("roster_changes"),
    OfficeList: Given("lists_of_mine"),
    Invitee: Given("invited_by_me"),
}


def collect(member: User) -> dict[str, Any]:
    """Plain values by name."""
    return {**_everybody(member), **_lists(member)}


def _everybody(member: User) -> dict[str, Any]:
    made = Round.objects.filter(Q(made_by=member) | Q(published_by=member.pk))
    lines = RecruitingLine.objects.filter(newcomer=member)
    return {
        "rounds": _rounds(member),
        "rounds_made_by_me": list(made.values("made_at", "state")),
        "searches_for_sponsors": list(lines.values("recruiting__as_of", "eligible")),
        "searches_for_sponsors_asked_by_me": list(
            Recruiting.objects.filter(asked_by=member).values("asked_at", "state")
        ),
        "roster_changes": list(RosterChange.objects.filter(member=member.pk).values("at")),
    }


def _rounds(member: User) -> list[dict[str, Any]]:
    """When a round looked for somebody for the member, or for people for them to sponsor; whom it found is theirs."""
    sides = {"newcomer": (RoundPair, RoundLeft), "sponsor": (RoundPair, RoundSponsor)}
    found = {
        (made_at, side)
        for side, models in sides.items()
        for model in models
        for made_at in model._default_manager.filter(**{side: member}).values_list("round__made_at", flat=True)
    }
    return [{"made_at": made_at, "as": side} for made_at, side in sorted(found)]


def _lists(member: User) -> dict[str, Any]:
    marks = [address_mark(one) for one in addresses(member)]
    return {
        "lists_of_mine": list(OfficeList.objects.filter(made_by=member).values("intergroup__name", "made_at")),
        # Not whom: what stands there is about somebody else.
        "invited_by_me": list(Invitee.objects.filter(made_by=member).values("intergroup__name", "made_at")),
        "invited_from_a_list": [
            opened(one, "first_name", "initial", "address", "wish", "made_at", "expires_at")
            for one in Invitee.objects.filter(mark__in=marks)
        ],
        "letters_from_lists_not_wanted": list(UnwantedLetter.objects.filter(mark__in=marks).values("since")),
    }


def addresses(member: User) -> list[str]:
    """All that the member has shown to be theirs, and the one they sign in with."""
    verified = EmailAddress.objects.filter(user=member, verified=True).values_list("email", flat=True)
    return [*verified, member.email]
