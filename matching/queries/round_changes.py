"""What has changed since a round was previewed: each pair looked at again, by the same rules, and all of it counted."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts import clock
from accounts.models import Bar, Policy, User
from matching import engine, roster
from matching.engine import Rule
from matching.models import Offer, PairOutcome, Round, RoundPair, SponsorRequest
from matching.queries.everybody import chain, policy
from matching.queries.suggestions import SAID_NO
from matching.states import RequestState

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How a pair stands at this moment.

    ``broken`` names the hard rule that has come between the two; ``suggestion`` is there while the pair holds, with its
    score and reasons as they are by now.
    """

    outcome: PairOutcome
    broken: str = ""
    suggestion: engine.Suggestion | None = None


@dataclass(frozen=True)
class Changes:
    """Pairs that are gone with somebody who left, whose request moved on, between whom a rule has come; and whether
    the intergroup's weights are others now."""

    gone: int
    moved_on: int
    unfit: int
    weights: bool

    def __bool__(self) -> bool:
        return bool(self.gone or self.moved_on or self.unfit or self.weights)


def changes(round_: Round, viewer: User) -> Changes:
    """What the last look found, without another one: two queries. Pairs of the viewer are not counted."""
    others = ~Q(newcomer=viewer) & ~Q(sponsor=viewer)
    counts = round_.pairs.order_by().aggregate(
        all=Count("pk"),
        moved_on=Count("pk", filter=others & Q(outcome=PairOutcome.OVERTAKEN)),
        unfit=Count("pk", filter=others & Q(outcome=PairOutcome.UNFIT)),
    )
    return Changes(
        gone=(round_.served or 0) - counts["all"],
        moved_on=counts["moved_on"],
        unfit=counts["unfit"],
        weights=bool(round_.points) and round_.points != _points(round_),
    )


def _points(round_: Round) -> dict[str, int]:
    """Points by component as a round of now would take them, this round's own among them."""
    own = Policy.objects.values_list("weights", flat=True).get(pk=round_.intergroup_id)
    usual = {str(component): points for component, points in engine.DEFAULT_WEIGHTS.items()}
    return {**usual, **own, **round_.weights}


def changed(round_: Round, viewer: User) -> QuerySet[RoundPair]:
    """The pairs that did not hold at the last look, with their names; those of the viewer are for another one."""
    found = round_.pairs.filter(outcome__in=[PairOutcome.OVERTAKEN, PairOutcome.UNFIT])
    others = found.exclude(Q(newcomer=viewer) | Q(sponsor=viewer))
    return others.select_related("newcomer__profile", "sponsor__profile").order_by("pk")


def look(round_: Round, pairs: Sequence[RoundPair], requests: Mapping[UUID, SponsorRequest]) -> Mapping[int, Standing]:
    """Look at every pair afresh, by seven queries however many there are, with the sponsors' free seats counted.

    Args:
        pairs: Some of the round; requests: their requests by key, as they are now.
    """
    moved = _moved_on(pairs, requests)
    verdicts = _verdicts(round_, [pair for pair in pairs if pair.pk not in moved], requests)
    full = _too_many(round_, pairs)
    standing: dict[int, Standing] = {}
    for pair in pairs:
        verdict = verdicts.get(pair.pk)
        if pair.pk in moved:
            standing[pair.pk] = Standing(PairOutcome.OVERTAKEN)
        elif verdict is None or verdict.suggestion is None:
            broken = Rule.OFFERS if verdict is None else verdict.broken
            standing[pair.pk] = Standing(PairOutcome.UNFIT, str(broken))
        elif pair.pk in full:
            standing[pair.pk] = Standing(PairOutcome.UNFIT, str(Rule.SEATS))
        else:
            standing[pair.pk] = Standing(PairOutcome.WAITING, suggestion=verdict.suggestion)
    return standing


def _moved_on(pairs: Sequence[RoundPair], requests: Mapping[UUID, SponsorRequest]) -> set[int]:
    """Pairs whose request ended or has an offer, or whose sponsor has had their turn with it."""
    keys = list(requests)
    live = set(Offer.objects.live().filter(request__in=keys).order_by().values_list("request_id", flat=True))
    said_no = Offer.objects.filter(request__in=keys, state__in=SAID_NO).order_by()
    had = set(said_no.values_list("request_id", "sponsor_id"))
    open_ = {key for key, one in requests.items() if one.state == RequestState.OPEN and key not in live}
    return {pair.pk for pair in pairs if pair.request_id not in open_ or (pair.request_id, pair.sponsor_id) in had}


def _too_many(round_: Round, pairs: Sequence[RoundPair]) -> set[int]:
    """Pairs for which a sponsor's free seats no longer suffice: those of the lowest scores.

    Each pair alone would find a seat free, and all together would not.
    """
    sponsors = {pair.sponsor_id for pair in pairs}
    rows = round_.pairs.filter(sponsor__in=sponsors).order_by("-score", "pk")
    given: Counter[UUID] = Counter()
    full = set()
    for pk, sponsor, seats, taken in rows.values_list(
        "pk", "sponsor_id", "sponsor__sponsor__seats", "sponsor__sponsor__seats_taken"
    ):
        given[sponsor] += 1
        if seats is None or given[sponsor] > seats - taken:
            full.add(pk)
    return full


def _verdicts(
    round_: Round, pairs: Sequence[RoundPair], requests: Mapping[UUID, SponsorRequest]
) -> dict[int, engine.Verdict]:
    """What the rules say of each pair; of one whose people can't be found or read, nothing."""
    if not pairs:
        return {}
    since = {one.member_id: one.asked_at for one in requests.values()}
    members = roster.profiles().filter(pk__in=[pair.newcomer_id for pair in pairs])
    newcomers = {one.id: one for one in roster.people_of(members, waiting_since=since)}
    offering = roster.sponsors_of(round_.intergroup_id).filter(pk__in={pair.sponsor_id for pair in pairs})
    sponsors = {one.id: one for one in roster.people_of(offering)}
    facts = _facts(round_, newcomers)
    found = {}
    for pair in pairs:
        newcomer, sponsor = newcomers.get(pair.newcomer_id), sponsors.get(pair.sponsor_id)
        if newcomer is None or sponsor is None or newcomer.fellowship != requests[pair.request_id].fellowship_id:
            continue
        try:
            found[pair.pk] = engine.recheck(newcomer, sponsor, facts)
        except engine.UnknownZoneError as error:
            log.error("pair %s can't be looked at: %s", pair.pk, type(error).__name__)
    return found


def _facts(round_: Round, newcomers: Mapping[UUID, engine.Person]) -> engine.Facts:
    now = clock.now()
    bars = Bar.objects.filter(Q(by__in=newcomers) | Q(other__in=newcomers)).values_list("by_id", "other_id")
    return engine.Facts(
        now=now,
        monday=roster.coming_monday(now),
        policy=policy(round_.intergroup, round_.weights),
        barred=frozenset(bars),
        chain=chain({one.fellowship for one in newcomers.values()}),
    )
