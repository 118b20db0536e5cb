"""Rounds as far as a test wants them: people who wait, and the workers' steps one after the other."""

import os
import re
from datetime import timedelta

from django.db import connection

from accounts import clock
from accounts.models import User
from matching.actions.round_planning import lay_out
from matching.actions.round_solving import finish_round, solve_part
from matching.actions.rounds import plan_round
from matching.models import Round, RoundKind, RoundPair, SponsorRequest
from matching.states import OPEN_PART
from tests import factories

TONGUES = ("en", "es", "fr", "pl")


def waits(member: User | None = None, *, days: int = 0, **fields: object) -> User:
    """Somebody whose request is open, without asking the engine."""
    member = member or factories.newcomer(**fields)
    SponsorRequest.objects.create(
        member=member,
        intergroup=member.profile.intergroup,  # type: ignore[misc]
        fellowship=member.profile.fellowship,
        asked_at=clock.now() - timedelta(days=days),
        decide_by=clock.now() + timedelta(hours=72),
    )
    return member


def crowd(newcomers: int = 12, sponsors: int = 6) -> None:
    """So many people of four languages: a part for each; of every four newcomers one finds nobody of their gender."""
    for at in range(newcomers):
        gender = "man" if at % 4 == 3 else "woman"
        waits(languages=[TONGUES[at // 4 % 4]], gender=gender, days=at, first_name=f"Nina{at}")
    for at in range(sponsors):
        factories.sponsor(languages=[TONGUES[at % 4]], first_name=f"Sol{at}", side={"seats": 1 + at % 2})


def parts_left(round_: Round) -> list[int]:
    """The keys of the parts that nobody has solved yet."""
    return list(round_.parts.filter(state__in=OPEN_PART).values_list("pk", flat=True))


def laid_out(by: User, *, kind: str = RoundKind.BEST) -> Round:
    """A round whose parts wait for workers."""
    round_ = plan_round(factories.intergroup(), by=by, kind=kind)
    assert lay_out(round_.pk)
    return again(round_)


def worked_out(round_: Round) -> Round:
    """All parts solved and the round finished, by one worker."""
    for part in parts_left(round_):
        assert solve_part(part)
    assert finish_round(round_.pk)
    return again(round_)


def preview(by: User, *, kind: str = RoundKind.BEST) -> Round:
    """A round that waits for the coordinator's word."""
    return worked_out(laid_out(by, kind=kind))


def lone_pair(round_: Round) -> RoundPair:
    """A pair whose sponsor gets nobody else."""
    alone = round_.loads.filter(given=1).values("sponsor")
    return round_.pairs.filter(sponsor__in=alone).earliest("pk")


def again(round_: Round) -> Round:
    """The round as it is by now."""
    return Round.objects.get(pk=round_.pk)


def environment() -> dict[str, str]:
    """For a process of its own on this test's database."""
    url = re.sub(r"/[^/?]*(\?.*)?$", rf"/{connection.settings_dict['NAME']}\1", os.environ["DATABASE_URL"])
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "recovery_match.settings"}
