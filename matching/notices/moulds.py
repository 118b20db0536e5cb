"""Letters laid out once for each wording: what differs from one to the next is put into its place, the rest is copied.

Django lays out the first letter of a wording, MIME and all, with marks where the address, the ids and the link belong.
Each letter is that text cut at the marks and joined again. Whatever could need more than that (an address beyond plain
ASCII, a link too long for a line) is left to Django, letter by letter.
"""

import re
from dataclasses import asdict, dataclass
from email.utils import formatdate, parseaddr
from functools import lru_cache
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

WORDINGS = 512
"""How many are kept: topics times languages, with room."""

LONGEST = 500
"""Of what is put in: no line of a mail may have more than 998 characters (RFC 5322)."""

# Nothing in these could be read as anything but an address or a link; neither can they hold the end of a line.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_VALUE = re.compile(r"[!-~]+")

_RANDOM = uuid4().hex
_TO, _DATE, _ID, _OFF, _END, _LINK, _HREF = (
    f"mark{name}{_RANDOM}" for name in ("to", "date", "id", "off", "end", "link", "href")
)
_MARK = re.compile(f"(mark[a-z]+?{_RANDOM})".encode())


@dataclass(frozen=True, slots=True)
class Wording:
    """What all letters of a topic in one language have in common; ``foot`` is what the reader's office adds, ``stop``
    the words of the link that ends mails of their kind, where it stands in the letter itself too."""

    subject: str
    text: str
    button: str
    answers: tuple[str, ...]
    site_name: str
    language: str
    sender: str
    foot: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Mould:
    """A wording, laid out. ``parts`` is the letter cut at its marks, text and mark in turns; empty if it can't be
    cut. ``sender`` is the address alone."""

    text: str
    html: str
    sender: str
    parts: tuple[bytes, ...]


class Letter(EmailMultiAlternatives):
    """A mail that may know its own bytes already, so that nobody needs to lay it out again."""

    envelope: tuple[str, str] | None = None
    """The addresses of sender and recipient as the mail server is told them; None if Django has to lay the mail out."""

    laid_out: bytes = b""
    """All of it, with the line ends of SMTP."""


def letter(wording: Wording, *, to: str, link: str, message_id: str, switch_off: str = "") -> Letter:
    """The mail in this wording; ``switch_off`` is the link that ends mails of its kind, empty where there is none."""
    mould, href, end = _mould(wording, bool(switch_off)), escape(link), escape(switch_off)
    mail = Letter(
        subject=wording.subject,
        body=mould.text.replace(_LINK, link).replace(_OFF, switch_off),
        from_email=wording.sender,
        to=[to],
        headers=_headers(message_id, switch_off),
    )
    mail.attach_alternative(mould.html.replace(_HREF, href).replace(_END, end), "text/html")
    if mould.parts and _ADDRESS.fullmatch(to) and all(map(_fits, filter(None, (href, message_id, end)))):
        values = {_TO: to, _DATE: formatdate(), _ID: message_id, _OFF: switch_off, _END: end, _LINK: link, _HREF: href}
        found = {mark.encode(): value.encode() for mark, value in values.items()}
        mail.envelope = (mould.sender, to)
        mail.laid_out = b"".join([found.get(part, part) for part in mould.parts])
    return mail


def _fits(value: str) -> bool:
    return len(value) <= LONGEST and _VALUE.fullmatch(value) is not None


def _headers(message_id: str, switch_off: str) -> dict[str, str]:
    """One click in the mail program switches the kind off (RFC 8058); no List-Id, which would name a list."""
    headers = {"Message-ID": f"<{message_id}>", "Auto-Submitted": "auto-generated"}
    if switch_off:
        headers["List-Unsubscribe"] = f"<{switch_off}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


@lru_cache(WORDINGS)
def _mould(wording: Wording, can_be_switched_off: bool) -> Mould:
    with translation.override(wording.language):
        text, html = _rendered("txt", wording, _LINK, _OFF), _rendered("html", wording, _HREF, _END)
    marked = _headers(_ID, _OFF if can_be_switched_off else "") | {"To": _TO, "Date": _DATE}
    mail = EmailMultiAlternatives(subject=wording.subject, body=text, from_email=wording.sender, headers=marked)
    mail.attach_alternative(html, "text/html")
    laid_out = mail.message()
    parts = _MARK.split(laid_out.as_bytes().replace(b"\n", b"\r\n"))
    whole = len(parts) == 2 * (5 + can_be_switched_off + 2 * bool(wording.stop)) + 1
    # Lines that are too long make Django choose an encoding into which a link can't simply be put.
    plain = all(part.get("Content-Transfer-Encoding", "8bit") in ("7bit", "8bit") for part in laid_out.walk())
    _, sender = parseaddr(sanitize_address(wording.sender, settings.DEFAULT_CHARSET))
    return Mould(text, html, sender, tuple(parts) if whole and plain and sender else ())


def _rendered(kind: str, wording: Wording, link: str, off: str) -> str:
    return render_to_string(f"notices/letter.{kind}", asdict(wording) | {"link": link, "off": off})
