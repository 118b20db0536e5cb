"""S9: a check-in's link opens that one question of that one person for a while, and can do nothing else."""

import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User
from accounts.models.audit import pseudonym
from matching import tokens
from matching.actions import checkins
from matching.models import ChangeAsk, CheckIn, Invitee, NoticeKind, Pairing
from matching.models.invitee import INVITED_FOR
from matching.states import CheckInState
from recovery_match.demo.seed import SIGN_IN_SALT
from tests.conftest import signed_in
from tests.matching import story

ALPHABET = string.ascii_letters + string.digits + "-_:"


def some_checkin() -> CheckIn:
    """One that is nowhere kept: a token needs no more than its id."""
    return CheckIn(pk=uuid4())


def refused(token: str) -> bool:
    """Whether a token is taken for altered."""
    try:
        tokens.read_check_in(token)
    except tokens.BadToken:
        return True
    return False


def test_a_token_names_its_check_in_and_nothing_of_the_member() -> None:
    checkin = some_checkin()
    checkin.member = User(email="ana@example.org")
    token = tokens.check_in_token(checkin)
    assert tokens.read_check_in(token) == checkin.pk
    assert signing.loads(token, salt=tokens.SALT) == checkin.pk.hex


def test_a_token_with_any_one_character_changed_is_refused() -> None:
    token = tokens.check_in_token(some_checkin())
    for at, good in enumerate(token):
        for other in ALPHABET:
            assert other == good or refused(token[:at] + other + token[at + 1 :]), (at, other)


def test_a_token_cut_off_or_lengthened_anywhere_is_refused() -> None:
    token = tokens.check_in_token(some_checkin())
    assert all(refused(token[:at]) for at in range(len(token)))
    assert all(refused(token[at:]) for at in range(1, len(token)))
    assert all(refused(token + more) for more in ("a", "=", ":", " ", "\n", "\0"))


@given(st.text(max_size=200))
def test_what_somebody_makes_up_is_refused(token: str) -> None:
    assert refused(token)


def test_a_token_lives_a_fortnight() -> None:
    now = datetime.now().astimezone()
    with time_machine.travel(now, tick=False) as at:
        token = tokens.check_in_token(some_checkin())
        at.move_to(now + tokens.LIFE - timedelta(seconds=1))
        tokens.read_check_in(token)
        at.move_to(now + tokens.LIFE + timedelta(seconds=1))
        with pytest.raises(tokens.ExpiredToken):
            tokens.read_check_in(token)


def test_an_old_token_that_was_altered_is_altered_not_old() -> None:
    """What is told of a link's age is told only to whoever holds a genuine one."""
    now = datetime.now().astimezone()
    with time_machine.travel(now, tick=False) as at:
        token = tokens.check_in_token(some_checkin())
        at.move_to(now + tokens.LIFE * 2)
        assert refused(token[:-1])


@pytest.mark.parametrize("salt", [SIGN_IN_SALT, "django.core.signing", "account", ""])
def test_a_token_signed_for_another_purpose_is_refused(salt: str) -> None:
    checkin = some_checkin()
    assert refused(signing.dumps(checkin.pk.hex, salt=salt))
    with pytest.raises(signing.BadSignature):
        signing.loads(tokens.check_in_token(checkin), salt=salt)


@pytest.mark.parametrize("held", ["not an id", "", "1", None])
def test_a_genuine_signature_over_something_else_is_refused(held: str | None) -> None:
    assert refused(signing.dumps(held, salt=tokens.SALT))


def test_the_signature_of_one_link_fits_no_other() -> None:
    one, two = (tokens.check_in_token(some_checkin()) for _ in range(2))
    assert refused(one.split(":", 1)[0] + ":" + two.split(":", 1)[1])


def test_a_token_signed_with_another_key_is_refused_and_with_the_former_key_taken(settings: Settings) -> None:
    checkin, former = some_checkin(), settings.SECRET_KEY
    token = tokens.check_in_token(checkin)
    settings.SECRET_KEY = "x" * 60
    assert refused(token)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert tokens.read_check_in(token) == checkin.pk


