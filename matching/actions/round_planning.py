"""Planning a round: everybody is read in one snapshot and split into parts, which workers then solve."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
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


def lay_out(round_id: UUID) -> bool:
    """Read everybody and write the parts of a round that is being prepared; workers are called once that is committed.

    Parts of an earlier preview whose people are as they were keep their result, if it is still the best at this moment.
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
        parts = engine.split(people.newcomers, people.sponsors, people.facts)
        rows = _rows(round_, parts, _kept(round_, parts, service))
    except Error:
        raise
    except Exception as error:  # such as a time zone that no longer exists: it would not go away by trying again
        fail_round(round_id, type(error).__name__)
        return False
    return _store(round_id, lease, people, rows, {"rest": _rest(people, parts), "service": service})


def _service(round_: Round, people: Everybody) -> int | None:
    """What serving anybody is worth in every part of the round; as before when that is still enough."""
    if round_.kind == RoundKind.STABLE:
        return None
    least = engine.service_of(people.newcomers, people.facts)
    return round_.service if round_.service is not None and round_.service >= least else ROOM * least


def _kept(round_: Round, parts: Sequence[engine.Part], service: int | None) -> Mapping[str, solving.Found]:
    """By mark, the results that the checker accepts once more, after the days that have gone by."""
    marks = set(round_.parts.filter(state=RoundPartState.SOLVED).values_list("mark", flat=True))
    if not marks or service != round_.service:
        return {}
    before, kept = stored(round_), {}
    for part in parts:
        mark = wire.mark(part)
        if mark in marks:
            found = _of_part(before, part)
            try:
                solving.check(found, part)
            except engine.Refused:
                continue
            kept[mark] = found
    return kept


def _of_part(before: solving.Found, part: engine.Part) -> solving.Found:
    """Cut out of a round what concerns one of its parts."""
    asking, free = {one.id for one in part.newcomers}, {one.id: one.seats - one.seats_taken for one in part.sponsors}
    pairs = tuple(one for one in before.assignments if one.newcomer in asking)
    left = tuple(one for one in before.left if one.newcomer in asking)
    if isinstance(before, engine.StableRound):
        return solving.join([engine.StableRound(pairs, left)], part, service=None)
    bought = {one: price for one, price in before.certificate.newcomers.items() if one in asking}
    sold = {one: price for one, price in before.certificate.sponsors.items() if one in free}
    bound = sum(bought.values()) + sum(price * free[one] for one, price in sold.items())
    service = before.certificate.service
    certificate = engine.Certificate(service, bought, sold, bound)
    return solving.join([engine.Round(pairs, left, certificate)], part, service=service)


def _rows(round_: Round, parts: Sequence[engine.Part], kept: Mapping[str, solving.Found]) -> list[RoundPart]:
    rows = []
    for number, part in enumerate(parts, start=1):
        mark = wire.mark(part)
        found = kept.get(mark)
        rows.append(
            RoundPart(
                round=round_,
                number=number,
                mark=mark,
                state=RoundPartState.WAITING if found is None else RoundPartState.SOLVED,
                newcomers=len(part.newcomers),
                sponsors=len(part.sponsors),
                problem=wire.pack(wire.from_part(part)),
                result=None if found is None else wire.pack(wire.from_round(found)),
            )
        )
    return rows


def _rest(people: Everybody, parts: Sequence[engine.Part]) -> bytes:
    """Who is in no part, the facts of the whole, and which request is whose."""
    placed = [{one.id for part in parts for one in side(part)} for side in (_newcomers, _sponsors)]
    rest = engine.Part(
        tuple(one for one in people.newcomers if one.id not in placed[0]),
        tuple(one for one in people.sponsors if one.id not in placed[1]),
        people.facts,
    )
    requests = {str(newcomer): str(request) for newcomer, request in people.requests.items()}
    return wire.pack({**wire.from_part(rest), "requests": requests})


def _newcomers(part: engine.Part) -> tuple[engine.Person, ...]:
    return part.newcomers


def _sponsors(part: engine.Part) -> tuple[engine.Person, ...]:
    return part.sponsors


@transaction.atomic
def _store(round_id: UUID, lease: datetime, people: Everybody, rows: list[RoundPart], values: dict[str, Any]) -> bool:
    round_ = Round.objects.select_for_update().filter(pk=round_id, leased_until=lease).first()
    if round_ is None or round_.state != RoundState.PLANNING:
        return False
    round_.state = move(RoundState.PLANNING, RoundState.SOLVING)
    round_.as_of, round_.leased_until = people.facts.now, None
    round_.newcomers, round_.sponsors = len(people.newcomers), len(people.sponsors)
    round_.rest, round_.service = values["rest"], values["service"]
    round_.save()
    round_.parts.all().delete()
    RoundPart.objects.bulk_create(rows)
    waiting = [one.pk for one in rows if one.state == RoundPartState.WAITING]
    record(None, "round.laid_out", round_, intergroup_id=round_.intergroup_id, parts=len(rows), waiting=len(waiting))
    wake("solve_round_part", waiting)
    if not waiting:
        wake("finish_round", [round_.pk])
    return True
