"""Two intergroups on one site, each with one of everything; the words of one of them are canaries.

The first world is built, renamed, and the second is built in its place. What stands in the tables in between belongs to
the office with the canaries: its rows, and every id in them.
"""

import re
from dataclasses import dataclass

from accounts.models import Area, Intergroup, Invitation, Meeting, Policy, Profile, Scope, User
from matching.models import Invitee, Offer, OfficeList, PushAddress, ReviewQuestion
from tests import factories
from tests.security import access, snapshot
from tests.security.access import World

CANARY = "canary"
SLUG = "lakeside"
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

SCOPES = {"everything": list(Scope.values), **{str(scope): [scope.value] for scope in Scope}}
"""The roles of an office, by the scopes of the term."""


@dataclass(frozen=True)
class TwoOffices:
    """``here`` is the world of the office whose coordinators look, ``there`` that of the canaries."""

    here: World
    there: World
    rows: snapshot.Snapshot
    ids: frozenset[str]
    coordinators: dict[str, User]

    def seen_in(self, text: str) -> set[str]:
        """Whatever a text holds of the office with the canaries."""
        named: set[str] = {one for one in _UUID.findall(text) if one in self.ids}
        return named | set(re.findall(rf"\w*{CANARY}\w*", text, re.IGNORECASE))

    def harmed(self) -> dict[str, int]:
        """By table, how many rows of the office with the canaries changed or went since it was built."""
        now = snapshot.take()
        gone = {table: len(set(rows) - set(now[table])) for table, rows in self.rows.items()}
        return {table: count for table, count in gone.items() if count}

    def new_with_ids(self, before: snapshot.Snapshot) -> list[str]:
        """The tables that got a row since then which names something of the office with the canaries."""
        now = snapshot.take()
        return [
            table
            for table, rows in now.items()
            if any(set(_UUID.findall(row)) & self.ids for row in set(rows) - set(before[table]))
        ]


def build() -> TwoOffices:
    """Both worlds."""
    there = access.world()
    _name_canaries()
    rows = snapshot.take()
    ids = frozenset(one for table in rows.values() for row in table for one in _UUID.findall(row))
    here = access.world()
    coordinators = {
        name: factories.coordinator(scopes=scopes, first_name=f"Bea{at}")
        for at, (name, scopes) in enumerate(SCOPES.items())
    }
    return TwoOffices(here, there, rows, ids, coordinators)


def _name_canaries() -> None:
    office = factories.intergroup()
    Intergroup.objects.filter(pk=office.pk).update(slug=SLUG, name="Canaryside Intergroup")
    line = {"name": "Canary line", "number": "+1 555 010 0000", "source": "Canary", "reviewed": "2026-01-01"}
    Policy.objects.filter(pk=office.pk).update(texts={"welcome": {"en": "Canary words"}}, crisis_lines=[line])
    for profile in Profile.objects.all():
        Profile.objects.filter(pk=profile.pk).update(first_name="Canary", initial="Q")
    Area.objects.update(name="Canary shore")
    Meeting.objects.update(name="Canary lamp")
    Invitation.objects.update(email="canary@example.org")
    for invitee in Invitee.objects.all():
        invitee.first_name = "Canary"
        invitee.save(update_fields=["first_name"])
    for found in OfficeList.objects.all():
        found.content = found.content.replace("Tom", "Canary")
        found.save(update_fields=["content"])
    PushAddress.objects.update(fingerprint="two")
    User.objects.filter(is_superuser=True).update(email="operator-before@example.org")
    for offer in Offer.objects.all():
        offer.note = "Canary note"
        offer.save(update_fields=["note"])
    for question in ReviewQuestion.objects.all():
        question.text = "Canary question?"
        question.save(update_fields=["text"])
