"""Whether the audit is what was written: every chain is walked from where retention cut it to its head."""

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts import chain
from accounts.chain import Content, Head, Heads
from accounts.models import AuditHeads

LATE = timedelta(hours=1)
"""An entry that waits longer than this waits for a tick that does not come."""

_LINKS = """
SELECT link.office, link.place, link.entry, link.value, entry.id, entry.proof,
       entry.at, entry.actor, entry.verb, entry.target_kind, entry.target_id, entry.member, entry.intergroup_id,
       entry.ids::text
  FROM accounts_auditlink link LEFT JOIN accounts_auditentry entry ON entry.id = link.entry
 ORDER BY link.office, link.place
"""
_WAITING = """
SELECT waiting.entry, entry.id, entry.proof,
       entry.at, entry.actor, entry.verb, entry.target_kind, entry.target_id, entry.member, entry.intergroup_id,
       entry.ids::text
  FROM accounts_auditwaiting waiting LEFT JOIN accounts_auditentry entry ON entry.id = waiting.entry
 ORDER BY waiting.entry
"""
_LEFT_OUT = """
SELECT entry.id FROM accounts_auditentry entry
 WHERE NOT EXISTS (SELECT FROM accounts_auditlink link WHERE link.entry = entry.id)
   AND NOT EXISTS (SELECT FROM accounts_auditwaiting waiting WHERE waiting.entry = entry.id)
 ORDER BY entry.id
"""


@dataclass(slots=True)
class Verified:
    """What was found. ``broken`` has the first broken place of each chain and everything beside them, in plain English;
    ``waiting`` entries are not linked yet, the oldest of them since ``since``."""

    heads: Heads = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    waiting: int = 0
    since: datetime | None = None

    @property
    def linked(self) -> int:
        """How many entries are in chains."""
        return sum(head.count - head.cut for head in self.heads.values())


def verify_audit(anchor: Mapping[str, Any] | None = None) -> Verified:
    """Walk everything, at one moment. ``anchor`` is what :func:`accounts.chain.written` gave of the heads of an earlier
    walk: with it, chains that were put back to what they once were are noticed too."""
    found = Verified()
    with _one_moment():
        _read_heads(found)
        walk = _Walk(found, _anchored(found, anchor or {}))
        for row in _rows(_LINKS):
            walk.step(row)
        walk.end()
        _look_at_waiting(found)
        found.broken += [f"Entry {entry} is in no chain and does not wait for one." for (entry,) in _rows(_LEFT_OUT)]
    return found


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything within is read as it stood at the first look."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _rows(query: str) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _read_heads(found: Verified) -> None:
    row = AuditHeads.objects.first()
    if row is None:
        found.broken += ["The heads of the chains are gone."] if any(True for _ in _rows(_LINKS)) else []
        return
    try:
        heads = chain.read(row.chains)
    except (TypeError, ValueError, KeyError, AttributeError):
        heads = {}
    if not hmac.compare_digest(bytes(row.proof), chain.prove_heads(settings.LOOKUP_KEY, heads)):
        found.broken.append("The heads of the chains are not what was written.")
    found.heads = heads


def _anchored(found: Verified, anchor: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """What a chain must hold at a place, by office and place; what retention has passed by since can't be asked."""
    asked: dict[tuple[int, int], str] = {}
    for office, known in chain.read(anchor).items():
        head = found.heads.get(office, Head())
        if head.count < known.count:
            found.broken.append(f"Chain {office} ended at place {known.count} once, and ends at {head.count} now.")
        elif head.cut == known.count and head.cut_last != known.last:
            found.broken.append(f"Chain {office} is another one since place {known.count}.")
        elif head.cut < known.count:
            asked[office, known.count] = known.last
    return asked


class _Walk:
    """Walks the links of all chains, one chain after the other, and notes where each breaks first."""

    def __init__(self, found: Verified, asked: Mapping[tuple[int, int], str]) -> None:
        self._found, self._asked = found, asked
        self._at = {office: (head.cut, bytes.fromhex(head.cut_last)) for office, head in found.heads.items()}
        self._broken: set[int] = set()

    def step(self, row: Any) -> None:
        office, place, entry, value, *rest = row
        if office in self._broken:
            return
        if office not in self._at:
            self._break(office, "has no head")
            return
        before, last = self._at[office]
        if trouble := self._trouble(office, before + 1, place, last, entry, bytes(value), rest):
            self._break(office, f"breaks at place {before + 1}: {trouble}")
        self._at[office] = place, bytes(value)

    def end(self) -> None:
        """What is left when all links were seen: chains that end before their heads."""
        for office, head in self._found.heads.items():
            place, last = self._at[office]
            if office not in self._broken and (place, last.hex()) != (head.count, head.last):
                self._break(
                    office, f"breaks at place {min(place, head.count) + 1}: it does not end where its head says"
                )

    def _trouble(self, office: int, due: int, place: int, last: bytes, entry: int, value: bytes, rest: Any) -> str:
        if place != due:
            return "a link is gone"
        if rest[0] is None:
            return f"entry {entry} is gone"
        if not _proves(rest):
            return f"entry {entry} is not what was written"
        proof = bytes(rest[1])
        wanted = chain.link(settings.LOOKUP_KEY, last, office, place, entry, proof)
        if not hmac.compare_digest(value, wanted) or (rest[8] or chain.NO_OFFICE) != office:
            return f"entry {entry} does not belong here"
        if self._asked.get((office, place), value.hex()) != value.hex():
            return "it is another chain than it was"
        return ""

    def _break(self, office: int, words: str) -> None:
        self._broken.add(office)
        self._found.broken.append(f"Chain {office} {words}.")


def _proves(columns: Any) -> bool:
    """Whether an entry proves itself, given its id, its proof, and what it says."""
    _, proof, at, actor, verb, kind, target, member, intergroup_id, ids = columns
    content = Content(at.astimezone(UTC), actor, verb, kind, target, member, intergroup_id, json.loads(ids))
    return chain.proves(settings.LOOKUP_KEY, bytes(proof), content)


def _look_at_waiting(found: Verified) -> None:
    for entry, *rest in _rows(_WAITING):
        if rest[0] is None:
            found.broken.append(f"Entry {entry} went before it was linked.")
        elif not _proves(rest):
            found.broken.append(f"Entry {entry}, not linked yet, is not what was written.")
        else:
            found.waiting += 1
            found.since = min(found.since or rest[2], rest[2])
