"""A mail server that answers as a test tells it to, over real sockets."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class MailServer(ThreadingTCPServer):
    """Knows PIPELINING or does not.

    Attributes:
        in_one_go: It answers to MAIL, RCPT and DATA only once all three are there.
        says: What it answers to a command; to ``.`` after a letter.
        hangs_up_after: So many letters; then it says so once, to the next.
        letters: What it took: the commands with the sender and the recipient, and the letter.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, *, pipelining: bool) -> None:
        self.pipelining = self.in_one_go = pipelining
        self.says = {"MAIL": "250 OK", "RCPT": "250 OK", "DATA": "354 go on", ".": "250 taken"}
        self.hangs_up_after: int | None = None
        self.letters: list[tuple[str, str, bytes]] = []
        self.connections = 0
        super().__init__(("127.0.0.1", 0), _Conversation)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def serving(*, pipelining: bool) -> Iterator[MailServer]:
    with MailServer(pipelining=pipelining) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()


class _Conversation(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        self.say("220 hello")
        while line := self.read():
            if line.upper().startswith("EHLO"):
                self.say(
                    "250-localhost", *["250-PIPELINING"][: self.server.pipelining], "250-8BITMIME", "250 SIZE 99999"
                )
            elif not line.upper().startswith("MAIL"):
                self.say("221 bye" if line.upper().startswith("QUIT") else "250 OK")
            elif self.server.hangs_up_after == len(self.server.letters):
                self.server.hangs_up_after = None
                return self.say("421 enough for now")
            else:
                self.transaction(line)
        return None

    def transaction(self, mail: str) -> None:
        says = self.server.says
        if self.server.in_one_go:
            recipient, _ = self.read(), self.read()
            self.say(says["MAIL"], says["RCPT"], says["DATA"])
        else:
            self.say(says["MAIL"])
            recipient = self.read()
            self.say(says["RCPT"])
            if self.read().upper() != "DATA":
                return self.say("250 OK")
            self.say(says["DATA"])
        if says["DATA"].startswith("354"):
            self.take(mail, recipient)
        return None

    def take(self, mail: str, recipient: str) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line.removeprefix(b"."))
        if self.server.says["."].startswith("250"):
            self.server.letters.append((mail, recipient, b"".join(lines)))
        self.say(self.server.says["."])

    def read(self) -> str:
        return self.rfile.readline().decode().strip()

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
