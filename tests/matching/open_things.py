"""What is open in an office, read from the raw rows by plain loops: nothing here knows of the product's own queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

Rows = list[dict[str, Any]]
Thing = tuple[str, str]
"""What kind of thing it is, and what its page is called by."""

LIVE = ("open", "offered")
TABLES = {
    "users": "accounts_user",
    "profiles": "accounts_profile",
    "policies": "accounts_policy",
    "terms": "accounts_coordinator",
    "sponsors": "accounts_sponsor",
    "reports": "accounts_report",
    "requests": "matching_sponsorrequest",
    "offers": "matching_offer",
    "decisions": "matching_reviewdecision",
    "pairings": "matching_pairing",
    "plans": "matching_checkinplan",
    "asks": "matching_changeask",
    "bridges": "matching_bridge",
    "rounds": "matching_round",
}


@dataclass(frozen=True)
class Ledger:
    """All rows of these tables at a moment."""

    now: datetime
    tables: dict[str, Rows]

    def __getitem__(self, name: str) -> Rows:
        return self.tables[name]

    def of(self, name: str, key: str = "id") -> dict[Any, dict[str, Any]]:
        """A table by one of its columns."""
        return {row[key]: row for row in self.tables[name]}


def read(now: datetime) -> Ledger:
    """Every row, by bare SQL."""
    tables = {}
    with connection.cursor() as cursor:
        for name, table in TABLES.items():
            cursor.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in cursor.description]
            tables[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return Ledger(now, tables)


def open_for(reader: UUID, ledger: Ledger) -> list[Thing]:
    """Everything open in the offices where this member's term runs, save what concerns themself or who is nearest."""
    near = _near(reader, ledger)
    work, safety = (_offices(reader, scope, ledger) for scope in ("area", "safety"))
    parts = (_requests, _wishes, _quiet, _sponsors)
    return [
        *_applications(near | _met(reader, ledger), work, ledger),
        *_reports(near, safety, ledger),
        *(thing for part in parts for thing in part(near, work, ledger)),
        *_first_contacts(reader, work | safety, ledger),
        *_previews(work, ledger),
    ]


def _near(reader: UUID, ledger: Ledger) -> set[UUID]:
    """The member, their sponsor and those they sponsor."""
    near = {reader}
    for row in ledger["pairings"]:
        two = {row["sponsor_id"], row["sponsee_id"]}
        if reader in two and row["state"] != "ended":
            near |= two
    return near


def _offices(reader: UUID, scope: str, ledger: Ledger) -> set[int]:
    day = ledger.now.date()
    return {
        term["intergroup_id"]
        for term in ledger["terms"]
        if term["user_id"] == reader and term["starts_on"] <= day <= term["ends_on"] and scope in term["scopes"]
    }


def _reports(near: set[UUID], offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    for row in ledger["reports"]:
        if row["settled_at"] is None and row["intergroup_id"] in offices and not near & {row["by_id"], row["about_id"]}:
            yield "reports", str(row["id"])


def _requests(near: set[UUID], offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    decisions = ledger.of("decisions", "offer_id")
    for request in ledger["requests"]:
        if request["state"] not in LIVE or request["intergroup_id"] not in offices or request["member_id"] in near:
            continue
        offers = [row for row in ledger["offers"] if row["request_id"] == request["id"]]
        held = [row for row in offers if row["state"] in ("sent", "in_review")]
        assert len(held) <= 1
        asked = held or [row for row in offers if row["state"] == "proposed"]
        if any(row["sponsor_id"] in near for row in asked):
            continue
        if not held:
            yield "waiting", str(request["id"])
        elif held[0]["state"] == "sent":
            soon = held[0]["expires_at"] <= ledger.now + timedelta(hours=6)
            yield "lapsing" if soon else "sent", str(request["id"])
        else:
            yield "decided" if held[0]["id"] in decisions else "review", str(held[0]["id"])


def _wishes(near: set[UUID], offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    pairings, users = ledger.of("pairings"), ledger.of("users")
    for row in ledger["asks"]:
        pairing = pairings[row["pairing_id"]]
        theirs = near & {pairing["sponsor_id"], pairing["sponsee_id"]}
        goes_on = pairing["state"] != "ended" and pairing["intergroup_id"] in offices and not theirs
        if row["answer"] == "talk" and row["heard_at"] is None and goes_on and users[row["member_id"]]["is_active"]:
            yield "talk", str(row["id"])


def _quiet(near: set[UUID], offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    kept = {row["pairing_id"] for row in ledger["plans"] if not row["flag_quiet"]}
    for row in ledger["pairings"]:
        theirs = near & {row["sponsor_id"], row["sponsee_id"]}
        if row["quiet_at"] is not None and row["intergroup_id"] in offices and not theirs and row["id"] not in kept:
            yield "pairs", str(row["offer_id"])


def _met(reader: UUID, ledger: Ledger) -> set[UUID]:
    """Whoever was ever in a pairing, a first contact or a report with the member."""
    sides = {
        "pairings": ("sponsor_id", "sponsee_id"),
        "bridges": ("member_id", "volunteer_id"),
        "reports": ("by_id", "about_id"),
    }
    met: set[UUID] = set()
    for table, (one, other) in sides.items():
        for row in ledger[table]:
            two = {row[one], row[other]}
            if reader in two:
                met |= two - {None}
    return met


def _applications(apart: set[UUID], offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    users, profiles = ledger.of("users"), ledger.of("profiles", "user_id")
    for row in ledger["sponsors"]:
        here = profiles[row["user_id"]]["intergroup_id"] in offices and row["user_id"] not in apart
        waits = row["approved_at"] is None and row["declined_at"] is None
        if here and waits and users[row["user_id"]]["is_active"]:
            yield "sponsors", str(row["user_id"])


def _sponsors(near: set[UUID], offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    users, profiles, policies = (
        ledger.of("users"),
        ledger.of("profiles", "user_id"),
        ledger.of("policies", "intergroup_id"),
    )
    for row in ledger["sponsors"]:
        profile = profiles[row["user_id"]]
        if profile["intergroup_id"] not in offices or row["user_id"] in near or not users[row["user_id"]]["is_active"]:
            continue
        today = ledger.now.astimezone(ZoneInfo(profile["zone"])).date()
        counts = timedelta(days=policies[profile["intergroup_id"]]["confirm_days"] + 1)
        if row["approved_at"] is None:
            continue
        if row["paused_until"] is not None and row["paused_until"] > today:
            if row["pause_reason"] in ("unconfirmed", "unanswered"):
                yield "roster", str(row["user_id"])
        elif row["confirmed_at"] is None or row["confirmed_at"] + counts <= ledger.now:
            yield "roster", str(row["user_id"])


def _first_contacts(reader: UUID, offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    for row in ledger["bridges"]:
        theirs = reader in (row["member_id"], row["volunteer_id"])
        live = row["state"] not in ("closed", "withdrawn")
        if live and row["needs_coordinator"] and row["intergroup_id"] in offices and not theirs:
            yield "bridging", str(row["id"])


def _previews(offices: set[int], ledger: Ledger) -> Iterator[Thing]:
    for row in ledger["rounds"]:
        if row["state"] == "preview" and row["intergroup_id"] in offices:
            yield "rounds", str(row["id"])
