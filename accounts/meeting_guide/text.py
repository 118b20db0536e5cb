"""Makes text from a feed plain: no HTML, nothing hidden, one line, not too long."""

import html
import math
import re
import unicodedata
from hashlib import blake2b

from django.core.exceptions import SuspiciousOperation
from django.utils.html import strip_tags
from django.utils.text import slugify

from accounts.meeting_guide.feed import Findings

# Ordinary white space, and the joiners that shape Persian words and family emoji; the other control and format
# characters only hide or reorder text.
_KEPT = "\t\n\r\x0b\x0c\u200c\u200d"
# Removing tags can take time quadratic in the length, so only this much is looked at.
_LONGEST = 4000
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?=/?(?:br|p|div|li|td)\b)", re.IGNORECASE)


def plain_text(value: object, field: str, limit: int, findings: Findings) -> str:
    """A value as one line of at most ``limit`` characters, empty if there is none. Mends are noted under ``field``."""
    if value is None:
        return ""
    if not is_scalar(value):
        findings.mend("not_text", field)
        return ""
    whole = str(value)
    raw = whole[:_LONGEST]
    unmarked = _without_html(raw)
    if unmarked != raw:
        findings.mend("html_removed", field)
    text = _without_hidden(unmarked)
    if text != unmarked:
        findings.mend("hidden_removed", field)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if not any(unicodedata.category(char)[0] in "LNPS" for char in text):
        return ""
    if len(text) > limit or len(whole) > _LONGEST:
        findings.mend("cut", field)
    return text[:limit].rstrip()


def is_scalar(value: object) -> bool:
    """Whether a JSON value is text or a finite number (true and false are neither)."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | int) and not isinstance(value, bool)


def quote(value: object) -> str:
    """A short harmless quotation of a value, for a note; an ellipsis for anything but text and numbers."""
    return plain_text(value, "", 40, Findings()) or "…"


def short_slug(text: str, limit: int) -> str:
    """Lower-case words joined by hyphens, at most ``limit`` long; a longer one keeps its difference as a hash."""
    slug = slugify(text) or slugify(text, allow_unicode=True)
    if len(slug) <= limit:
        return slug
    mark = blake2b(slug.encode(), digest_size=4).hexdigest()
    return f"{slug[: limit - len(mark) - 1]}-{mark}"


def _without_html(text: str) -> str:
    """Tags and entities resolved, also when they were encoded twice, as WordPress exports do."""
    for _ in range(3):
        before = text
        if "<" in text:
            text = _BREAK.sub(" <", _SCRIPT.sub(" ", text))
            try:
                text = strip_tags(text)
            except SuspiciousOperation:
                text = text.replace("<", " ").replace(">", " ")
        text = html.unescape(text)
        if text == before:
            break
    return text


def _without_hidden(text: str) -> str:
    """Without control characters, direction overrides and lone surrogates (PostgreSQL refuses NUL and surrogates)."""
    return "".join(char for char in text if char in _KEPT or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
