"""The tick of rounds: what lost its worker or its message is called again, so that losing either loses nothing."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts import clock
from accounts.models import User
from matching.actions.round_moves import MOST_ATTEMPTS, fail_round, wake
from matching.actions.round_solving import finish_round
from matching.actions.rounds import publish_round, publishable
from matching.models import PairOutcome, Round, RoundPair, RoundPart
from matching.queries.coordinators import serving
from matching.states import OPEN_PART, RoundPartState, RoundState

GOES_ON = timedelta(hours=1)
"""For how long after the button was pressed the tick goes on publishing."""


def tend_rounds() -> int:
    """Call workers to whatever nobody works on, finish what is solved, and go on publishing; return how many finished.

    Any number of ticks may run at once: the leases tell them apart.
    """
    _give_up()
    wake("plan_round", _idle(Round.objects.filter(state=RoundState.PLANNING)))
    wake("solve_round_part", list(_idle_parts().values_list("pk", flat=True)))
    finished = sum(finish_round(pk) for pk in _idle(_solved()))
    _go_on_publishing()
    return finished


def _idle(rounds: QuerySet[Round]) -> list[UUID]:
    """Those that nobody plans or finishes at present."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now() + clock.shift())
    return list(rounds.filter(free).values_list("pk", flat=True))


def _idle_parts() -> QuerySet[RoundPart]:
    """Parts that wait, or whose lease ran out."""
    ran_out = Q(state=RoundPartState.LEASED, leased_until__lt=Now() + clock.shift())
    return RoundPart.objects.filter(ran_out | Q(state=RoundPartState.WAITING), round__state=RoundState.SOLVING)


def _solved() -> QuerySet[Round]:
    open_parts = RoundPart.objects.filter(round=OuterRef("pk"), state__in=OPEN_PART)
    return Round.objects.filter(~Exists(open_parts), state=RoundState.SOLVING)


def _give_up() -> None:
    """Set aside what was tried too often: it takes its workers down with it, and would do so for ever."""
    worn = set(_idle_parts().filter(attempts__gte=MOST_ATTEMPTS).values_list("round_id", flat=True))
    for rounds in (Round.objects.filter(state=RoundState.PLANNING), _solved()):
        worn |= set(_idle(rounds.filter(attempts__gte=2 * MOST_ATTEMPTS)))
    for pk in worn:
        fail_round(pk, "tried too often")


def _go_on_publishing() -> None:
    waiting = RoundPair.objects.filter(round=OuterRef("pk"), outcome=PairOutcome.WAITING)
    rounds = Round.objects.filter(Exists(waiting), state=RoundState.PUBLISHED, ended_at__gt=clock.now() - GOES_ON)
    for round_ in rounds:
        by = User.objects.filter(pk__in=[round_.published_by], is_active=True).first()
        if by is None or by.pk not in serving(round_.intergroup_id):
            continue
        if publishable(by).filter(round=round_).exists():
            publish_round(round_, by=by)
