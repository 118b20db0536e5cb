"""The tick of rounds: what lost its worker or its message is called again, so that losing either loses nothing."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts import clock
from matching.actions.round_moves import MOST_ATTEMPTS, fail_round, wake
from matching.actions.round_solving import finish_round
from matching.models import Round, RoundPart
from matching.states import OPEN_PART, RoundPartState, RoundState


def tend_rounds() -> int:
    """Call workers to whatever nobody works on, finish what is solved, and have published what is to be;
    return how many finished.

    Any number of ticks may run at once: the leases tell them apart.
    """
    _give_up()
    wake("plan_round", _idle(Round.objects.filter(state=RoundState.PLANNING)))
    wake("solve_round_part", list(_idle_parts().values_list("pk", flat=True)))
    asked_for = Round.objects.filter(state=RoundState.PREVIEW, published_by__isnull=False)
    wake("publish_round", list(asked_for.values_list("pk", flat=True)))
    return sum(finish_round(pk) for pk in _idle(_solved()))


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
