"""C4: triggers refuse moves outside the tables of states, pairings without everybody's yes, and a changed audit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from accounts.models import AuditEntry, User
from matching.models import ConsentRole, OfferConsent, Pairing
from matching.states import (
    ENDED_ROUND,
    HELD_BRIDGE,
    LIVE_BRIDGE,
    LIVE_REQUEST,
    MOVES,
    OPEN_PART,
    BridgeState,
    CheckInState,
    OfferState,
    OutboxState,
    PairingState,
    RecruitingState,
    RequestState,
    RoundPartState,
    RoundState,
)
from tests import factories
from tests.matching import story, world
from tests.matching.world import World

pytestmark = pytest.mark.django_db

GUARDED: dict[str, list[str]] = {
    **import_module("matching.migrations.0002_guards").MOVES,
    **import_module("matching.migrations.0003_rounds").MOVES,
    **import_module("matching.migrations.0015_bridging").MOVES,
    **import_module("matching.migrations.0023_recruiting_cancelled").MOVES,
}

NOW = "2026-01-02T00:00:00Z"
Dress = Callable[[Any], dict[str, object]]


def _dressed_bridge(state: Any) -> dict[str, object]:
    """A volunteer where somebody holds it, both yeses where the two are in touch, a moment where it has ended."""
    return {
        "volunteer_id": User.objects.get(profile__first_name="Rosa").pk if state in HELD_BRIDGE else None,
        "offered_at": NOW,
        "agreed_at": NOW if state == BridgeState.MEETING else None,
        "ended_at": None if state in LIVE_BRIDGE else NOW,
    }


# What a row's other constraints ask of it in each state, so that only the move itself can be refused.
MACHINES: dict[type[Enum], tuple[str, Dress]] = {
    RequestState: ("request", lambda state: {"ended_at": None if state in LIVE_REQUEST else NOW}),
    OfferState: ("offer", lambda state: {"answered_at": NOW, "expires_at": NOW}),
    PairingState: (
        "pairing",
        lambda state: {"ended_at": NOW if state == PairingState.ENDED else None, "look_at": None},
    ),
    CheckInState: (
        "checkin",
        lambda state: (
            {"answer": "talked", "answered_at": NOW}
            if state == CheckInState.ANSWERED
            else {"answer": "", "answered_at": None}
        ),
    ),
    RoundState: (
        "round",
        lambda state: {
            "ended_at": NOW if state in ENDED_ROUND else None,
            "rest": b"" if state == RoundState.SOLVING else None,
            "published_by": "00000000-0000-4000-8000-000000000001",
        },
    ),
    BridgeState: ("bridge", _dressed_bridge),
    RecruitingState: ("search", lambda state: {"as_of": NOW, "problem": None, "found": None}),
    RoundPartState: (
        "part",
        lambda state: {
            "problem": b"" if state in OPEN_PART else None,
            "result": None,
            "leased_until": NOW,
        },
    ),
}


@pytest.fixture
def rows() -> World:
    return world.build()


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _triggers(*, on: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {'origin' if on else 'replica'}")


def _to(row: models.Model, state: Any, dress: Dress) -> None:
    """Write a state with SQL."""
    values = {"state": state.value, **dress(state)}
    columns = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {columns} WHERE id = %s", [*values.values(), row.pk])


def _moves(row: models.Model, dress: Dress, now: Any, to: Any, *, guarded: bool = True) -> bool:
    """Whether the database lets this row move."""
    with _undone():
        _triggers(on=False)
        _to(row, now, dress)
        _triggers(on=guarded)
        try:
            with transaction.atomic():
                _to(row, to, dress)
        except IntegrityError as error:
            if "may not move" not in str(error):
                raise
            return False
    return True


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.__name__)
def test_the_database_lets_exactly_the_moves_of_the_table_happen(machine: type[Enum], rows: World) -> None:
    """C4."""
    name, dress = MACHINES[machine]
    for now in machine:
        for to in machine:
            allowed = now == to or to in MOVES[machine].get(now, ())
            assert _moves(rows[name], dress, now, to) == allowed, (now, to)


def test_control_without_the_trigger_an_ended_pairing_would_come_back(rows: World) -> None:
    dress = MACHINES[PairingState][1]
    ended, active = PairingState.ENDED, PairingState.ACTIVE
    assert not _moves(rows["pairing"], dress, ended, active)
    assert _moves(rows["pairing"], dress, ended, active, guarded=False)


def test_the_database_and_the_code_have_the_same_moves(rows: World) -> None:
    for machine, (name, _) in MACHINES.items():
        ours = {f"{now.value}>{to.value}" for now, ends in MOVES[machine].items() for to in ends if to != now}
        assert set(GUARDED[rows[name]._meta.db_table]) == ours
    assert set(GUARDED) == {rows[name]._meta.db_table for name, _ in MACHINES.values()}
    assert set(MOVES) - set(MACHINES) == {OutboxState}, "messages come by hundreds a second and decide nothing"


def _pair(offer: Any, **other: Any) -> None:
    values = {
        "offer": offer,
        "sponsor_id": offer.sponsor_id,
        "sponsee_id": offer.request.member_id,
        "fellowship_id": offer.request.fellowship_id,
        "intergroup_id": offer.request.intergroup_id,
        "began_at": NOW,
        "trial_ends_on": NOW[:10],
        **other,
    }
    with transaction.atomic():
        Pairing.objects.create(**values)
        transaction.set_rollback(True)


@pytest.mark.parametrize("lacking", ConsentRole.values)
def test_nobody_is_paired_while_a_yes_is_missing(lacking: str, rows: World) -> None:
    offer: Any = rows["offer"]
    _pair(offer)
    OfferConsent.objects.filter(offer=offer, role=lacking).delete()
    with pytest.raises(IntegrityError, match="everybody's yes"):
        _pair(offer)


@pytest.mark.parametrize("role", [ConsentRole.NEWCOMER, ConsentRole.SPONSOR])
def test_nobody_says_yes_for_another(role: str, rows: World) -> None:
    offer: Any = rows["offer"]
    OfferConsent.objects.filter(offer=offer, role=role).update(actor=rows["bea"].pk)
    with pytest.raises(IntegrityError, match="everybody's yes"):
        _pair(offer)


def test_without_review_the_two_are_enough(rows: World) -> None:
    offer = story.held_out(story.looking(), factories.sponsor(), review=False)
    with pytest.raises(IntegrityError, match="everybody's yes"):
        _pair(offer)
    world.consent(offer, ConsentRole.SPONSOR)
    _pair(offer)


@pytest.mark.parametrize("field", ["sponsor_id", "sponsee_id", "fellowship_id", "intergroup_id"])
def test_a_pairing_is_between_the_people_of_its_offer(field: str, rows: World) -> None:
    other = {"fellowship_id": factories.fellowship("na").pk, "intergroup_id": factories.intergroup("hillside").pk}
    with pytest.raises(IntegrityError, match="the two people of its offer"):
        _pair(rows["offer"], **{field: other.get(field, rows["bea"].pk)})


@pytest.mark.parametrize("sql", ["UPDATE accounts_auditentry SET verb = 'x'", "DELETE FROM accounts_auditentry"])
def test_the_audit_can_only_grow(sql: str, rows: World) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    story.asked(factories.newcomer())
    assert AuditEntry.objects.count() > before > 0


def test_control_without_its_trigger_the_audit_would_change(rows: World) -> None:
    with _undone():
        _triggers(on=False)
        assert AuditEntry.objects.all().update(verb="x") > 0