@pytest.fixture
def pairing(ana: User, rosa: User, bea: User) -> Pairing:
    """Both were asked a moment ago."""
    pairing = story.paired(ana, rosa, bea)
    story.due_now()
    checkins.remind_due()
    return pairing


def question_of(member: User) -> CheckIn:
    return CheckIn.objects.get(member=member)


def link_to(member: User) -> str:
    return reverse("check_in", args=[tokens.check_in_token(question_of(member))])


def test_a_link_answers_for_the_person_it_was_made_for_whoever_is_signed_in(
    ana: User, rosa: User, pairing: Pairing
) -> None:
    signed_in(rosa).post(link_to(ana), {"answer": "not_yet"})
    assert question_of(ana).answer == "not_yet"
    assert question_of(rosa).state == CheckInState.OPEN
    assert AuditEntry.objects.filter(verb="checkin.answered").values_list("actor", flat=True).get() == pseudonym(ana.pk)


def test_a_link_signs_nobody_in_and_opens_nothing_else(ana: User, pairing: Pairing) -> None:
    visitor = Client()
    visitor.get(link_to(ana))
    visitor.post(link_to(ana), {"answer": "talked"})
    for page in (reverse("home"), reverse("pairing", args=[pairing.pk]), reverse("service")):
        assert visitor.get(page)["Location"].startswith(reverse("account_login"))
    assert not visitor.session.keys()


def test_a_genuine_link_to_a_question_that_is_forgotten_answers_nothing(ana: User, pairing: Pairing) -> None:
    link = link_to(ana)
    CheckIn.objects.all().delete()
    assert Client().get(link).status_code == 410
    assert Client().post(link, {"answer": "talked"}).status_code == 410


KINDS: dict[str, tuple[Callable[[], str], Callable[[str], object]]] = {
    "check-in": (lambda: tokens.check_in_token(some_checkin()), tokens.read_check_in),
    "change": (lambda: tokens.change_token(ChangeAsk(pk=uuid4())), tokens.read_change),
    "roster": (lambda: tokens.roster_token(uuid4()), tokens.read_roster),
    "notice": (lambda: tokens.notice_token(uuid4(), NoticeKind.NEWS), tokens.read_notice),
    "invitee": (lambda: tokens.invitee_token(Invitee(pk=uuid4())), tokens.read_invitee),
    "never": (lambda: tokens.never_token("0" * 64), tokens.read_never),
}


@pytest.mark.parametrize("made_for", KINDS)
@pytest.mark.parametrize("read_as", KINDS)
def test_a_token_opens_its_own_purpose_and_no_other(made_for: str, read_as: str) -> None:
    token, read = KINDS[made_for][0](), KINDS[read_as][1]
    if made_for == read_as:
        read(token)
    else:
        with pytest.raises(tokens.BadToken):
            read(token)


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_of_any_kind_that_is_altered_is_refused(kind: str) -> None:
    token, read = KINDS[kind][0](), KINDS[kind][1]
    for at in range(0, len(token), 3):
        for bad in (token[:at] + ("x" if token[at] != "x" else "y") + token[at + 1 :], token[:at]):
            with pytest.raises(tokens.BadToken):
                read(bad)


@pytest.mark.parametrize(
    ("kind", "life"), [("change", tokens.LIFE), ("roster", tokens.ROSTER_LIFE), ("invitee", INVITED_FOR)]
)
def test_a_token_runs_out_with_its_question(kind: str, life: timedelta) -> None:
    token, read = KINDS[kind][0](), KINDS[kind][1]
    with time_machine.travel(datetime.now(UTC) + life - timedelta(minutes=1)):
        read(token)
    with time_machine.travel(datetime.now(UTC) + life + timedelta(minutes=1)), pytest.raises(tokens.ExpiredToken):
        read(token)


def test_control_without_a_signature_a_made_up_token_would_open_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of S9: what is altered, and what was made for something else, passes where nobody signs."""
    monkeypatch.setattr(signing.TimestampSigner, "unsign", lambda self, value, max_age=None: value.rsplit(":", 2)[0])
    token = tokens.roster_token(uuid4())
    assert not refused(token)
    assert not refused(token[:-1] + ("x" if token[-1] != "x" else "y"))
