"""What is in a backup, in order: a header, then each table with its rows as COPY writes them, then the end.

A frame is one letter, four bytes of length, and so many bytes: H the header, T a table's name and columns, E the end,
these in JSON, and D rows.
"""

import json
from collections.abc import Generator, Iterable
from typing import Any, Protocol

from recovery_match.backup.sealed_file import BadBackup

HEADER, TABLE, ROWS, END = b"H", b"T", b"D", b"E"
Frame = tuple[bytes, Any]


class Writer(Protocol):
    """Where frames go to."""

    def write(self, data: bytes) -> None: ...


def put(writer: Writer, kind: bytes, value: Any) -> None:
    """Write one frame: bytes for rows, anything that JSON can hold for the others."""
    data = bytes(value) if kind == ROWS else json.dumps(value).encode()
    writer.write(kind + len(data).to_bytes(4, "big") + data)


def frames(parts: Iterable[bytes]) -> Generator[Frame, None, None]:
    """The frames again. Raises BadBackup when they do not begin with a header and stop with an end."""
    held, seen, kind = bytearray(), 0, b""
    for part in parts:
        held += part
        while len(held) >= 5 and len(held) >= (size := 5 + int.from_bytes(held[1:5], "big")):
            kind, data = bytes(held[:1]), bytes(held[5:size])
            del held[:size]
            if kind not in (HEADER, TABLE, ROWS, END) or (kind == HEADER) != (seen == 0):
                raise BadBackup("The backup holds what this software never writes.")
            seen += 1
            yield kind, data if kind == ROWS else json.loads(data)
    if held or kind != END:
        raise BadBackup("The backup ends too early.")
