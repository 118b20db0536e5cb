"""The kinds of rounds as the engine solves, joins, checks and writes them: one place that tells them apart."""

from collections.abc import Callable, Iterable

from matching import engine
from matching.engine import wire
from matching.models import RoundKind

Found = engine.Round | engine.StableRound


def _wanted() -> bool:
    return True


def problem(part: engine.Part, before: engine.Round | None) -> bytes:
    """Pack what whoever solves a part needs: its people, and the round to begin with, if there is one."""
    plain = wire.from_part(part)
    return wire.pack(plain if before is None else {**plain, "before": wire.from_round(before)})


def read_problem(packed: bytes | memoryview) -> tuple[engine.Part, engine.Round | None]:
    """Read what was packed."""
    plain = wire.unpack(packed)
    return wire.to_part(plain), wire.to_round(plain["before"]) if "before" in plain else None


def solve(
    kind: str,
    part: engine.Part,
    *,
    service: int | None = None,
    before: engine.Round | None = None,
    still_wanted: Callable[[], bool] = _wanted,
) -> Found:
    """Find the round of some people.

    Args:
        kind, part: Of which kind, and who they are.
        service: What serving anybody is worth.
        before: An earlier round of some of them, which is mended; stable rounds are quickly found anew.
        still_wanted: Whether to go on.

    Raises:
        engine.Cancelled: ``still_wanted`` said no.
    """
    pool = engine.Pool.of(part.sponsors, part.facts)
    if kind == RoundKind.STABLE:
        return engine.match_stable(part.newcomers, pool)
    return engine.match_round(part.newcomers, pool, service=service, before=before, still_wanted=still_wanted)


def join(found: Iterable[Found], whole: engine.Part, *, service: int | None) -> Found:
    """Put the rounds of all parts together; those without a certificate are stable ones (``service`` is None)."""
    every = list(found)
    people = whole.newcomers, whole.sponsors, whole.facts
    if service is None:
        return engine.join_stable([one for one in every if isinstance(one, engine.StableRound)], *people)
    return engine.join([one for one in every if isinstance(one, engine.Round)], *people, service=service)


def check(found: Found, whole: engine.Part) -> None:
    """Let the checker, which shares nothing with the solvers, look at a round.

    Raises:
        engine.Refused: Something is not so.
    """
    people = whole.newcomers, whole.sponsors, whole.facts
    if isinstance(found, engine.Round):
        engine.check_round(*people, found)
    else:
        engine.check_stable(*people, found)


def read(kind: str, packed: bytes | memoryview) -> Found:
    """Read a round that was packed."""
    plain = wire.unpack(packed)
    return wire.to_stable_round(plain) if kind == RoundKind.STABLE else wire.to_round(plain)
