"""Two people keep count of their Steps, if they like: a number, for these two alone."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, User
from matching.actions import pairings
from matching.actions.errors import NotAllowed, TooLate
from matching.models import Pairing
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    return story.paired(ana, rosa, bea)


def page(user: User, pairing: Pairing) -> str:
    return office.page(signed_in(user), reverse("pairing", args=[pairing.pk]))


def say(user: User, pairing: Pairing, step: object) -> int:
    return signed_in(user).post(reverse("pairing_step", args=[pairing.pk]), {"step": step}).status_code


def test_nobody_has_to_keep_count(ana: User, pairing: Pairing) -> None:
    assert pairing.step is None
    assert "keep count here, if you like" in page(ana, pairing)


def test_either_says_it_and_both_see_it(ana: User, rosa: User, pairing: Pairing) -> None:
    assert say(ana, pairing, 3) == 302
    assert say(rosa, pairing, 4) == 302
    for user in (ana, rosa):
        text = page(user, pairing)
        assert "You two are at Step 4 of 12." in text
        assert '<progress class="progress__bar" max="12" value="4"' in text


def test_the_count_can_be_ended(ana: User, pairing: Pairing) -> None:
    say(ana, pairing, 12)
    assert say(ana, pairing, 0) == 302
    pairing.refresh_from_db()
    assert pairing.step is None


@pytest.mark.parametrize("step", ["", "13", "-1", "two", "4\0", "9" * 5_000])
def test_what_is_no_step_is_refused_and_changes_nothing(ana: User, pairing: Pairing, step: str) -> None:
    say(ana, pairing, 5)
    answer = signed_in(ana).post(reverse("pairing_step", args=[pairing.pk]), {"step": step})
    assert answer.status_code == 422
    assert "Choose one of these." in answer.content.decode()
    assert "You two are at Step 5 of 12." in answer.content.decode()


def test_it_is_for_the_two_alone(olga: User, bea: User, pairing: Pairing) -> None:
    assert say(olga, pairing, 1) == say(bea, pairing, 1) == 404
    with pytest.raises(NotAllowed):
        pairings.keep_step(pairing, by=bea, step=1)


def test_after_the_end_it_is_neither_shown_nor_changed(ana: User, rosa: User, pairing: Pairing) -> None:
    say(ana, pairing, 7)
    pairings.end_pairing(pairing, by=rosa)
    assert "Step 7" not in page(ana, pairing)
    assert say(ana, pairing, 8) == 409
    with pytest.raises(TooLate):
        pairings.keep_step(pairing, by=ana, step=8)
    pairing.refresh_from_db()
    assert pairing.step == 7


def test_the_audit_tells_that_and_never_which(ana: User, pairing: Pairing) -> None:
    say(ana, pairing, 11)
    entry = AuditEntry.objects.filter(verb="pairing.step_kept").get()
    assert (entry.target_id, entry.ids) == (str(pairing.pk), {})


def test_no_other_number_is_taken_from_code_either(ana: User, pairing: Pairing) -> None:
    with pytest.raises(ValueError, match="no Step"):
        pairings.keep_step(pairing, by=ana, step=13)
