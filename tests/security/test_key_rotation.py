"""S17: keys change under load; nobody sees an error, and afterwards the old key is needed by nothing."""

import base64
import random
import threading
import time
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from accounts import clock, crypto, mfa
from accounts.actions import keys
from accounts.crypto import KeyDestroyed, UnknownMasterKey
from accounts.models import Contact, MemberKey, User
from accounts.models.member_key import forget_keys, holding_keys
from accounts.models.sealed import write_sealed
from matching.models import Offer, SponsorRequest
from matching.states import OfferState
from tests import factories
from tests.matching import story

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = (f"{name}:{base64.b64encode(name.encode() * 32).decode()[:43]}=" for name in ("o", "n"))
CHUNK = 5000
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _old_key(settings: Settings) -> Iterator[None]:
    """Everything begins under the old key, and no key is remembered from another test."""
    settings.MASTER_KEYS = OLD
    forget_keys()
    yield
    forget_keys()


def change_to(listed: str, settings: Settings) -> None:
    """What a restart with other MASTER_KEYS does."""
    settings.MASTER_KEYS = listed
    forget_keys()


def rotate(*arguments: str) -> str:
    said = StringIO()
    call_command("rotate_keys", *arguments, stdout=said)
    return said.getvalue()


def test_the_old_key_may_go_when_everything_is_wrapped_by_the_new_one(ana: User, settings: Settings) -> None:
    change_to(f"{NEW},{OLD}", settings)
    assert Contact.objects.get(pk=ana.pk).phone
    assert "The old key o may be removed now" in rotate("--batch", "1")
    assert set(MemberKey.objects.values_list("master", flat=True)) == {"n"}
    change_to(NEW, settings)
    assert Contact.objects.get(pk=ana.pk).phone == "+1 555 010 0001"


def test_control_the_old_key_is_needed_before(ana: User, settings: Settings) -> None:
    """The negative control: without it, and without a rotation, nothing opens and the command says so."""
    change_to(NEW, settings)
    with pytest.raises(UnknownMasterKey):
        _ = Contact.objects.get(pk=ana.pk).phone
    with pytest.raises(CommandError, match=r"UnknownMasterKey \(o\)"):
        rotate()


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(ana: User, olga: User, settings: Settings) -> None:
    change_to(f"{NEW},{OLD}", settings)
    assert keys.rewrap(batch=1) == 1
    assert keys.wrapped_by_others() == {"o": 1}
    assert rotate().splitlines()[0] == "1 wrapped"


def test_one_member_gets_a_new_key_and_all_of_theirs_is_sealed_with_it(ana: User, rosa: User, olga: User) -> None:
    offer = story.accepted(ana, rosa)
    TOTP.activate(rosa, SECRET)
    before = MemberKey.objects.get(member=rosa)
    rotate("--member", str(rosa.pk))
    after = MemberKey.objects.get(member=rosa, retired_at=None)
    assert after.pk != before.pk
    assert MemberKey.objects.filter(member=olga).count() == 1
    assert used_by(Offer.objects.filter(pk=offer.pk), "note") == {after.pk}
    assert used_by(Contact.objects.filter(pk=rosa.pk), "phone") == {after.pk}
    second = Authenticator.objects.get(user=rosa)
    assert mfa.sealed_by(second.data["secret"]) == after.pk
    assert mfa.opened(second.data["secret"]) == SECRET


def test_a_row_that_was_read_before_opens_and_may_be_written_after(ana: User) -> None:
    read = Contact.objects.get(pk=ana.pk)
    rotate("--member", str(ana.pk))
    forget_keys()
    assert read.phone == "+1 555 010 0001"
    Contact.objects.get(pk=ana.pk).save()
    read.save()
    current = MemberKey.objects.get(member=ana, retired_at=None).pk
    assert used_by(Contact.objects.filter(pk=ana.pk), "phone") == {current}


def test_control_a_key_replaced_in_place_shuts_out_who_read_before(ana: User) -> None:
    """The negative control of the retired key: the naive way leaves nothing that opens what was read before."""
    read = Contact.objects.get(pk=ana.pk)
    fresh = Contact.objects.get(pk=ana.pk)
    _ = (fresh.phone, fresh.email, fresh.hint)
    with transaction.atomic():
        MemberKey.objects.filter(member=ana).delete()
        write_sealed([fresh], ["phone", "email", "hint"])
    forget_keys()
    assert Contact.objects.get(pk=ana.pk).phone == "+1 555 010 0001"
    with pytest.raises(KeyDestroyed):
        _ = read.phone


