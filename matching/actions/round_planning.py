"""Planning a round: everybody is read in one snapshot and split into parts, which workers then solve."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import Error, transaction

from accounts.models.audit import record
from matching import engine
from matching.actions.round_moves import fail_round, take_round, wake
from matching.engine import wire
from matching.models import Round, RoundKind, RoundPart
from matching.queries import solving
from matching.queries.everybody import Everybody, everybody, snapshot
from matching.queries.rounds import stored
from matching.states import RoundPartState, RoundState, move

ROOM = 2
"""Serving anybody is worth so many times what it must be, so that parts keep their prices when people join."""

Marked = Mapping[str, engine.Part]
"""Parts by their mark, in their order. No two are alike, as nobody is in two."""


def lay_out(round_id: UUID) -> bool:
    """Read everybody and write the parts of a round that is being prepared; workers are called once that is committed.

    Parts of an earlier preview whose people are as they were keep their result, if it is the best by now as well. The
    others are given what was found for their people, to begin with.

    Returns whether this call did it: another may have, or the round was cancelled.
    """
    lease = take_round(round_id, RoundState.PLANNING)
    if lease is None:
        return False
    round_ = Round.objects.select_related("intergroup").get(pk=round_id)
    try:
        with snapshot():
            people = everybody(round_.intergroup, weights=round_.weights)
        service = _service(round_, people)
        split = engine.split(people.newcomers, people.sponsors, people.facts)
        parts, before = {wire.mark(part): part for part in split}, _before(round_, service)
        rows = _rows(round_, parts, {} if before is None else _kept(round_, parts, before), before)
    except Error:
        raise
    except Exception as error:  # such as a time zone that no longer exists: it would not go away by trying again
        fail_round(round_id, type(error).__name__)
        return False
    return _store(round_id, lease, people, rows, rest=_rest(people, split), service=service)


def _service(round_: Round, people: Everybody) -> int | None:
    """What serving anybody is worth in every part of the round; as before when that is still enough."""
    if round_.kind == RoundKind.STABLE:
        return None
    least = engine.service_of(people.newcomers, people.facts)
    return round_.service if round_.service is not None and round_.service >= least else ROOM * least


def _before(round_: Round, service: int | None) -> engine.Round | None:
    """The preview that is brought up to date, as its rows tell it; None when there is nothing to go on from.

    Stable parts are quickly solved anew: they have no prices, and the checker accepts any stable round, and not only
    the one that is best for newcomers. Prices mean something else where serving anybody is worth something else.
    """
    if service is None or service != round_.service or not round_.parts.exists():
        return None
    before = stored(round_)
    return before if isinstance(before, engine.Round) else None


def _kept(round_: Round, parts: Marked, before: engine.Round) -> Mapping[str, engine.Round]:
    """By mark, the results that the checker accepts once more, after the days that have gone by."""
    marks, kept = set(round_.parts.filter(state=RoundPartState.SOLVED).values_list("mark", flat=True)), {}
    for mark, part in parts.items():
        if mark in marks:
            found = _whole(_of_part(before, part), part)
            try:
                solving.check(found, part)
            except engine.Refused:
                continue
            kept[mark] = found
    return kept


def _of_part(before: engine.Round, part: engine.Part) -> engine.Round:
    """Cut out of a round what concerns the people of a part; it proves something if they are as they were."""
    asking, free = {one.id for one in part.newcomers}, {one.id: one.seats - one.seats_taken for one in part.sponsors}
    pairs = tuple(one for one in before.assignments if one.newcomer in asking)
    left = tuple(one for one in before.left if one.newcomer in asking)
    bought = {one: price for one, price in before.certificate.newcomers.items() if one in asking}
    sold = {one: price for one, price in before.certificate.sponsors.items() if one in free}
    bound = sum(bought.values()) + sum(price * free[one] for one, price in sold.items())
    return engine.Round(pairs, left, engine.Certificate(before.certificate.service, bought, sold, bound))


def _whole(found: engine.Round, part: engine.Part) -> engine.Round:
    """Tell of those left over what a round of this part alone tells."""
    people = part.newcomers, part.sponsors, part.facts
    return engine.join([found], *people, service=found.certificate.service)


def _rows(
    round_: Round, parts: Marked, kept: Mapping[str, engine.Round], before: engine.Round | None
) -> list[RoundPart]:
    return [
        RoundPart(
            round=round_,
            number=number,
            mark=mark,
            state=RoundPartState.SOLVED if mark in kept else RoundPartState.WAITING,
            newcomers=len(part.newcomers),
            sponsors=len(part.sponsors),
            problem=solving.problem(part, None if before is None or mark in kept else _of_part(before, part)),
            result=wire.pack(wire.from_round(kept[mark])) if mark in kept else None,
        )
        for number, (mark, part) in enumerate(parts.items(), start=1)
    ]


def _rest(people: Everybody, parts: Iterable[engine.Part]) -> bytes:
    """Who is in no part, the facts of the whole, and which request is whose."""
    every = list(parts)
    asking = {one.id for part in every for one in part.newcomers}
    offering = {one.id for part in every for one in part.sponsors}
    rest = engine.Part(
        tuple(one for one in people.newcomers if one.id not in asking),
        tuple(one for one in people.sponsors if one.id not in offering),
        people.facts,
    )
    requests = {str(newcomer): str(request) for newcomer, request in people.requests.items()}
    return wire.pack({**wire.from_part(rest), "requests": requests})


@transaction.atomic
def _store(
    round_id: UUID, lease: datetime, people: Everybody, rows: list[RoundPart], *, rest: bytes, service: int | None
) -> bool:
    round_ = Round.objects.select_for_update().filter(pk=round_id, leased_until=lease).first()
    if round_ is None or round_.state != RoundState.PLANNING:
        return False
    round_.state = move(RoundState.PLANNING, RoundState.SOLVING)
    round_.as_of, round_.leased_until = people.facts.now, None
    round_.newcomers, round_.sponsors = len(people.newcomers), len(people.sponsors)
    round_.rest, round_.service = rest, service
    round_.points = {str(component): people.facts.policy.weight(component) for component in engine.Component}
    round_.save()
    round_.parts.all().delete()
    RoundPart.objects.bulk_create(rows)
    waiting = [one.pk for one in rows if one.state == RoundPartState.WAITING]
    record(None, "round.laid_out", round_, intergroup_id=round_.intergroup_id, parts=len(rows), waiting=len(waiting))
    wake("solve_round_part", waiting)
    if not waiting:
        wake("finish_round", [round_.pk])
    return True
