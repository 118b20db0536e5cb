"""A mail server that keeps every letter it takes in one file.

Run as ``python -m tests.delivery.letters FILE PORT_FILE``.
"""

import asyncio
import os
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

END = b"\n\0\n"


class Box:
    """Takes everything."""

    def __init__(self, file: Path) -> None:
        self.file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        os.write(self.file, (envelope.original_content or b"") + END)
        return "250 OK"


async def serve(file: Path, port_file: Path) -> None:
    """Serve until the process is ended."""
    box, loop = Box(file), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop, timeout=900), "127.0.0.1", 0)
    half = port_file.with_suffix(".half")
    half.write_text(str(server.sockets[0].getsockname()[1]))
    half.rename(port_file)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
