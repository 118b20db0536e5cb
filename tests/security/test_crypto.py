"""What the pure part promises: a value opens with its key at its place, and nowhere else."""

import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import crypto
from accounts.crypto import BadMasterKeys, DataKey, MasterKeys, Place, Tampered, UnknownMasterKey

ANA, ROSA = UUID(int=1), UUID(int=2)
HERE = Place("accounts_contact", "phone", str(ANA))


def encoded(byte: bytes = b"k") -> str:
    return base64.b64encode(byte * 32).decode()


MASTERS = MasterKeys.parse(f"new:{encoded(b'n')},old:{encoded(b'o')}")


def fresh(member: UUID = ANA) -> DataKey:
    return crypto.new_data_key(uuid4(), member)


@given(st.text())
def test_a_text_comes_back_as_it_was_and_never_looks_the_same_twice(text: str) -> None:
    key = fresh()
    once, again = crypto.seal(text, key, HERE), crypto.seal(text, key, HERE)
    assert once != again
    assert crypto.unseal(once, key, HERE) == crypto.unseal(again, key, HERE) == text
    assert crypto.key_of(once) == key.id


@given(st.data())
def test_one_changed_bit_anywhere_is_refused(data: st.DataObject) -> None:
    key = fresh()
    value = bytearray(crypto.seal("+1 555 010 0001", key, HERE))
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    value[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Tampered):
        crypto.unseal(bytes(value), key, HERE)


@pytest.mark.parametrize(
    "place",
    [
        Place("matching_offer", "phone", str(ANA)),
        Place("accounts_contact", "hint", str(ANA)),
        Place("accounts_contact", "phone", str(ROSA)),
        Place("accounts_contact", "phon", f"e{ANA}"),
    ],
)
def test_another_table_column_or_row_is_refused(place: Place) -> None:
    key = fresh()
    with pytest.raises(Tampered):
        crypto.unseal(crypto.seal("x", key, HERE), key, place)


def test_another_key_is_refused_even_under_the_same_id() -> None:
    key = fresh()
    value = crypto.seal("x", key, HERE)
    for other in (fresh(), crypto.new_data_key(key.id, ANA)):
        with pytest.raises(Tampered):
            crypto.unseal(value, other, HERE)


@pytest.mark.parametrize("value", [b"", b"\x01", b"plain words that are long enough to be a sealed value, perhaps"])
def test_what_was_never_sealed_is_refused(value: bytes) -> None:
    with pytest.raises(Tampered):
        crypto.unseal(value, fresh(), HERE)


def test_a_wrapped_key_opens_with_its_master_key_for_its_member_alone() -> None:
    key = fresh()
    wrapped = crypto.wrap(key, MASTERS)
    assert wrapped.master == "new"
    assert crypto.unwrap(key.id, ANA, wrapped, MASTERS) == key
    for key_id, member in ((key.id, ROSA), (uuid4(), ANA)):
        with pytest.raises(Tampered):
            crypto.unwrap(key_id, member, wrapped, MASTERS)
    with pytest.raises(Tampered):
        crypto.unwrap(key.id, ANA, wrapped, MasterKeys.parse(f"new:{encoded(b'x')}"))
    with pytest.raises(UnknownMasterKey):
        crypto.unwrap(key.id, ANA, wrapped, MasterKeys.parse(f"old:{encoded(b'n')}"))


@pytest.mark.parametrize(
    "listed",
    ["", "x", "x:", "x:short", f":{encoded()}", f"a b:{encoded()}", f"a:{encoded()},a:{encoded()}", f"a:{encoded()},"],
)
def test_a_list_of_keys_that_is_not_one_is_refused_without_showing_it(listed: str) -> None:
    with pytest.raises(BadMasterKeys) as refused:
        MasterKeys.parse(listed)
    assert encoded() not in str(refused.value)


def test_keys_may_be_written_in_either_alphabet_with_or_without_padding() -> None:
    raw = bytes(range(220, 252))
    written = base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert [MasterKeys.parse(f"a:{text}").by_name["a"] for text in written] == [raw, raw]


def test_nothing_shows_a_key() -> None:
    key = fresh()
    assert repr(key.secret) not in repr(key)
    assert repr(MASTERS.by_name["new"]) not in repr(MASTERS)


def test_a_keyed_hash_depends_on_secret_purpose_and_each_part() -> None:
    hashes = {
        crypto.keyed_hash("secret", "purpose", "a", "b"),
        crypto.keyed_hash("secret", "purpose", "ab"),
        crypto.keyed_hash("secret", "purpose", "", "ab"),
        crypto.keyed_hash("secret", "other", "a", "b"),
        crypto.keyed_hash("other", "purpose", "a", "b"),
    }
    assert len(hashes) == 5
    assert crypto.keyed_hash("secret", "purpose", "a", b"b") in hashes
