"""How entries of the audit prove themselves, and how each is tied to the one before it. Pure: knows no table.

Everything is HMAC-SHA-256 under keys that are derived from LOOKUP_KEY, which stands in no database: whoever can write
to the tables, and has not that key, can neither make an entry nor a link nor a head that is taken for a true one.

An entry's *proof* is made when it is written: 16 bytes that are never used twice, then 32 over the entry. A *link*
is made later, in its office's chain: 32 bytes over the link before it, its place, and the entry's number and proof.
The *heads* say for all offices at once how long each chain is and with which link it ends.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import UUID

from accounts.crypto import keyed_hash

START = bytes(32)
NO_OFFICE = 0
_ONCE = 16


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says; ``actor`` and ``member`` are pseudonyms."""

    at: datetime
    actor: UUID | None
    verb: str
    target_kind: str
    target_id: str
    member: UUID | None
    intergroup_id: int | None
    ids: Mapping[str, str]

    def parts(self) -> list[str]:
        """The same as text, in one way only. The moment is told in UTC, to the microsecond."""
        return [
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(self.actor or ""),
            self.verb,
            self.target_kind,
            self.target_id,
            str(self.member or ""),
            str(self.intergroup_id or NO_OFFICE),
            json.dumps(dict(self.ids), sort_keys=True, separators=(",", ":")),
        ]


def pseudonym(secret: str, member: UUID) -> UUID:
    """What stands for a member in the audit: always the same, and nobody without the secret can say for whom."""
    return UUID(bytes=keyed_hash(secret, "audit pseudonym", member.bytes)[:16])


def prove(secret: str, content: Content) -> bytes:
    """The proof of a new entry, 48 bytes."""
    once = secrets.token_bytes(_ONCE)
    return once + _proof(secret, once, content)


def proves(secret: str, proof: bytes, content: Content) -> bool:
    """Whether an entry still says what it said when it was written."""
    return hmac.compare_digest(proof[_ONCE:], _proof(secret, proof[:_ONCE], content))


def _proof(secret: str, once: bytes, content: Content) -> bytes:
    return keyed_hash(secret, "audit entry", once, *content.parts())


def link(secret: str, before: bytes, office: int, place: int, entry: int, proof: bytes) -> bytes:
    """What ties an entry to the link before it, 32 bytes; places of a chain are counted from 1."""
    return keyed_hash(secret, "audit link", before, str(office), str(place), str(entry), proof)


@dataclass(frozen=True, slots=True)
class Head:
    """Where an office's chain ends (``count`` links, the last one ``last``), and where what is kept of it begins:
    after ``cut`` links that retention let go, the last of them ``cut_last``. Links are in hexadecimal."""

    count: int = 0
    last: str = START.hex()
    cut: int = 0
    cut_last: str = START.hex()


Heads = dict[int, Head]


def written(heads: Heads) -> dict[str, dict[str, int | str]]:
    """Heads as they are stored."""
    return {str(office): asdict(head) for office, head in sorted(heads.items())}


def read(stored: Mapping[str, Mapping[str, int | str]]) -> Heads:
    """Stored heads again. Raises TypeError or ValueError for what was never written by :func:`written`."""
    return {
        int(office): Head(int(one["count"]), str(one["last"]), int(one["cut"]), str(one["cut_last"]))
        for office, one in stored.items()
    }


def prove_heads(secret: str, heads: Heads) -> bytes:
    """The proof of all heads together, 32 bytes: no office's chain can be taken out of them."""
    return keyed_hash(secret, "audit heads", json.dumps(written(heads), sort_keys=True, separators=(",", ":")))
