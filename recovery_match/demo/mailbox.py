"""Mails as the file backend of the demo wrote them, newest first."""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

MOST = 60
SEPARATOR = "-" * 79
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail; ``links`` are the addresses in its text."""

    to: str
    subject: str
    text: str
    at: datetime
    links: list[str]


def letters(*, to: str = "") -> list[Letter]:
    """The newest mails, at most 60; with ``to`` only those to this address."""
    folder = Path(settings.EMAIL_FILE_PATH)
    found: list[Letter] = []
    files = (
        sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True) if folder.exists() else []
    )
    for file in files:
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        # One connection writes one file: the last mail in it is the newest.
        for raw in reversed(file.read_text().split(SEPARATOR)):
            if raw.strip():
                letter = _letter(raw.strip(), written)
                if not to or letter.to == to:
                    found.append(letter)
        if len(found) >= MOST:
            break
    return found[:MOST]


def _letter(raw: str, at: datetime) -> Letter:
    message = email.message_from_string(raw, _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return Letter(str(message["To"]), str(message["Subject"]), text, at, LINK.findall(text))
