"""Whatever is typed into a question: a kind sentence, what was typed is kept, and nothing is changed."""

from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Contact, User
from tests import factories
from tests.accounts.walk import ANSWERS, stored
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

LONG = "a" * 10_000
TOMORROW_ANYWHERE = (clock.now() + timedelta(days=2)).date().isoformat()

NAMES = {
    "ten thousand letters": (LONG, "too long"),
    "a NUL": ("Ru\x00th", "hidden"),
    "a control character": ("Ru\x07th", "hidden"),
    "an escape sequence": ("\x1b[31mRuth", "hidden"),
    "a right-to-left override": ("Ruth\u202eevil", "hidden"),
    "an isolate": ("Ruth\u2066x\u2069", "hidden"),
    "a zero-width space": ("Ru\u200bth", "hidden"),
    "tag characters": ("Ruth\U000e0041", "hidden"),
    "an unreadable character": ("Ru\ufffdth", "hidden"),
    "an emoji": ("Ruth 🌻", "letters"),
    "digits": ("Ruth 2", "letters"),
    "markup": ("<b>Ruth</b>", "letters"),
    "only hyphens": ("--", "letters"),
    "stacked accents": ("R" + "\u0336" * 30, "accents"),
}

BAD: dict[str, tuple[str, dict[str, Any], str]] = {
    **{f"name: {what}": ("name", {"first_name": typed}, says) for what, (typed, says) in NAMES.items()},
    "name: nothing": ("name", {"first_name": "   "}, "Type a first name"),
    "initial: a whole name": ("name", {"first_name": "Ruth", "initial_letter": "Ba"}, "one letter"),
    "initial: a surname": ("name", {"first_name": "Ruth", "initial_letter": "Baker"}, "too long"),
    "initial: an emoji": ("name", {"first_name": "Ruth", "initial_letter": "🌻"}, "one letter"),
    "date: impossible": ("date", {"recovery_date": "2023-02-29"}, "no such date"),
    "date: words": ("date", {"recovery_date": "last spring"}, "no such date"),
    "date: still to come": ("date", {"recovery_date": TOMORROW_ANYWHERE}, "still to come"),
    "date: before 1930": ("date", {"recovery_date": "1929-12-31"}, "before 1930"),
    "date: year nought": ("date", {"recovery_date": "0000-01-01"}, "no such date"),
    "date: a NUL": ("date", {"recovery_date": "2024-01-01\x00"}, "no such date"),
    "date: ten thousand digits": ("date", {"recovery_date": "9" * 10_000}, "no such date"),
    "languages: none": ("languages", {}, "at least one language"),
    "languages: unknown": ("languages", {"languages": ["en", "tlh"]}, "do not know"),
    "people: nobody": ("people", {"gender": "woman"}, "Tick at least one"),
    "people: a gender neither told nor withheld": (
        "people",
        {"comfortable_with": ["woman"]},
        "You may choose not to say",
    ),
    "people: anyone and some": ("people", {"comfortable_with": ["anyone", "woman"]}, "Keep one or the other"),
    "people: an unknown gender": ("people", {"gender": "x" * 500, "comfortable_with": ["woman"]}, "do not know"),
    "meeting: no way": ("meeting", {"modes": []}, "at least one way"),
    "meeting: far from nowhere": ("meeting", {"modes": ["in_person"], "max_km": "10"}, "Choose your area"),
    "meeting: a distance of one's own": ("meeting", {"modes": ["phone"], "max_km": "99999"}, "do not know"),
    "meeting: an area that is none": ("meeting", {"modes": ["phone"], "area": "9" * 30}, "do not know"),
    "home group: a NUL": ("home-group", {"home_group": "\x00"}, "Null characters"),
    "home group: ten thousand digits": ("home-group", {"home_group": "9" * 10_000}, "no longer on the list"),
    "week: no hour": ("week", {"zone": "America/Chicago", "hours": []}, "at least one hour"),
    "week: hour 168": ("week", {"zone": "America/Chicago", "hours": ["1", "168"]}, "no hour of a week"),
    "week: hour minus one": ("week", {"zone": "America/Chicago", "hours": ["-1"]}, "no hour of a week"),
    "week: words": ("week", {"zone": "America/Chicago", "hours": ["evening"]}, "no hour of a week"),
    "zone: unknown": ("week", {"zone": "Mars/Olympus", "hours": ["1"]}, "do not know this time zone"),
    "zone: a path": ("week", {"zone": "../../etc/passwd", "hours": ["1"]}, "do not know this time zone"),
    "zone: none": ("week", {"zone": "", "hours": ["1"]}, "Choose your time zone"),
    "wishes: twice the same": ("approach", {"experience_0": "grief", "experience_3": "grief"}, "already chose"),
    "wishes: unknown": ("approach", {"experience_0": "x\x00"}, "do not know"),
    "needs: unknown": ("needs", {"needs": ["a lift"]}, "do not know"),
    "why: neither": ("why", {}, "one of the two"),
    "contact: nothing": ("contact", {}, "phone number or an e-mail"),
    "contact: a phone of words": ("contact", {"phone": "call me"}, "Use digits"),
    "contact: a phone of brackets": ("contact", {"phone": "((((((("}, "Use digits"),
    "contact: a broken address": ("contact", {"email": "ruth@"}, "no e-mail address"),
    "contact: an address with a NUL": ("contact", {"email": "ru\x00th@example.org"}, "no e-mail address"),
    "contact: a long address": ("contact", {"email": LONG + "@example.org"}, "e-mail"),
    "contact: a reversed hint": ("contact", {"phone": "5550100", "hint": "\u202etxet"}, "hidden"),
    "contact: a long hint": ("contact", {"phone": "5550100", "hint": LONG}, "too long"),
}


