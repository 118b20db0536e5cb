"""Letters that are laid out once for each wording are the letters that Django would lay out each time."""

from email import message_from_bytes
from email.message import Message
from email.policy import default
from uuid import uuid4

import pytest
from django.conf import settings

from accounts.models import User
from matching.models import OutboxMessage
from matching.notices import NOTICES, Told, letters, moulds
from matching.notices.moulds import Letter, Wording

LINK = "https://example.org/check-in/eyJh:1uX&a=1/"
WORDING = Wording(
    subject="Una pregunta ¿corta?",
    text="Sí & no",
    button="<Tocar>",
    answers=(),
    site_name="Two Lights",
    language="es",
    sender="Señales <hello@example.org>",
)


def written(to: str = "ana@example.org", link: str = LINK, wording: Wording = WORDING) -> Letter:
    return moulds.letter(
        wording, to=to, link=link, message_id="1@example.org", switch_off="https://example.org/off/abc/"
    )


def facts(raw: bytes) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Headers without their folds, and the parts as they are read; no moment, and no line between parts."""
    mail: Message = message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=default)
    headers = {name: str(value).strip() for name, value in mail.items() if name not in ("Date", "Content-Type")}
    bodies = [part for part in mail.walk() if not part.is_multipart()]
    return headers, [(one.get_content_type(), bytes(one.get_payload(decode=True)).decode()) for one in bodies]


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("topic", NOTICES)
def test_every_topic_in_every_language_is_what_django_would_send(topic: str, language: str) -> None:
    ana = User(email="ana.o'neil+x@example.org", language=language)
    message = OutboxMessage(topic=topic, recipient=ana)
    for path in ("/first/", "/check-in/eyJh:1uX:_-?a=1&b=2/"):
        mail = letters.mail(NOTICES[topic], message, Told(path, "A few words"))
        assert mail.envelope == ("hello@localhost", ana.email)
        assert facts(mail.laid_out) == facts(mail.message().as_bytes())
        assert path in str(mail.body)


def test_a_letter_keeps_its_accents_and_escapes_only_in_html() -> None:
    mail = written()
    headers, ((_, text), (_, html)) = facts(mail.laid_out)
    assert headers["Subject"] == "Una pregunta ¿corta?"
    assert headers["To"] == "ana@example.org"
    assert "Sí & no" in text
    assert LINK in text
    assert "Sí &amp; no" in html
    assert f'href="{LINK.replace("&", "&amp;")}"' in html
    assert b"\n" not in mail.laid_out.replace(b"\r\n", b"")


def test_two_letters_of_one_wording_share_nothing_else() -> None:
    first, second = written(), written("rosa@example.org", "https://example.org/other/")
    assert b"ana@" not in second.laid_out
    assert b"check-in" not in second.laid_out
    assert b"rosa@" not in first.laid_out
    assert b"mark" not in first.laid_out + second.laid_out


@pytest.mark.parametrize(
    "address",
    [
        "ana@exämple.org",
        "añá@example.org",
        '"a b"@example.org',
        "Ana <ana@example.org>",
        "ana@example.org\nBcc: olga@example.org",
        "ana@example.org\n",
        "ana@example.org, olga@example.org",
        "a" * 65 + "@example.org",
    ],
)
def test_an_address_that_is_not_plain_is_left_to_django(address: str) -> None:
    mail = written(address)
    assert (mail.envelope, mail.laid_out) == (None, b"")
    assert mail.to == [address]


@pytest.mark.parametrize(
    "link", ["https://example.org/" + "x" * 600, "https://exämple.org/", "https://example.org/a b"]
)
def test_a_link_that_is_too_long_or_not_plain_is_left_to_django(link: str) -> None:
    mail = written(link=link)
    assert mail.envelope is None
    assert link in str(mail.body)
    assert mail.message()["To"] == "ana@example.org"


def test_a_wording_with_a_line_longer_than_a_mail_may_have_is_left_to_django() -> None:
    long = Wording(**{name: getattr(WORDING, name) for name in Wording.__slots__} | {"text": f"{uuid4()} " * 40})
    assert written(wording=long).envelope is None
