"""Letters: readable anywhere, whole without their page, and nothing in them calls home."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from matching.models import Answer
from matching.notices import NOTICES
from tests.matching.letters import LANGUAGES, PATH, html_of, received, text_of, written

LINK = settings.SITE_URL + PATH
# Mail programs drop what is not here; anything with an address of its own would tell that the letter was opened.
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "div", "h1", "p", "ul", "li", "table", "tr", "td", "a"}


class Reader(HTMLParser):
    """Collects elements with their attributes, and what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each such element."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", NOTICES)
def test_a_page_names_its_language_and_has_one_button_and_no_stranger(topic: str, language: str) -> None:
    page = html_of(written(topic, language))
    reader = Reader(page)
    assert {name for name, _ in reader.elements} <= ELEMENTS
    assert reader.all("html") == [{"lang": language, "dir": "ltr"}]
    (button,) = reader.all("a")
    assert button["href"] == LINK
    assert re.search(r"display: block; padding: 1[4-9]px", str(button["style"])), "a finger's height"
    assert {one["role"] for one in reader.all("table")} == {"presentation"}
    addresses = {value for _, found in reader.elements for value in found.values() if value and "//" in value}
    assert addresses == {LINK}
    assert not re.search(r"url\(|@import|@font-face|cid:", page)
    assert page.count(LINK) == 1, "a mould is cut where the link stands"
    assert max(map(len, page.splitlines())) < 900


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", NOTICES)
def test_the_plain_text_is_whole_and_breaks_no_link(topic: str, language: str) -> None:
    mail = received(written(topic, language))
    plain = mail.get_body(("plain",))
    assert plain is not None
    lines = plain.get_content().splitlines()
    assert lines.count(LINK) == 1
    assert not re.search(r"&\w+;|&#|<[a-z/]", "\n".join(lines)), "no entity and no tag"
    assert "\n\n\n" not in "\n".join(lines).strip()
    with translation.override(language):
        for words in (text_of(NOTICES[topic]), *(f"- {one}" for one in NOTICES[topic].answers)):
            assert str(words) in lines
        assert f"{NOTICES[topic].button}:" in lines
    assert settings.SITE_NAME in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_open_question_comes_with_the_words_of_its_answers_and_no_link_answers(language: str) -> None:
    mail = written("check_in", language)
    with translation.override(language):
        labels = [str(one.label) for one in Answer]
    page = html_of(mail)
    assert re.findall(r"<li>(.*?)</li>", page) == [one.replace("'", "&#x27;") for one in labels]
    assert len(Reader(page).all("a")) == 1


@pytest.mark.parametrize("topic", NOTICES)
def test_dark_mail_programs_get_colours_of_their_own_for_every_part(topic: str) -> None:
    reader = Reader(page := html_of(written(topic, "en")))
    dark = page[page.index("prefers-color-scheme: dark") : page.index("</style>")]
    coloured = [found for _, found in reader.elements if "color: #" in str(found.get("style")) and "class" in found]
    assert coloured
    for found in coloured:
        assert f".{found['class']} {{" in dark
    assert {"name": "color-scheme", "content": "light dark"} in reader.all("meta")


def test_only_letters_and_a_copy_to_keep_carry_styles_of_their_own() -> None:
    """Pages may not: the policy of the site forbids it. Mail programs and saved files know nothing else."""
    folder = Path(settings.BASE_DIR) / "templates"
    styled = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if re.search(r"<style\b|\sstyle=", path.read_text())
    }
    assert styled == {"notices/letter.html", "accounts/my_data_copy.html"}