def typed_texts(fields: dict[str, Any]) -> list[str]:
    """What a text box or a date box must still show."""
    boxes = ("first_name", "initial_letter", "recovery_date", "phone", "email", "hint")
    return [fields[name] for name in boxes if fields.get(name, "").strip()]


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("page", ["welcome_step", "profile_edit"])
def test_a_bad_answer_is_refused_with_a_sentence_and_changes_nothing(case: str, page: str) -> None:
    step, fields, says = BAD[case]
    user = factories.newcomer(completed_at=None if page == "welcome_step" else clock.now())
    before, contact = stored(user), Contact.objects.filter(pk=user.pk).values().get()
    response = signed_in(user).post(reverse(page, args=[step]), fields)
    html = response.content.decode()
    assert response.status_code == 422
    assert says in html
    for text in typed_texts(fields):
        assert escape(text).replace("&#x27;", "&#39;") in html
    assert stored(user) == before
    assert Contact.objects.filter(pk=user.pk).values().get() == contact


@pytest.mark.parametrize(
    "name", ["Ruth", "Zoë", "Nguyễn", "O'Neil", "Jean-Luc", "Mary Ann", "Οδυσσέας", "محمد", "李", "Ça’n", "दीपक"]
)
def test_names_of_any_script_are_welcome(name: str) -> None:
    user = factories.newcomer()
    assert signed_in(user).post(reverse("profile_edit", args=["name"]), {"first_name": name}).status_code == 302
    assert stored(user)["first_name"] == name


def test_a_name_is_stored_composed_and_without_double_spaces() -> None:
    user = factories.newcomer()
    signed_in(user).post(reverse("profile_edit", args=["name"]), {"first_name": "  Zoe\u0308   Ann "})
    assert stored(user)["first_name"] == "Zoë Ann"


def test_bytes_that_are_no_text_are_refused() -> None:
    user = factories.newcomer()
    response = signed_in(user).post(
        reverse("profile_edit", args=["name"]), b"first_name=R%FFth", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 422
    assert stored(user)["first_name"] == "Ana"


def test_the_refused_week_is_shown_again_as_it_was_painted() -> None:
    user = factories.newcomer()
    response = signed_in(user).post(reverse("profile_edit", args=["week"]), {"zone": "No/Where", "hours": ["5", "77"]})
    html = response.content.decode()
    assert [hour for hour in range(168) if f'value="{hour}" checked' in html] == [5, 77]


def test_a_refused_choice_keeps_the_other_ticks() -> None:
    user = factories.newcomer()
    fields = {"gender": "nonbinary", "comfortable_with": ["anyone", "man"]}
    html = signed_in(user).post(reverse("profile_edit", args=["people"]), fields).content.decode()
    for value in ("nonbinary", "anyone", "man"):
        assert any(f'value="{value}"' in tag and "checked" in tag for tag in html.split("<input")[1:])


@pytest.mark.parametrize("step", [step for step in ANSWERS if step not in ("why", "contact")])
def test_a_question_answered_on_the_profile_is_stored(step: str) -> None:
    user = factories.newcomer()
    response = signed_in(user).post(reverse("profile_edit", args=[step]), ANSWERS[step])
    assert (response.status_code, response["Location"]) == (302, reverse("profile"))


def test_the_fellowship_cannot_be_changed_once_the_welcome_is_over() -> None:
    user = factories.newcomer()
    client = signed_in(user)
    assert client.get(reverse("profile_edit", args=["fellowship"])).status_code == 404
    assert client.post(reverse("profile_edit", args=["fellowship"]), {"place": "1-1"}).status_code == 404


def test_a_question_that_does_not_exist_is_not_found(client: Client, ana: User) -> None:
    assert signed_in(ana).get("/profile/shoe-size/").status_code == 404


def test_not_to_say_ones_gender_is_an_answer(ana: User) -> None:
    fields = {"gender": "unsaid", "comfortable_with": ["anyone"]}
    assert signed_in(ana).post(reverse("profile_edit", args=["people"]), fields).status_code == 302
    assert (stored(ana)["gender"], stored(ana)["comfortable_with"]) == ("", ["anyone"])
    page = signed_in(ana).get(reverse("profile_edit", args=["people"])).content.decode()
    assert any('value="unsaid"' in tag and "checked" in tag for tag in page.split("<input")[1:])
