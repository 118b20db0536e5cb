"""Everybody of an intergroup at one moment, as a round takes them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection, transaction

from accounts import clock
from accounts.models import Fellowship, Intergroup, Policy, User
from matching import engine, roster
from matching.models import Pairing
from matching.queries.around import Around, around, waiting
from matching.states import LIVE_PAIRING


@dataclass(frozen=True)
class Everybody:
    """Who waits and who may sponsor; ``requests`` names each newcomer's request, ``near`` whoever looks and those who
    are nearest to them."""

    newcomers: list[engine.Person]
    sponsors: list[engine.Person]
    facts: engine.Facts
    requests: Mapping[UUID, UUID]
    near: frozenset[UUID] = frozenset()


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all queries inside see the database as it is at one moment; the database refuses any change meanwhile.

    In a transaction that runs already, as in most tests, it is that transaction that decides.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def everybody(
    intergroup: Intergroup,
    *,
    weights: Mapping[str, int] | None = None,
    tried: Policy | None = None,
    viewer: User | None = None,
) -> Everybody:
    """Read everybody who waits and everybody who sponsors in an intergroup, of all its fellowships.

    Args:
        weights: Points by component that replace the intergroup's own.
        tried: What to go by in place of the intergroup's policy.
        viewer: Who looks.

    Raises:
        ValueError: A weight is negative, or of no component.
    """
    now, found = clock.now(), around(intergroup, viewer)
    newcomers, people = _people(intergroup, found)
    facts = engine.Facts(
        now=now,
        monday=roster.coming_monday(now),
        policy=_policy(tried or Policy.objects.get(pk=intergroup.pk), found.fellowships, weights),
        barred=found.barred,
        chain=found.chain,
    )
    return Everybody(
        newcomers,
        people,
        engine.concerning(newcomers, people, facts),
        {one.id: found.asked[one.id][0] for one in newcomers},
        frozenset(found.near),
    )


def _people(intergroup: Intergroup, found: Around) -> tuple[list[engine.Person], list[engine.Person]]:
    """Who waits and who sponsors here; whoever does both is read once, and waits only among those who wait."""
    sponsors = roster.sponsors_of(intergroup.pk).filter(user__is_active=True)
    asking = roster.profiles().filter(pk__in=waiting(intergroup).order_by().values("member"))
    neither = asking.exclude(intergroup=intergroup, user__sponsor__isnull=False)
    since = {who: at for who, (_, at, _) in found.asked.items()}
    elsewhere = {who for who, (_, _, here) in found.asked.items() if here != intergroup.pk}
    read = roster.people_of(neither, sponsors, waiting_since=since)
    newcomers = [one for one in read if one.id in since]
    here = [one for one in read if one.is_sponsor and one.id not in elsewhere]
    return newcomers, [replace(one, waiting_since=None) if one.waiting_since else one for one in here]


def policy(
    intergroup: Intergroup, weights: Mapping[str, int] | None = None, *, tried: Policy | None = None
) -> engine.Policy:
    """The intergroup's policy for all fellowships, or the one to be tried, with other weights if wanted.

    Raises:
        ValueError: A weight is negative, or of no component.
    """
    fellowships = {one.pk: (one.code, one.minimum_days) for one in Fellowship.objects.all()}
    return _policy(tried or Policy.objects.get(pk=intergroup.pk), fellowships, weights)


def _policy(
    own: Policy, fellowships: Mapping[int, tuple[str, int]], weights: Mapping[str, int] | None
) -> engine.Policy:
    points = {engine.Component(name): int(value) for name, value in {**own.weights, **(weights or {})}.items()}
    return engine.Policy(
        minimum_days={key: int(own.minimum_days.get(code, days)) for key, (code, days) in fellowships.items()},
        steps_needed=own.steps_needed,
        confirm_within_days=own.confirm_days,
        weights={**engine.DEFAULT_WEIGHTS, **points},
    )


def chain(fellowships: set[int]) -> dict[UUID, set[UUID]]:
    """Who is sponsored by whom in these fellowships, over all living pairings."""
    found: dict[UUID, set[UUID]] = {}
    living = Pairing.objects.filter(state__in=LIVE_PAIRING, fellowship__in=fellowships).order_by()
    for sponsee, sponsor in living.values_list("sponsee_id", "sponsor_id"):
        found.setdefault(sponsee, set()).add(sponsor)
    return found
