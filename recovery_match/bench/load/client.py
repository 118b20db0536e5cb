"""Asks a server over some connections at once, with so little work that it is not what is measured.

Run as ``python -m recovery_match.bench.load.client FILE``: the file holds an `Order`, the answer is a `Heard`, in JSON.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

WARM_UP = 1.0
PATIENCE = 60.0
END = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"
PIECE = 1 << 18


@dataclass(frozen=True, kw_only=True)
class Order:
    """Requests as they go over the wire, sent one after the other, from the first again after the last."""

    port: int
    connections: int
    seconds: float
    requests: list[str]


@dataclass(kw_only=True)
class Heard:
    """Seconds that each counted answer took, in how many seconds they came, the statuses of all answers, and how many
    connections the server had closed."""

    measured: float = 0.0
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    reopened: int = 0


class Line:
    """One connection, on which one request is under way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = b""

    def ask(self, request: bytes) -> None:
        """Send a request; when the connection is closed meanwhile, that is heard next."""
        self._request, self.began = request, time.perf_counter()
        with suppress(ConnectionError):
            self.socket.sendall(request)

    def ask_again(self) -> None:
        """On a new connection, as the old one is closed."""
        self.socket.close()
        self._open()
        self.ask(self._request)

    def hear(self) -> str | None:
        """The status once the answer is whole, None before that, and nothing when the connection is closed."""
        try:
            piece = self.socket.recv(PIECE)
        except ConnectionError:
            piece = b""
        if not piece:
            return ""
        self._held += piece
        head, found, body = self._held.partition(END)
        if not found or len(body) < _length(head):
            return None
        self._held = b""
        return head[9:12].decode()


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(LENGTH)
    return int(rest.partition(b"\r\n")[0]) if found else 0


def ask(order: Order) -> Heard:
    """Ask until the time is over. Raises TimeoutError when there is next to no answer."""
    heard, number = Heard(), 0
    requests = [one.encode("latin-1") for one in order.requests]
    with selectors.DefaultSelector() as ready:
        for number in range(order.connections):
            line = Line(order.port)
            line.ask(requests[number % len(requests)])
            ready.register(line.socket, selectors.EVENT_READ, line)
        starts = time.perf_counter() + WARM_UP
        # On a machine that is very busy, until as many were counted as there are connections.
        while (now := time.perf_counter()) < starts + order.seconds or len(heard.seconds) < order.connections:
            if now > starts + order.seconds + PATIENCE:
                raise TimeoutError("The server answers hardly at all.")
            for key, _ in ready.select(timeout=1):
                number += 1
                _next(key.data, requests[number % len(requests)], ready, heard, starts)
        heard.measured = time.perf_counter() - starts
        for key in list(ready.get_map().values()):
            key.data.socket.close()
    return heard


def _next(line: Line, request: bytes, ready: selectors.BaseSelector, heard: Heard, starts: float) -> None:
    status = line.hear()
    if status:
        if line.began >= starts:
            heard.seconds.append(time.perf_counter() - line.began)
        heard.statuses[status] += 1
        line.ask(request)
    elif status is not None:
        ready.unregister(line.socket)
        line.ask_again()
        ready.register(line.socket, selectors.EVENT_READ, line)
        heard.reopened += 1


if __name__ == "__main__":
    sys.stdout.write(json.dumps(vars(ask(Order(**json.loads(Path(sys.argv[1]).read_text()))))))
