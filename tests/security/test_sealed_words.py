"""What members wrote stands sealed in the database, each row with its member's key, and opens nowhere else."""

import json
import uuid

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.db import IntegrityError, connection, transaction

from accounts import privacy
from accounts.crypto import KeyDestroyed, Tampered, UnknownMasterKey
from accounts.models import Contact, MemberKey, User
from accounts.models.member_key import forget_keys, holding_keys, remember_keys
from matching.actions.push_addresses import add_address
from matching.actions.review_questions import answer_in_review, ask_in_review
from matching.models import Offer, PushAddress, ReviewQuestion
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

PHONE, HINT, NOTE = "+1 555 010 0099", "CANARY hint", "CANARY note"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/CANARY"

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(ana: User) -> Contact:
    Contact(user=ana, phone=PHONE, hint=HINT).save(force_update=True)
    forget_keys()
    return Contact.objects.get(pk=ana.pk)


def everything_stored() -> str:
    """All tables as text, bytes as the characters they are."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row for (row,) in cursor.fetchall()]
        for column in ("phone", "email", "hint"):
            cursor.execute(f"SELECT encode({column}, 'escape') FROM accounts_contact")
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_no_table_holds_a_word_of_theirs(contact: Contact, ana: User, rosa: User) -> None:
    offer = office.in_review(ana, rosa, note=NOTE)
    bea = factories.coordinator()
    answer_in_review(ask_in_review(offer, ana.pk, "CANARY question", by=bea), "CANARY answer", by=ana)
    add_address(ana, endpoint=ENDPOINT, p256dh="CANARYkey", auth="CANARYauth", label="")
    TOTP.activate(ana, SECRET)
    stored = everything_stored()
    for words in (PHONE, "CANARY", SECRET, PHONE.encode().hex(), b"CANARY".hex()):
        assert words not in stored
    assert Offer.objects.get().note == NOTE
    assert ReviewQuestion.objects.get().answer == "CANARY answer"
    assert PushAddress.objects.get().endpoint == ENDPOINT


def test_control_an_open_word_would_be_found(ana: User) -> None:
    """The negative control: what is not sealed is seen by the same look."""
    assert ana.email in everything_stored()


def test_a_row_opens_what_it_holds_and_asks_for_its_key_once(
    contact: Contact, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert (contact.phone, contact.email, contact.hint) == (PHONE, "", HINT)


def test_a_list_is_read_with_one_query_for_all_keys(django_assert_num_queries: object) -> None:
    members = [factories.newcomer().pk for _ in range(5)]
    forget_keys()
    with django_assert_num_queries(2):  # type: ignore[operator]
        rows = list(Contact.objects.all())
        remember_keys(members)
        assert all(row.phone for row in rows)


def test_many_are_written_with_three_queries_for_all_keys(django_assert_num_queries: object) -> None:
    members = [factories.account() for _ in range(5)]
    with django_assert_num_queries(4), holding_keys(one.pk for one in members):  # type: ignore[operator]
        Contact.objects.bulk_create(Contact(user=one, phone=PHONE) for one in members)
    assert {row.phone for row in Contact.objects.all()} == {PHONE}


def swap(contact: Contact, to: str) -> None:
    """Behind the application's back."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_contact SET {to} WHERE user_id = %s", [contact.pk])


def test_a_changed_value_is_refused(contact: Contact) -> None:
    swap(contact, "phone = set_byte(phone, 35, get_byte(phone, 35) # 1)")
    with pytest.raises(Tampered):
        _ = Contact.objects.get(pk=contact.pk).phone


def test_a_value_of_another_column_is_refused(contact: Contact) -> None:
    swap(contact, "phone = hint")
    with pytest.raises(Tampered):
        _ = Contact.objects.get(pk=contact.pk).phone


def test_a_value_of_another_row_is_refused(contact: Contact, olga: User) -> None:
    swap(contact, f"phone = (SELECT phone FROM accounts_contact WHERE user_id = '{olga.pk}')")
    with pytest.raises(KeyDestroyed):
        _ = Contact.objects.get(pk=contact.pk).phone


