"""The engine's values as plain JSON values and back again, exactly: what goes to another machine and returns.

Ids are text, weeks hexadecimal text, moments ISO 8601 in UTC. Sets are lists in order, so that equal values have equal
text. What a person left at its default is left out.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from matching.engine.facts import Facts
from matching.engine.outcome import Assignment, Certificate, Left, Round, StableRound
from matching.engine.parts import Part
from matching.engine.people import Component, Person, Policy
from matching.engine.rules import Rule

Plain = dict[str, Any]


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_DATE = (date.isoformat, date.fromisoformat)
_MOMENT = (_moment, datetime.fromisoformat)
_SET = (sorted, frozenset)
_PERSON: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "id": (str, UUID),
    "comfortable_with": _SET,
    "languages": _SET,
    "modes": _SET,
    "week": ("{:x}".format, lambda text: int(text, 16)),
    "needs": _SET,
    "can_meet": _SET,
    "meetings": _SET,
    "experiences": (list, tuple),
    "recovery_since": _DATE,
    "waiting_since": _MOMENT,
    "confirmed_at": _MOMENT,
    "paused_until": _DATE,
    "last_offer_at": _MOMENT,
}
"""How to write and read what JSON has no words for; all other columns are plain as they are."""

_COLUMNS = {column.name: column.default for column in fields(Person)}


def from_person(one: Person) -> Plain:
    """Write a person."""
    values = {name: getattr(one, name) for name in _COLUMNS}
    told = {name: value for name, value in values.items() if value != _COLUMNS[name]}
    return {name: _PERSON[name][0](value) if name in _PERSON else value for name, value in told.items()}


def to_person(plain: Plain) -> Person:
    """Read a person.

    Raises:
        ValueError: Something is out of range.
    """
    return Person(**{name: _PERSON[name][1](value) if name in _PERSON else value for name, value in plain.items()})


def from_policy(policy: Policy) -> Plain:
    """Write a policy."""
    return {
        "minimum_days": {str(fellowship): days for fellowship, days in policy.minimum_days.items()},
        "steps_needed": policy.steps_needed,
        "confirm_within_days": policy.confirm_within_days,
        "weights": {str(component): weight for component, weight in policy.weights.items()},
        "waiting_bonus": policy.waiting_bonus,
    }


def to_policy(plain: Plain) -> Policy:
    """Read a policy.

    Raises:
        ValueError: Something is out of range.
    """
    days = {int(fellowship): days for fellowship, days in plain["minimum_days"].items()}
    weights = {Component(component): weight for component, weight in plain["weights"].items()}
    return Policy(**{**plain, "minimum_days": days, "weights": weights})


def from_facts(facts: Facts) -> Plain:
    """Write facts."""
    return {
        "now": _moment(facts.now),
        "monday": facts.monday.isoformat(),
        "policy": from_policy(facts.policy),
        "barred": sorted([str(one), str(other)] for one, other in facts.barred),
        "chain": {str(sponsee): sorted(str(one) for one in sponsors) for sponsee, sponsors in facts.chain.items()},
    }


def to_facts(plain: Plain) -> Facts:
    """Read facts."""
    return Facts(
        now=datetime.fromisoformat(plain["now"]),
        monday=date.fromisoformat(plain["monday"]),
        policy=to_policy(plain["policy"]),
        barred=frozenset((UUID(one), UUID(other)) for one, other in plain["barred"]),
        chain={UUID(sponsee): frozenset(UUID(one) for one in some) for sponsee, some in plain["chain"].items()},
    )


def from_part(part: Part) -> Plain:
    """Write a part of a round."""
    return {
        "newcomers": [from_person(one) for one in part.newcomers],
        "sponsors": [from_person(one) for one in part.sponsors],
        "facts": from_facts(part.facts),
    }


def to_part(plain: Plain) -> Part:
    """Read a part of a round."""
    newcomers, sponsors = (tuple(to_person(one) for one in plain[side]) for side in ("newcomers", "sponsors"))
    return Part(newcomers, sponsors, to_facts(plain["facts"]))


def mark(part: Part) -> str:
    """A mark that two parts share when their people and what lies between them are alike, whatever the time.

    Returns:
        64 hexadecimal digits (SHA-256), from which nothing about anybody can be read back.
    """
    facts = {name: value for name, value in from_facts(part.facts).items() if name not in ("now", "monday")}
    return sha256(json.dumps({**from_part(part), "facts": facts}, sort_keys=True).encode()).hexdigest()


def from_round(round_: Round | StableRound) -> Plain:
    """Write a round or a stable one."""
    plain: Plain = {
        "assignments": [[str(one.newcomer), str(one.sponsor), one.score] for one in round_.assignments],
        "left": [
            [str(one.newcomer), one.eligible, {str(rule): n for rule, n in one.excluded.items()}] for one in round_.left
        ],
    }
    return plain | ({"certificate": from_certificate(round_.certificate)} if isinstance(round_, Round) else {})


def to_round(plain: Plain) -> Round:
    """Read a round."""
    return Round(_to_assignments(plain), _to_left(plain), to_certificate(plain["certificate"]))


def to_stable_round(plain: Plain) -> StableRound:
    """Read a stable round."""
    return StableRound(_to_assignments(plain), _to_left(plain))


def from_certificate(certificate: Certificate) -> Plain:
    """Write a certificate."""
    return {
        "service": certificate.service,
        "newcomers": {str(one): price for one, price in certificate.newcomers.items()},
        "sponsors": {str(one): price for one, price in certificate.sponsors.items()},
        "bound": certificate.bound,
    }


def to_certificate(plain: Plain) -> Certificate:
    """Read a certificate."""
    return Certificate(plain["service"], _prices(plain, "newcomers"), _prices(plain, "sponsors"), plain["bound"])


def pack(plain: Any) -> bytes:
    """Squeeze plain values into bytes."""
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode())


def unpack(packed: bytes | memoryview) -> Any:
    """Read what `pack` wrote."""
    return json.loads(zlib.decompress(packed))


def _prices(plain: Plain, side: Literal["newcomers", "sponsors"]) -> dict[UUID, int]:
    return {UUID(one): price for one, price in plain[side].items()}


def _to_assignments(plain: Plain) -> tuple[Assignment, ...]:
    return tuple(Assignment(UUID(one), UUID(other), score) for one, other, score in plain["assignments"])


def _to_left(plain: Plain) -> tuple[Left, ...]:
    return tuple(Left(UUID(one), n, {Rule(rule): c for rule, c in by.items()}) for one, n, by in plain["left"])
