"""A mail server that takes everything, and writes down when it took which recipient's letter before it says yes.

Run as ``python -m recovery_match.bench.reminders.sink LOG PORT_FILE``. It knows PIPELINING and spends so little on a
letter that it is not what is measured. One line for each yes: seconds since 1970, and the address.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

HELLO = b"250-localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n"
ANSWERS = {b"EHLO": HELLO, b"HELO": b"250 localhost\r\n", b"DATA": b"354 Go on\r\n", b"QUIT": b"221 Bye\r\n"}
OK = b"250 OK\r\n"
END = b"\r\n.\r\n"


class Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, log: int) -> None:
        self._log, self._left, self._recipient, self._in_letter = log, b"", b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        transport.write(b"220 localhost\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer to every command and letter that is whole, in one go."""
        self._left += data
        answers = []
        while True:
            piece, found, rest = self._left.partition(END if self._in_letter else b"\r\n")
            if not found:
                break
            self._left = rest
            answers.append(self._took() if self._in_letter else self._said(piece))
        if answers:
            self._transport.write(b"".join(answers))
        if ANSWERS[b"QUIT"] in answers:
            self._transport.close()

    def _took(self) -> bytes:
        os.write(self._log, b"%.6f %s\n" % (time.time(), self._recipient))
        self._in_letter = False
        return OK

    def _said(self, line: bytes) -> bytes:
        word = line[:4].upper()
        if word == b"RCPT":
            self._recipient = line[line.index(b"<") + 1 : line.index(b">")]
        self._in_letter = word == b"DATA"
        return ANSWERS.get(word, OK)


async def serve(log: Path, port_file: Path) -> None:
    """Serve until the process is ended."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(file), "127.0.0.1", 0)
    half = port_file.with_suffix(".half")
    half.write_text(str(server.sockets[0].getsockname()[1]))
    half.rename(port_file)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
