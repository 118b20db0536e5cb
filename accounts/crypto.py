"""Sealing words so that only the right key, at the right place, opens them again. Pure: knows no table and no setting.

Two layers. Each member has data keys of their own; each is *wrapped* by a master key, which stands in no database.
What a member wrote is *sealed* with their data key by AES-256-GCM (NIST SP 800-38D), with the id of the key in front,
and with the place where it stands, table, column and row, as associated data: a value that was changed, or copied to
another row or column, does not open.

A sealed value is: one byte for the form, 16 of the data key's id, 12 that are never used twice with that key, then the
text in AES-GCM with its 16 bytes of proof.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM = b"\x01"
KEY_BYTES = 32
_ID = slice(1, 17)
_NONCE = slice(17, 29)
_TEXT = slice(29, None)
_SHORTEST = 29 + 16
_NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")


class CannotOpen(Exception):
    """A sealed value stays shut. Neither the text of this nor of its kinds holds anything private."""


class Tampered(CannotOpen):
    """Changed, moved from another place, or sealed with another key than it says."""


class UnknownMasterKey(CannotOpen):
    """Wrapped by a master key that is not among those that were given."""


class KeyDestroyed(CannotOpen):
    """The data key exists no more: its member was erased, or it was retired long ago."""


class BadMasterKeys(ValueError):
    """The list of master keys can't be read; says why, without any key."""


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The keys that wrap other keys, by name. ``current`` wraps what is new; the others only unwrap."""

    current: str
    by_name: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, listed: str) -> "MasterKeys":
        """Read ``name:base64,name:base64``, the current one first; each holds 32 bytes. Raises BadMasterKeys."""
        found: dict[str, bytes] = {}
        for part in listed.split(","):
            name, _, encoded = part.strip().partition(":")
            if not _NAME.fullmatch(name):
                raise BadMasterKeys("A master key is written name:base64, the name in letters, digits, - and _.")
            if name in found:
                raise BadMasterKeys(f"The master key {name} is there twice.")
            found[name] = _key_bytes(name, encoded)
        return cls(next(iter(found)), found)


def _key_bytes(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.translate(str.maketrans("-_", "+/")) + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadMasterKeys(f"The master key {name} is not {KEY_BYTES} bytes in base64.")
    return key


@dataclass(frozen=True, slots=True)
class DataKey:
    """The open key of one member."""

    id: UUID
    member: UUID
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it may be stored: shut by the master key of that name."""

    master: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs."""

    table: str
    column: str
    row: str


def new_data_key(key_id: UUID, member: UUID) -> DataKey:
    """A fresh key of 256 random bits."""
    return DataKey(key_id, member, secrets.token_bytes(KEY_BYTES))


def wrap(key: DataKey, masters: MasterKeys) -> Wrapped:
    """Shut a data key with the current master key, bound to its id and its member."""
    nonce = secrets.token_bytes(12)
    shut = AESGCM(masters.by_name[masters.current]).encrypt(nonce, key.secret, _bound(key.id, key.member))
    return Wrapped(masters.current, nonce + shut)


def unwrap(key_id: UUID, member: UUID, wrapped: Wrapped, masters: MasterKeys) -> DataKey:
    """Open a data key. Raises UnknownMasterKey, or Tampered for one that belongs to somebody else."""
    master = masters.by_name.get(wrapped.master)
    if master is None:
        raise UnknownMasterKey(wrapped.master)
    try:
        secret = AESGCM(master).decrypt(wrapped.text[:12], wrapped.text[12:], _bound(key_id, member))
    except (InvalidTag, ValueError) as error:
        raise Tampered("data key") from error
    return DataKey(key_id, member, secret)


def seal(text: str, key: DataKey, place: Place) -> bytes:
    """Shut a text for one place."""
    nonce = secrets.token_bytes(12)
    shut = AESGCM(key.secret).encrypt(nonce, text.encode(), _standing(key.id, place))
    return FORM + key.id.bytes + nonce + shut


def key_of(sealed: bytes) -> UUID:
    """The id of the data key that a value names. Raises Tampered for what is no sealed value."""
    if len(sealed) < _SHORTEST or sealed[:1] != FORM:
        raise Tampered("no sealed value")
    return UUID(bytes=sealed[_ID])


def unseal(sealed: bytes, key: DataKey, place: Place) -> str:
    """Open a text at its place. Raises Tampered."""
    if key_of(sealed) != key.id:
        raise Tampered("another key")
    try:
        opened = AESGCM(key.secret).decrypt(sealed[_NONCE], sealed[_TEXT], _standing(key.id, place))
    except InvalidTag as error:
        raise Tampered(f"{place.table}.{place.column}") from error
    return opened.decode()


def keyed_hash(secret: str, purpose: str, *parts: str | bytes) -> bytes:
    """32 bytes that stand for ``parts`` and that nobody without the secret can compute (HMAC-SHA-256, RFC 2104).

    ``purpose`` keeps equal parts apart that are hashed for different ends.
    """
    key = hmac.digest(secret.encode(), purpose.encode(), sha256)
    return hmac.digest(key, _joined(*parts), sha256)


def _joined(*parts: str | bytes) -> bytes:
    """Each part with its length in front, so that no two lists of parts look the same."""
    raw = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in raw)


def _bound(key_id: UUID, member: UUID) -> bytes:
    return _joined("data key", key_id.bytes, member.bytes)


def _standing(key_id: UUID, place: Place) -> bytes:
    return _joined(FORM, key_id.bytes, place.table, place.column, place.row)
