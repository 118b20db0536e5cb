"""A mail server that writes down the Message-ID of every letter before it says yes.

Run as ``python -m tests.faults.sink LOG PORT_FILE``. One line for each yes, in one write, so that it survives whatever
happens to whoever sent the letter.
"""

import asyncio
import os
import re
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_ID = re.compile(rb"^Message-ID: *(?:\r\n )?<([^@]+)@", re.MULTILINE | re.IGNORECASE)


class Sink:
    """Takes everything. It reads its lines from a stream, so commands may come in one go, and it says so."""

    def __init__(self, log: Path) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        found = MESSAGE_ID.search(envelope.original_content or b"")
        assert found is not None
        os.write(self.log, found.group(1) + b"\n")
        return "250 OK"


async def serve(log: Path, port_file: Path) -> None:
    """Serve until the process is ended."""
    sink = Sink(log)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, loop=loop, timeout=300), "127.0.0.1", 0)
    half = port_file.with_suffix(".half")
    half.write_text(str(server.sockets[0].getsockname()[1]))
    half.rename(port_file)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
