"""The page behind a check-in's link: one question, three buttons, no sign-in, and nothing told to others."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from matching import tokens
from matching.actions import checkins, pairings
from matching.models import CheckIn, CheckInPlan, Pairing, ServiceEntry
from matching.states import CheckInState
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db

# Words that would tell a bystander what this is about (S10).
OUTING = ("sponsor", "recover", "sober", "sobriety", "newcomer", "12-step", "fellowship", "intergroup", "meeting")


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


@pytest.fixture
def asked(pairing: Pairing) -> CheckIn:
    """Ana's open question of today."""
    story.due_now()
    checkins.remind_due()
    return CheckIn.objects.get(member=pairing.sponsee_id)


def link(checkin: CheckIn) -> str:
    return reverse("check_in", args=[tokens.check_in_token(checkin)])


def stored(checkin: CheckIn) -> tuple[str, str]:
    checkin.refresh_from_db()
    return checkin.state, checkin.answer


def main_of(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


def test_a_visit_changes_nothing(asked: CheckIn) -> None:
    """S8: mail scanners open links."""
    for visitor in (Client(), signed_in(asked.member)):
        visitor.get(link(asked))
        visitor.head(link(asked))
        visitor.options(link(asked))
    assert stored(asked) == (CheckInState.OPEN, "")
    assert not ServiceEntry.objects.exists()


def test_nobody_has_to_sign_in_and_one_press_answers(asked: CheckIn) -> None:
    """Nor does it need a cookie: the link alone is the authority."""
    visitor = Client(enforce_csrf_checks=True)
    assert "Have you two been in touch" in visitor.get(link(asked)).content.decode()
    visitor.cookies.clear()
    answer = visitor.post(link(asked), {"answer": "talked"}, headers={"origin": "null"})
    assert answer["Location"] == link(asked)
    assert stored(asked) == (CheckInState.ANSWERED, "talked")
    assert "You answered: We talked." in visitor.get(link(asked)).content.decode()


def test_an_answer_can_be_changed_as_often_as_one_likes(asked: CheckIn) -> None:
    visitor = Client()
    for answer, counted in (("talked", 1), ("not_yet", 0), ("talked", 1), ("talked", 1)):
        visitor.post(link(asked), {"answer": answer})
        assert stored(asked) == (CheckInState.ANSWERED, answer)
        assert ServiceEntry.objects.count() == counted


@pytest.mark.parametrize("bad", ["", "yes", "TALKED", "talked\x00", "x" * 10_000, "\u202etalked"])
def test_what_is_no_answer_changes_nothing_and_asks_again(asked: CheckIn, bad: str) -> None:
    answer = Client().post(link(asked), {"answer": bad})
    assert answer.status_code == 422
    assert "Have you two been in touch" in answer.content.decode()
    assert stored(asked) == (CheckInState.OPEN, "")


def test_the_page_tells_a_bystander_nothing(asked: CheckIn) -> None:
    """S10, and no navigation that shows whose page this is, even for somebody who is signed in."""
    visitor = signed_in(asked.member)
    for after in (None, "talked", "help"):
        if after:
            visitor.post(link(asked), {"answer": after})
        text = visitor.get(link(asked)).content.decode()
        assert "<title>Two Lights</title>" in text
        assert "<nav" not in text
        assert "Rosa" not in text
        assert "Ana" not in text
        lowered = text.lower()
        assert not [word for word in OUTING if word in lowered]


def test_news_for_the_member_waits_for_a_page_of_theirs(asked: CheckIn) -> None:
    visitor = signed_in(asked.member)
    visitor.post(reverse("pairing_continue", args=[asked.pairing_id]))
    assert "You two go on" not in visitor.get(link(asked)).content.decode()
    assert "You two go on" in visitor.get(reverse("pairing", args=[asked.pairing_id])).content.decode()


def test_the_address_is_told_to_no_other_page(asked: CheckIn) -> None:
    """S7."""
    altered = reverse("check_in", args=["altered"])
    for answer in (Client().get(link(asked)), Client().get(altered), Client().post(link(asked), {})):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert '<meta name="referrer" content="no-referrer">' in answer.content.decode()


def test_help_shows_whom_to_call_first_and_says_that_nobody_was_told(asked: CheckIn) -> None:
    Client().post(link(asked), {"answer": "help"})
    text = main_of(Client().get(link(asked)).content.decode())
    assert text.index("988") < text.index("Who has been told")
    assert "Nobody." in text


@pytest.mark.parametrize(
    ("ticked", "words"),
    [
        ({"help_sponsor": True}, ["The other of you two"]),
        ({"help_coordinator": True}, ["A volunteer of our office"]),
        ({"help_sponsor": True, "help_coordinator": True}, ["The other of you two", "A volunteer of our office"]),
    ],
)
def test_help_says_plainly_who_has_been_told(asked: CheckIn, ticked: dict[str, bool], words: list[str]) -> None:
    CheckInPlan.objects.filter(pairing=asked.pairing, member=asked.member).update(**ticked)
    Client().post(link(asked), {"answer": "help"})
    text = main_of(Client().get(link(asked)).content.decode())
    assert all(word in text for word in words)
    assert "Nobody." not in text


def test_what_is_ticked_after_the_answer_does_not_change_who_was_told(asked: CheckIn) -> None:
    """Nor does help asked for before an answer that said otherwise."""
    plan = CheckInPlan.objects.filter(pairing=asked.pairing, member=asked.member)
    Client().post(link(asked), {"answer": "help"})
    plan.update(help_sponsor=True)
    assert "Nobody." in main_of(Client().get(link(asked)).content.decode())
    for answer in ("not_yet", "help"):
        Client().post(link(asked), {"answer": answer})
    assert "The other of you two" in main_of(Client().get(link(asked)).content.decode())
    plan.update(help_sponsor=False)
    for answer in ("not_yet", "help"):
        Client().post(link(asked), {"answer": answer})
    assert "Nobody." in main_of(Client().get(link(asked)).content.decode())


def test_an_altered_link_says_what_to_do(asked: CheckIn) -> None:
    """S9: altered, cut off, and made for another purpose."""
    good = link(asked)
    for bad in (good[:-5] + "/", good.replace("/c/", "/c/x"), reverse("check_in", args=["\u202e"])):
        for answer in (Client().get(bad), Client().post(bad, {"answer": "talked"})):
            assert answer.status_code == 404
            assert "This link is not complete" in answer.content.decode()
    assert stored(asked) == (CheckInState.OPEN, "")


def test_an_old_link_says_what_to_do(asked: CheckIn) -> None:
    old = link(asked)
    with time_machine.travel(datetime.now(UTC) + tokens.LIFE + timedelta(minutes=1)):
        for answer in (Client().get(old), Client().post(old, {"answer": "talked"})):
            assert answer.status_code == 410
            assert "This question is too old" in answer.content.decode()
    assert stored(asked) == (CheckInState.OPEN, "")


def test_a_link_that_a_newer_question_replaced_takes_no_answer(asked: CheckIn) -> None:
    CheckIn.objects.create(
        pairing=asked.pairing,
        member=asked.member,
        local_date=asked.local_date + timedelta(days=1),
        due_at=clock.now(),
        state=CheckInState.LAPSED,
    )
    for answer in (Client().get(link(asked)), Client().post(link(asked), {"answer": "talked"})):
        assert answer.status_code == 409
        assert "There is a newer question" in answer.content.decode()
    assert stored(asked) == (CheckInState.OPEN, "")


def test_after_the_end_nothing_is_asked_any_more(asked: CheckIn) -> None:
    pairings.end_pairing(asked.pairing, by=asked.member)
    for answer in (Client().get(link(asked)), Client().post(link(asked), {"answer": "talked"})):
        assert answer.status_code == 410
        assert "so we ask nothing more" in answer.content.decode()
    assert not ServiceEntry.objects.exists()


def test_the_link_of_somebody_suspended_is_dead(asked: CheckIn) -> None:
    User.objects.filter(pk=asked.member_id).update(is_active=False)
    assert Client().get(link(asked)).status_code == 410
    assert Client().post(link(asked), {"answer": "talked"}).status_code == 410


def test_the_page_speaks_the_members_language_not_the_visitors(asked: CheckIn) -> None:
    User.objects.filter(pk=asked.member_id).update(language="fr")
    text = Client().get(link(asked), headers={"accept-language": "es"}).content.decode()
    assert '<html lang="fr"' in text


def test_the_page_asks_the_database_little(asked: CheckIn) -> None:
    """L3."""
    visitor = signed_in(asked.member)
    visitor.post(link(asked), {"answer": "help"})
    with office.at_most(8):
        visitor.get(link(asked))
