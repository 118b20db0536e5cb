"""A push service on this machine, with a certificate of its own; and devices that can read what they are sent."""

import json
import os
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.models import User
from matching.actions.push_addresses import add_address
from matching.channels.vapid import encoded
from matching.models import PushAddress
from tests.ground.certificate import certify

UNHEARD = "/silent"


@dataclass(frozen=True)
class Received:
    """One request; the names of its headers in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """Answers with ``status`` and ``more`` headers, and keeps what it received."""

    host: str
    status: int = 201
    more: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)


@dataclass
class Device:
    """A browser: its keys, and where it is reached."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def form(self) -> dict[str, str]:
        """What its script sends to us."""
        public = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": encoded(public), "auth": encoded(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        """What was sent, as the service worker reads it."""
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, Any] = json.loads(plain)
        return found

    def switched_on(self, member: User) -> PushAddress:
        """Its member said yes."""
        return add_address(member, label="Firefox, Android", **self.form)


@contextmanager
def running(folder: Path) -> Iterator[PushService]:
    """A push service, for as long as it is used. Its certificate is in ``folder`` and known to nobody else."""
    certify(folder, "localhost")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Handler.service = service = PushService(f"localhost:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    service: PushService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.service.received.append(Received(self.path, headers, body))
        if self.path == UNHEARD:
            time.sleep(1)
        self.send_response(self.service.status)
        for name, value in self.service.more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""
