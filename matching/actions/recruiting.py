"""Finding whom an office could look for: at once where few people are concerned, by a worker otherwise.

A search is leased by one worker at a time and kept step by step: everybody as they are, the round without any recruits,
each recruit. So whoever takes it up again goes on where it was left. It locks no member's row.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts import clock
from accounts.models import Intergroup, User
from accounts.models.audit import record
from matching import engine
from matching.actions.errors import AlreadyWorking, NotAllowed, TooLate
from matching.actions.round_moves import MOST_ATTEMPTS, ROUND_LEASE, wake
from matching.engine import wire
from matching.models import Recruiting, RecruitingLine, RoundKind
from matching.queries import recruiting as queries
from matching.queries import solving
from matching.queries.coordinators import serving
from matching.queries.everybody import everybody, snapshot
from matching.states import RecruitingState, move

log = logging.getLogger(__name__)

MOST_RECRUITS = 10
FEW = 2
"""So many possible sponsors are few."""

BATCH = 2000

_NOTHING: Mapping[str, Any] = {
    "as_of": None,
    "leased_until": None,
    "problem": None,
    "found": None,
    "holder": "",
    "trouble": "",
    "attempts": 0,
    "recruits": (),
    "next_gain": 0,
    "newcomers": 0,
    "served": 0,
}
"""What is known of a search that has not begun."""


def ask(intergroup: Intergroup, *, by: User) -> Recruiting:
    """Have it worked out whom the office could look for, as people are now; what was found before is let go.

    Raises AlreadyWorking while that is being done.
    """
    if by.pk not in serving(intergroup.pk):
        raise NotAllowed
    at_once = queries.pairs(intergroup) <= settings.PAIRS_AT_ONCE
    with transaction.atomic():
        now = clock.now()
        _, made = Recruiting.objects.get_or_create(intergroup=intergroup, defaults={"asked_at": now, "asked_by": by})
        search = Recruiting.objects.select_for_update().get(intergroup=intergroup)
        if search.state == RecruitingState.WORKING and not made:
            raise AlreadyWorking
        search.asked_by, search.asked_at = by, now
        _clear(search)
        record(by, "recruiting.asked", search, intergroup_id=intergroup.pk)
        if not at_once:
            wake("search_sponsors", [search.pk])
    if at_once:
        work_out(search.pk)
    return Recruiting.objects.get(pk=search.pk)


def _clear(search: Recruiting) -> None:
    """Begin a locked search from the beginning; whoever works on it finds that nobody wants it any more."""
    search.state = move(RecruitingState(search.state), RecruitingState.WORKING)
    for name, value in _NOTHING.items():
        setattr(search, name, value)
    search.save()
    search.lines.all().delete()


@transaction.atomic
def cancel(intergroup: Intergroup, *, by: User) -> None:
    """Stop a search that is being worked out; nothing of it is kept.

    Whoever works on it keeps each step on condition that it is still wanted, and here it is stopped on condition that
    it is still worked on: of the two one comes first. Raises TooLate when it has ended.
    """
    if by.pk not in serving(intergroup.pk):
        raise NotAllowed
    search = Recruiting.objects.filter(intergroup=intergroup).first()
    if search is None:
        raise TooLate
    state = move(RecruitingState.WORKING, RecruitingState.CANCELLED)
    working = Recruiting.objects.filter(pk=search.pk, state=RecruitingState.WORKING)
    if not working.update(state=state, **_NOTHING):
        raise TooLate
    record(by, "recruiting.cancelled", search, intergroup_id=intergroup.pk)


@transaction.atomic
def begin_again(recruiting_id: int) -> None:
    """Begin a search anew that is being worked out, since somebody in it has left."""
    search = Recruiting.objects.select_for_update().filter(pk=recruiting_id, state=RecruitingState.WORKING).first()
    if search is not None:
        _clear(search)
        wake("search_sponsors", [search.pk])


def tend_recruiting() -> int:
    """Call workers to the searches that nobody works on, and set aside what was tried too often; how many are called.

    Any number of ticks may run at once: the leases tell them apart.
    """
    idle = Recruiting.objects.filter(_free(), state=RecruitingState.WORKING)
    for pk in idle.filter(attempts__gte=MOST_ATTEMPTS).values_list("pk", flat=True):
        _fail(pk, "tried too often")
    waiting = list(idle.values_list("pk", flat=True))
    wake("search_sponsors", waiting)
    return len(waiting)


def _free() -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lt=Now() + clock.shift())


def work_out(recruiting_id: int) -> bool:
    """Work a search out under a lease, from where it was left; returns whether this call brought it to its end."""
    holder = uuid4().hex
    waiting = Recruiting.objects.filter(_free(), pk=recruiting_id, state=RecruitingState.WORKING)
    lease = {"holder": holder, "leased_until": Now() + clock.shift() + ROUND_LEASE}
    if not waiting.filter(attempts__lt=MOST_ATTEMPTS).update(**lease, attempts=F("attempts") + 1):
        return False
    try:
        _Work(recruiting_id, holder).do()
    except engine.Cancelled:
        return False
    except IntegrityError:  # somebody in it was erased meanwhile
        begin_again(recruiting_id)
        return False
    except Error:
        raise
    except Exception as error:  # its kind is told, no content; it would not go away by trying again
        _fail(recruiting_id, type(error).__name__)
        return False
    return True


@transaction.atomic
def _fail(recruiting_id: int, trouble: str) -> None:
    search = Recruiting.objects.select_for_update().filter(pk=recruiting_id, state=RecruitingState.WORKING).first()
    if search is None:
        return
    log.error("search %s can't be made: %s", recruiting_id, trouble)
    _clear(search)
    search.state, search.trouble = move(RecruitingState.WORKING, RecruitingState.FAILED), trouble
    search.save(update_fields=["state", "trouble"])
    record(None, "recruiting.failed", search, intergroup_id=search.intergroup_id)


class _Work:
    """One worker's work on a search. Each step is kept on condition that this worker still has the lease."""

    def __init__(self, recruiting_id: int, holder: str) -> None:
        self._search = Recruiting.objects.select_related("intergroup").get(pk=recruiting_id)
        self._mine = Recruiting.objects.filter(pk=recruiting_id, holder=holder, state=RecruitingState.WORKING)

    def do(self) -> None:
        """Do whatever is still to be done.

        Raises Cancelled when nobody wants it any more, IntegrityError when somebody in it is no longer there.
        """
        people, requests = self._people()
        pool = engine.Pool.of(people.sponsors, people.facts)
        found = self._round(people)
        recruits, next_gain = self._recruits(people, pool, found)
        steps = {one: step for step, recruit in enumerate(recruits, start=1) for one in recruit.serves}
        left = {one.newcomer for one in found.left}
        self._finish(list(self._lines(people, pool, requests, left, steps)), next_gain)

    def _keep(self, **fields: Any) -> None:
        if not self._mine.update(leased_until=Now() + clock.shift() + ROUND_LEASE, **fields):
            raise engine.Cancelled

    def _people(self) -> tuple[engine.Part, Mapping[UUID, UUID]]:
        """Everybody, and whose request is whose."""
        if self._search.problem is None:
            with snapshot():
                read = everybody(self._search.intergroup)
            whole = wire.from_part(engine.Part(tuple(read.newcomers), tuple(read.sponsors), read.facts))
            whole["requests"] = {str(newcomer): str(request) for newcomer, request in read.requests.items()}
            packed, number = wire.pack(whole), len(read.newcomers)
            self._keep(problem=packed, as_of=read.facts.now, newcomers=number)
            self._search.problem = packed
        plain = wire.unpack(self._search.problem)
        return wire.to_part(plain), {UUID(one): UUID(request) for one, request in plain["requests"].items()}

    def _round(self, people: engine.Part) -> engine.Round:
        if self._search.found is not None:
            return wire.to_round(wire.unpack(self._search.found))
        found = solving.solve(RoundKind.BEST, people)
        assert isinstance(found, engine.Round)
        self._keep(found=wire.pack(wire.from_round(found)), served=len(found.assignments))
        return found

    def _recruits(
        self, people: engine.Part, pool: engine.Pool, found: engine.Round
    ) -> tuple[list[engine.Recruit], int]:
        """Those found before and those who are still to be found; and what one more would add."""
        search = engine.Recruiting(people.newcomers, pool, found, self._search.intergroup.zone)
        recruits = [search.add(queries.kind_in(one)) for one in self._search.recruits]
        for _ in range(MOST_RECRUITS - len(recruits)):
            one = search.following()
            if one is None:
                return recruits, 0
            recruits.append(one)
            self._search.recruits.append(self._plain(one))
            self._keep(recruits=self._search.recruits)
        beyond = search.following()
        return recruits, 0 if beyond is None else len(beyond.serves)

    def _plain(self, recruit: engine.Recruit) -> dict[str, Any]:
        """A recruit as it is kept: no member is named."""
        names = asdict(queries.names(self._search.intergroup, recruit.sought))
        return {"kind": asdict(recruit.sought), "names": names, "gain": len(recruit.serves), "fits": recruit.fits}

    def _lines(
        self,
        people: engine.Part,
        pool: engine.Pool,
        requests: Mapping[UUID, UUID],
        left: set[UUID],
        steps: Mapping[UUID, int],
    ) -> Iterator[RecruitingLine]:
        counts = engine.possible_sponsors(people.newcomers, pool)
        for one in people.newcomers:
            few = counts[one.id] <= FEW
            if few or one.id in left:
                yield RecruitingLine(
                    recruiting=self._search,
                    request_id=requests[one.id],
                    newcomer_id=one.id,
                    eligible=counts[one.id],
                    excluded={str(rule): n for rule, n in engine.why_nobody(one, pool).items()} if few else {},
                    step=steps.get(one.id),
                )

    @transaction.atomic
    def _finish(self, lines: list[RecruitingLine], next_gain: int) -> None:
        state = move(RecruitingState.WORKING, RecruitingState.DONE)
        self._keep(state=state, next_gain=next_gain, problem=None, found=None)
        self._search.lines.all().delete()
        RecruitingLine.objects.bulk_create(lines, batch_size=BATCH)
        connection.check_constraints()
        record(None, "recruiting.done", self._search, intergroup_id=self._search.intergroup_id, lines=len(lines))