def test_a_value_of_another_row_of_the_same_member_is_refused(ana: User, rosa: User, olga: User) -> None:
    one, other = story.offered(ana, rosa), story.offered(olga, rosa)
    for offer in (one, other):
        offer.note = NOTE
        offer.save(update_fields=["note"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_offer SET note = (SELECT note FROM matching_offer WHERE id = %s) WHERE id = %s",
            [one.pk, other.pk],
        )
    assert Offer.objects.get(pk=one.pk).note == NOTE
    with pytest.raises(Tampered):
        _ = Offer.objects.get(pk=other.pk).note


def test_a_key_given_to_another_member_is_refused(contact: Contact, olga: User) -> None:
    MemberKey.objects.filter(member=olga).delete()
    MemberKey.objects.filter(member=contact.pk).update(member=olga)
    with pytest.raises(KeyDestroyed):
        _ = contact.phone
    Contact.objects.filter(pk=olga.pk).delete()
    swap(contact, f"user_id = '{olga.pk}'")
    with pytest.raises(Tampered):
        _ = Contact.objects.get(pk=olga.pk).phone


def test_an_unknown_master_key_is_refused_by_name(contact: Contact) -> None:
    MemberKey.objects.update(master="lost")
    with pytest.raises(UnknownMasterKey, match="lost"):
        _ = contact.phone


def test_a_destroyed_key_takes_the_words_with_it(contact: Contact) -> None:
    assert contact.phone == PHONE
    MemberKey.objects.all().delete()
    forget_keys()
    with pytest.raises(KeyDestroyed):
        _ = Contact.objects.get(pk=contact.pk).phone


def test_erasing_a_member_destroys_their_keys(contact: Contact, ana: User) -> None:
    pk = ana.pk
    privacy.erase(ana)
    assert not MemberKey.objects.filter(member=pk).exists()


def test_looking_for_words_or_changing_them_without_their_row_is_refused(contact: Contact) -> None:
    with pytest.raises(TypeError, match="save the row"):
        Contact.objects.filter(phone=PHONE).exists()
    with pytest.raises(TypeError, match="save the row"), transaction.atomic():
        Contact.objects.update(phone=PHONE)
    assert str(Contact.objects.values_list("phone", flat=True)[0]) == "<sealed>"


def test_the_copy_of_ones_data_is_open(contact: Contact, ana: User, rosa: User) -> None:
    offer = office.in_review(ana, rosa, note=NOTE)
    bea = factories.coordinator()
    answer_in_review(ask_in_review(offer, ana.pk, "CANARY question", by=bea), "CANARY answer", by=ana)
    add_address(ana, endpoint=ENDPOINT, p256dh="CANARYkey", auth="CANARYauth", label="")
    copy = json.loads(json.dumps(privacy.export(ana), default=str))
    assert copy["contact"]["phone"] == PHONE
    assert copy["matching"]["devices"][0]["endpoint"] == ENDPOINT
    assert privacy.export(rosa)["matching"]["offers_to_me"][0]["note"] == NOTE


def test_a_device_is_recognised_without_opening_its_address(ana: User, olga: User) -> None:
    for member in (ana, ana, olga):
        add_address(member, endpoint=ENDPOINT, p256dh="k", auth="a", label="")
    device = PushAddress.objects.get()
    assert device.member_id == olga.pk
    assert (device.endpoint, device.p256dh, device.auth) == (ENDPOINT, "k", "a")


def code_of(secret: str) -> str:
    return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06d}"


def test_the_second_factor_works_and_stands_sealed(ana: User) -> None:
    TOTP.activate(ana, SECRET)
    codes = RecoveryCodes.activate(ana)
    first = codes.get_unused_codes()
    forget_keys()
    row = Authenticator.objects.get(type="totp")
    assert row.data["secret"].startswith(f"sealed:{ana.pk}:")
    assert TOTP(row).validate_code(code_of(SECRET))
    again = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert again.get_unused_codes() == first
    assert again.validate_code(first[0])
    assert not again.validate_code(first[0])


def test_a_second_factor_of_somebody_else_is_refused(ana: User, olga: User) -> None:
    TOTP.activate(ana, SECRET)
    TOTP.activate(olga, SECRET)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator SET data = (SELECT data FROM mfa_authenticator WHERE user_id = %s)", [olga.pk]
        )
    assert TOTP(Authenticator.objects.get(user=olga)).validate_code(code_of(SECRET))
    with pytest.raises(Tampered):
        Authenticator.objects.get(user=ana)


def test_nor_under_the_members_own_name(ana: User, olga: User) -> None:
    TOTP.activate(ana, SECRET)
    TOTP.activate(olga, SECRET)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator SET data = (SELECT replace(data::text, %s, %s)::jsonb FROM mfa_authenticator"
            " WHERE user_id = %s) WHERE user_id = %s",
            [str(olga.pk), str(ana.pk), olga.pk, ana.pk],
        )
    with pytest.raises(KeyDestroyed):
        TOTP(Authenticator.objects.get(user=ana)).validate_code(code_of(SECRET))


@pytest.mark.parametrize("data", [{"secret": SECRET}, {"seed": "ab" * 40}, {"migrated_codes": ["1234", "5678"]}])
def test_the_database_refuses_an_open_second_factor(data: dict[str, object], ana: User) -> None:
    row = Authenticator(user=ana, type="totp", data=data)
    with pytest.raises(IntegrityError, match="stands open"), transaction.atomic():
        Authenticator.objects.bulk_create([row])
    row.save()
    row.refresh_from_db()
    assert str(uuid.UUID(str(ana.pk))) in str(row.data)


def test_the_partners_page_shows_it(ana: User, rosa: User) -> None:
    offer = office.in_review(ana, rosa, note=NOTE)
    from matching.actions import reviews

    bea = factories.coordinator()
    pairing = reviews.approve_offer(offer, by=bea)
    forget_keys()
    page = signed_in(ana).get(f"/pairings/{pairing.pk}/").content.decode()
    assert NOTE in page
    assert "+1 555 010 0001" in page
