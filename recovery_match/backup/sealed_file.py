"""A file that is sealed in pieces, written and read in one pass with the memory of one piece.

After eight bytes of form and sixteen that are never used twice come pieces of at most a mebibyte, each sealed by
AES-256-GCM under a key made of BACKUP_KEY and those sixteen bytes. Its nonce is its number and whether it is the last
(the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): pieces that were changed, left out, doubled
or put elsewhere do not open, and neither does a file that ends early or goes on.
"""

import secrets
import zlib
from collections.abc import Generator, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.crypto import keyed_hash

FORM = b"RMBAK\x01\r\n"
PIECE = 1 << 20
_SALT = 16
_TAG = 16


class BadBackup(Exception):
    """The file was changed, is not whole, is of another kind, or was sealed with another key. Nothing was restored."""


class SealedWriter:
    """Takes bytes, compresses and seals them. ``end`` must be called: a file without its last piece is refused."""

    def __init__(self, file: BinaryIO, secret: str, kind: str) -> None:
        self._file, self._pack, self._buffer, self._number = file, zlib.compressobj(6), bytearray(), 0
        self._head = FORM + secrets.token_bytes(_SALT)
        self._seal, self._kind = _cipher(secret, self._head), kind.encode()
        file.write(self._head)

    def write(self, data: bytes) -> None:
        """Take more."""
        self._seal_whole(self._pack.compress(data))

    def end(self) -> None:
        """Write what is left, as the last piece or two."""
        self._seal_whole(self._pack.flush())
        self._piece(bytes(self._buffer), last=True)

    def _seal_whole(self, packed: bytes) -> None:
        self._buffer += packed
        # The last piece is told from the others, so one is held back.
        while len(self._buffer) > PIECE:
            self._piece(bytes(self._buffer[:PIECE]), last=False)
            del self._buffer[:PIECE]

    def _piece(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._seal.encrypt(_nonce(self._number, last), data, self._head + self._kind))
        self._number += 1


def opened(file: BinaryIO, secret: str, kind: str) -> Generator[bytes, None, None]:
    """The bytes again, a little at a time. Raises BadBackup, maybe only after some of them: read all of it once before
    anything is done with it."""
    head = file.read(len(FORM) + _SALT)
    if not head.startswith(FORM) or len(head) != len(FORM) + _SALT:
        raise BadBackup("This is no backup of this software.")
    unpack = zlib.decompressobj()
    for piece in _pieces(file, _cipher(secret, head), head + kind.encode()):
        while piece:
            yield unpack.decompress(piece, PIECE)
            piece = unpack.unconsumed_tail
    yield unpack.flush()
    if not unpack.eof:
        raise BadBackup("The backup ends too early.")


def _pieces(file: BinaryIO, cipher: AESGCM, bound: bytes) -> Iterator[bytes]:
    number, piece = 0, file.read(PIECE + _TAG)
    last = False
    while not last:
        after = file.read(PIECE + _TAG)
        last = not after
        try:
            yield cipher.decrypt(_nonce(number, last), piece, bound)
        except (InvalidTag, ValueError) as error:
            raise BadBackup("The backup was changed, is not whole, or was made with another BACKUP_KEY.") from error
        number, piece = number + 1, after


def _cipher(secret: str, head: bytes) -> AESGCM:
    return AESGCM(keyed_hash(secret, "backup file", head))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
