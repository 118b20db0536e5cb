"""Solving the parts of a round and finishing it: what workers do, any number of times, in any order.

There is no result backend; the truth is in the database. A part is leased, solved outside any transaction, and stored
if it is still wanted; whoever stores the last one calls for the finish. That joins the parts, writes the rows, lets the
checker look at what the rows say, and only then shows the preview.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict
from datetime import datetime
from threading import Event
from uuid import UUID

from django.db import Error, IntegrityError, connection, transaction

from accounts import clock
from accounts.models.audit import record
from matching import engine
from matching.actions.round_moves import fail_round, renew_part, start_over, take_part, take_round, wake
from matching.actions.round_rows import forget_people, write_rows
from matching.engine import wire
from matching.models import Round, RoundPart
from matching.queries import solving
from matching.queries.rounds import stored
from matching.states import OPEN_PART, RoundPartState, RoundState, move

RENEW_SECONDS = 5.0
"""How often a worker says that it goes on, and hears that nobody wants its part any more."""


def solve_part(part_id: int) -> bool:
    """Solve one part under a lease; returns whether its result is stored by this call.

    A worker that was too slow for its lease may be overtaken by another: the results are the same, and the first one
    counts.
    """
    if take_part(part_id) is None:
        return False
    part = RoundPart.objects.select_related("round").filter(pk=part_id, problem__isnull=False).first()
    if part is None or part.problem is None:
        return False
    round_ = part.round
    try:
        found = _solved(part, *solving.read_problem(part.problem))
    except engine.Cancelled:
        return False
    except Error:
        raise
    except Exception as error:  # its kind is told, no content; a part that can't be solved is the end of its round
        fail_round(round_.pk, type(error).__name__)
        return False
    return _store(part, found)


def _solved(part: RoundPart, problem: engine.Part, before: engine.Round | None) -> solving.Found:
    """Let the engine work in a thread of its own, while this one, which has the database, renews the lease.

    The engine may use any number of threads and knows no database; it asks between passes whether to go on.
    """
    unwanted = Event()
    with ThreadPoolExecutor(max_workers=1) as threads:
        work = threads.submit(
            solving.solve,
            part.round.kind,
            problem,
            service=part.round.service,
            before=before,
            still_wanted=lambda: not unwanted.is_set(),
        )
        try:
            while not wait([work], timeout=RENEW_SECONDS).done:
                if not renew_part(part.pk):
                    unwanted.set()
        except BaseException:
            unwanted.set()
            raise
        return work.result()


def _store(part: RoundPart, found: solving.Found) -> bool:
    with transaction.atomic():
        mine = RoundPart.objects.filter(pk=part.pk, state=RoundPartState.LEASED)
        result = wire.pack(wire.from_round(found))
        if not mine.update(state=RoundPartState.SOLVED, result=result, leased_until=None):
            return False
    # Only after the commit: of two who end at the same moment, at least one sees that none is left.
    if not part.round.parts.filter(state__in=OPEN_PART).exists():
        wake("finish_round", [part.round_id])
    return True


def finish_round(round_id: UUID) -> bool:
    """Join the parts of a round that are all solved, and show it once it is checked; True for the one who did."""
    lease = take_round(round_id, RoundState.SOLVING)
    if lease is None:
        return False
    try:
        whole, requests, found = _joined(round_id)
        if not _write(round_id, lease, whole, requests, found):
            return False
        solving.check(stored(Round.objects.get(pk=round_id)), whole)
    except IntegrityError:  # somebody in it was erased meanwhile
        start_over(round_id)
        return False
    except Error:
        raise
    except Exception as error:
        fail_round(round_id, type(error).__name__)
        return False
    return _show(round_id, lease, whole, found)


def _joined(round_id: UUID) -> tuple[engine.Part, Mapping[UUID, UUID], solving.Found]:
    """Everybody in the round, whose request is whose, and what all parts found together."""
    round_ = Round.objects.get(pk=round_id)
    rest, parts = wire.unpack(round_.rest or b""), list(round_.parts.all())
    problems = [solving.read_problem(one.problem or b"")[0] for one in parts]
    own = wire.to_part(rest)
    whole = engine.Part(
        own.newcomers + tuple(one for part in problems for one in part.newcomers),
        own.sponsors + tuple(one for part in problems for one in part.sponsors),
        own.facts,
    )
    found = [solving.read(round_.kind, one.result or b"") for one in parts]
    requests = {UUID(newcomer): UUID(request) for newcomer, request in rest["requests"].items()}
    return whole, requests, solving.join(found, whole, service=round_.service)


def _ours(round_id: UUID, lease: datetime) -> Round | None:
    """Lock the round, as long as it is still to be finished by this call."""
    locked = Round.objects.select_for_update().filter(pk=round_id, leased_until=lease)
    return locked.filter(state=RoundState.SOLVING).first()


@transaction.atomic
def _write(
    round_id: UUID, lease: datetime, whole: engine.Part, requests: Mapping[UUID, UUID], found: solving.Found
) -> bool:
    """Write what was found, still out of sight.

    Raises IntegrityError when somebody is no longer there.
    """
    round_ = _ours(round_id, lease)
    if round_ is None:
        return False
    forget_people(round_)
    round_.bound = found.certificate.bound if isinstance(found, engine.Round) else None
    round_.save(update_fields=["bound"])
    write_rows(round_, whole, requests, found)
    connection.check_constraints()
    return True


@transaction.atomic
def _show(round_id: UUID, lease: datetime, whole: engine.Part, found: solving.Found) -> bool:
    """Make a preview of a round that was checked, and erase what it was made from."""
    round_ = _ours(round_id, lease)
    if round_ is None:
        return False
    now, scores = clock.now(), [one.score for one in found.assignments]
    round_.state = move(RoundState.SOLVING, RoundState.PREVIEW)
    round_.served, round_.left, round_.total = len(scores), len(found.left), sum(scores)
    round_.lowest = min(scores, default=None)
    round_.fairness = asdict(engine.fairness(whole.newcomers, whole.sponsors, found, now=whole.facts.now))
    round_.verified_at, round_.seconds = now, (now - round_.began_at).total_seconds()
    round_.rest, round_.leased_until = None, None
    round_.save()
    round_.parts.update(problem=None, result=None)
    record(None, "round.solved", round_, intergroup_id=round_.intergroup_id, served=round_.served, left=round_.left)
    return True