def test_whoever_seals_at_this_moment_keeps_their_key_until_they_commit(ana: User) -> None:
    with transaction.atomic():
        contact = Contact.objects.get(pk=ana.pk)
        contact.phone = "+1 555 010 0002"
        contact.save()
        assert in_another_session(lambda: keys.renew([ana.pk])) == []
        assert in_another_session(keys.rewrap) == 0
    assert keys.renew([ana.pk]) == [ana.pk]


def in_another_session(deed: Any) -> Any:
    found: list[Any] = []

    def do() -> None:
        found.append(deed())
        connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    thread.join(30)
    return found[0]


def test_a_retired_key_is_destroyed_after_five_weeks_and_not_while_something_needs_it(ana: User) -> None:
    keys.renew([ana.pk])
    MemberKey.objects.exclude(retired_at=None).update(retired_at=clock.now() - keys.RETIRED_FOR)
    assert keys.sealed_by_retired() == 1
    assert keys.drop_retired() == 0
    assert "1 retired keys destroyed" in rotate()
    assert MemberKey.objects.filter(member=ana).count() == 1
    assert Contact.objects.get(pk=ana.pk).phone == "+1 555 010 0001"


def used_by(rows: Any, name: str) -> set[UUID]:
    return {crypto.key_of(value) for value in rows.values_list(name, flat=True) if value}


def notes(count: int, sponsors: int) -> list[UUID]:
    """So many notes of so many sponsors, each the id of its offer."""
    request = story.asked(factories.newcomer())
    members = User.objects.bulk_create(User(email=f"s{n}@example.org", password="!") for n in range(sponsors))
    made: list[UUID] = []
    for first in range(0, count, CHUNK):
        rows = [
            Offer(
                request=request,
                sponsor=members[n % sponsors],
                state=OfferState.DECLINED,
                made_at=clock.now(),
                reasons=[],
            )
            for n in range(first, min(first + CHUNK, count))
        ]
        for row in rows:
            row.note = f"note {row.pk}"
        with holding_keys({row.sponsor_id for row in rows}):
            Offer.objects.bulk_create(rows)
        made += [row.pk for row in rows]
    return made


class Load(threading.Thread):
    """Reads notes and writes some, one after the other, for as long as it is let."""

    def __init__(self, ids: list[UUID], seed: int) -> None:
        super().__init__()
        self.ids, self.dice, self.enough = ids, random.Random(seed), threading.Event()
        self.deeds, self.errors = 0, list[Exception]()

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                self._deed(self.dice.choice(self.ids))
            except Exception as error:
                self.errors.append(error)
            self.deeds += 1
        connection.close()

    def _deed(self, pk: UUID) -> None:
        if self.dice.random() < 0.8:
            assert Offer.objects.get(pk=pk).note == f"note {pk}"
            return
        with transaction.atomic():
            offer = Offer.objects.select_for_update().get(pk=pk)
            offer.note = f"note {pk}"
            offer.save(update_fields=["note"])


def test_many_notes_change_their_keys_under_load(
    settings: Settings, long: bool, figures: Callable[[str], None]
) -> None:
    """S17: 100,000 notes; the short form has 2,000."""
    ids = notes(*((100_000, 2_000) if long else (2_000, 100)))
    change_to(f"{NEW},{OLD}", settings)
    began = set(MemberKey.objects.values_list("pk", flat=True))
    load = [Load(ids, seed) for seed in range(2)]
    for one in load:
        one.start()
    started = time.monotonic()
    try:
        said = rotate("--renew")
    finally:
        for one in load:
            one.enough.set()
            one.join(60)
    deeds, seconds = sum(one.deeds for one in load), time.monotonic() - started
    figures(f"{len(ids)} notes in {seconds:.1f} s, meanwhile read or written {deeds} times")
    assert [error for one in load for error in one.errors] == []
    assert all(one.deeds > 20 for one in load)
    assert "The old key o may be removed now" in said
    change_to(NEW, settings)
    assert all(offer.note == f"note {offer.pk}" for offer in Offer.objects.iterator())
    assert used_by(Offer.objects.all(), "note").isdisjoint(began)
    assert SponsorRequest.objects.count() == 1
