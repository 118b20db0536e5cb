"""S10: no mail about signing in says what this site is for."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = Path(settings.BASE_DIR) / "templates"
MAILS = sorted(
    str(path.relative_to(TEMPLATES)) for app in ("account", "mfa") for path in (TEMPLATES / app / "email").glob("*.txt")
)
OUTING = (
    "sponsor",
    "recovery",
    "sober",
    "sobriety",
    "12-step",
    "twelve",
    "fellowship",
    "meeting",
    "newcomer",
    "anonymous",
)


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_about_signing_in_holds_no_outing_word(name: str) -> None:
    text = render_to_string(name, {"site_name": "Two Lights", "code": "ABCD-EFGH", "email": "a@example.org"}).lower()
    assert [word for word in OUTING if word in text] == []
    if name.endswith("_subject.txt"):
        assert text.strip()
        assert "abcd" not in text


def test_a_code_is_in_the_message_and_the_site_goes_by_its_neutral_name() -> None:
    text = render_to_string("account/email/login_code_message.txt", {"site_name": "Two Lights", "code": "ABCD-EFGH"})
    assert "ABCD-EFGH" in text
    assert text.strip().endswith("Two Lights")
