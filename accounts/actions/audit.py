"""Tying the audit together, and letting its oldest entries go; see :mod:`accounts.models.audit_chain`.

Only one process does either at a time: it holds the heads. Whoever writes entries never waits for it.
"""

import hmac
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from accounts import chain
from accounts.chain import Head, Heads
from accounts.models import AuditEntry, AuditHeads, AuditLink, AuditWaiting

BATCH = 1000


class HeadsBroken(Exception):
    """The heads of the chains are gone, or not what was written: nothing is added to them any more."""


def link_audit(*, batch: int = BATCH) -> int:
    """Link what waits, and tell how many entries; one that does not prove itself is left waiting, for whoever verifies.

    Raises HeadsBroken.
    """
    done, last = 0, 0
    while found := list(
        AuditWaiting.objects.filter(entry__gt=last).order_by("entry").values_list("entry", flat=True)[:batch]
    ):
        linked = _link(found)
        if linked is None:
            break
        done, last = done + linked, found[-1]
    return done


@transaction.atomic
def _link(waiting: list[int]) -> int | None:
    heads = _hold_heads()
    if heads is None:
        return None
    # Somebody may have linked some of them since they were listed.
    still = AuditWaiting.objects.filter(entry__in=waiting).values("entry")
    links = [link for entry in AuditEntry.objects.filter(pk__in=still).order_by("pk") for link in _linked(heads, entry)]
    AuditLink.objects.bulk_create(links)
    AuditWaiting.objects.filter(entry__in=[link.entry for link in links]).delete()
    if links:
        _write(heads)
    return len(links)


def _linked(heads: Heads, entry: AuditEntry) -> Iterable[AuditLink]:
    secret, proof = settings.LOOKUP_KEY, bytes(entry.proof)
    if not chain.proves(secret, proof, entry.as_read()):
        return
    office = entry.intergroup_id or chain.NO_OFFICE
    head = heads.get(office, Head())
    place = head.count + 1
    value = chain.link(secret, bytes.fromhex(head.last), office, place, entry.pk, proof)
    heads[office] = replace(head, count=place, last=value.hex())
    yield AuditLink(office=office, place=place, entry=entry.pk, value=value)


def let_go(before: datetime) -> int:
    """Delete entries made before a moment, from the beginning of each chain up to the first that is younger; the heads
    remember where what is left begins. Returns how many. The database refuses whatever is younger than twelve months.

    Raises HeadsBroken.
    """
    link_audit()
    with transaction.atomic():
        heads = _hold_heads()
        if heads is None:
            return 0
        gone = [link.entry for office in list(heads) for link in _cut(heads, office, before)]
        if gone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT accounts_audit_let_go(%s)", [gone])
            _write(heads)
        return len(gone)


def _cut(heads: Heads, office: int, before: datetime) -> Iterable[AuditLink]:
    """The links to let go of in one chain; its head is changed. One without its entry is a matter for whoever verifies:
    the chain is kept from there on."""
    while links := list(AuditLink.objects.filter(office=office, place__gt=heads[office].cut).order_by("place")[:BATCH]):
        made = dict(AuditEntry.objects.filter(pk__in=[link.entry for link in links]).values_list("pk", "at"))
        for link in links:
            if link.entry not in made or made[link.entry] >= before:
                return
            heads[office] = replace(heads[office], cut=link.place, cut_last=bytes(link.value).hex())
            yield link


def _hold_heads() -> Heads | None:
    """All heads, held until the transaction ends; None while somebody else holds them. Raises HeadsBroken."""
    row = AuditHeads.objects.select_for_update(skip_locked=True).first()
    if row is None:
        return _first_heads()
    try:
        heads = chain.read(row.chains)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise HeadsBroken from error
    if not hmac.compare_digest(bytes(row.proof), chain.prove_heads(settings.LOOKUP_KEY, heads)):
        raise HeadsBroken
    return heads


def _first_heads() -> Heads | None:
    if AuditHeads.objects.exists():
        return None
    if AuditLink.objects.exists():
        raise HeadsBroken
    made = AuditHeads(chains={}, proof=chain.prove_heads(settings.LOOKUP_KEY, {}))
    AuditHeads.objects.bulk_create([made], ignore_conflicts=True)
    return {} if AuditHeads.objects.select_for_update(skip_locked=True).exists() else None


def _write(heads: Heads) -> None:
    AuditHeads.objects.update(chains=chain.written(heads), proof=chain.prove_heads(settings.LOOKUP_KEY, heads))
