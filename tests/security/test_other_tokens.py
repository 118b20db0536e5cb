"""S9: every other secret in a link or a mail: altered, run out, for another purpose, of another person."""

import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.core import mail, signing
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Sponsor, User
from accounts.models.invitation import INVITED_FOR
from matching import tokens
from matching.actions import calendar_feeds
from matching.models import ChangeAsk, CheckIn, NoticeKind, UnwantedNotice
from recovery_match.demo.seed import SIGN_IN_SALT
from tests import factories
from tests.conftest import signed_in
from tests.security import access, signing_in, snapshot, visits

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Callable[[], str]] = {
    "check-in": lambda: tokens.check_in_token(CheckIn(pk=uuid4())),
    "change": lambda: tokens.change_token(ChangeAsk(pk=uuid4())),
    "roster": lambda: tokens.roster_token(uuid4()),
    "notice": lambda: tokens.notice_token(uuid4(), NoticeKind.NEWS),
    "never": lambda: tokens.never_token("0" * 64),
    "demo": lambda: signing.dumps(str(uuid4()), salt=SIGN_IN_SALT),
    "bare": lambda: signing.dumps(uuid4().hex),
}


def invited(email: str = "carla@example.org") -> Invitation:
    now = datetime.now(UTC)
    made = {"made_at": now, "expires_at": now + INVITED_FOR, "ends_on": now.date() + timedelta(days=300)}
    bea = factories.coordinator()
    return Invitation.objects.create(
        intergroup=factories.intergroup(), email=email, scopes=["area"], made_by=bea, **made
    )


def token_of(invitation: Invitation) -> str:
    return tokens.invitation_token(invitation)


@pytest.mark.parametrize("kind", MAKERS)
def test_no_other_token_opens_an_invitation(kind: str) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read_invitation(MAKERS[kind]())


def test_an_invitation_opens_nothing_else() -> None:
    token = token_of(Invitation(pk=uuid4()))
    readers: list[Callable[[str], object]] = [tokens.read_check_in, tokens.read_change, tokens.read_roster]
    for read in [*readers, tokens.read_notice, tokens.read_never]:
        with pytest.raises(tokens.BadToken):
            read(token)


def test_an_invitation_with_any_one_character_changed_is_refused() -> None:
    token = token_of(Invitation(pk=uuid4()))
    for at, good in enumerate(token):
        for other in string.ascii_letters + string.digits + "-_:":
            if other != good:
                with pytest.raises(tokens.BadToken):
                    tokens.read_invitation(token[:at] + other + token[at + 1 :])


def test_control_one_salt_for_all_would_let_a_token_open_what_it_was_not_made_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: what keeps the purposes apart is taken away."""
    for name in ("SALT", "CHANGE_SALT", "ROSTER_SALT", "INVITATION_SALT", "NOTICE_SALT"):
        monkeypatch.setattr(tokens, name, "the same")
    assert tokens.read_invitation(MAKERS["roster"]())


@pytest.mark.parametrize(
    ("make", "read", "life"),
    [
        (lambda: token_of(Invitation(pk=uuid4())), tokens.read_invitation, INVITED_FOR),
        (MAKERS["notice"], tokens.read_notice, tokens.NOTICE_LIFE),
    ],
)
def test_they_run_out(make: Callable[[], str], read: Callable[[str], object], life: timedelta) -> None:
    token = make()
    with time_machine.travel(datetime.now(UTC) + life - timedelta(minutes=1)):
        read(token)
    with time_machine.travel(datetime.now(UTC) + life + timedelta(minutes=1)), pytest.raises(tokens.ExpiredToken):
        read(token)


def test_an_invitation_is_of_use_to_nobody_but_whom_it_was_sent_to(olga: User) -> None:
    client = signed_in(olga)
    client.get(reverse("invitation_link", args=[token_of(invited())]))
    before = snapshot.take()
    assert "another address" in client.get(reverse("invitation")).content.decode()
    client.post(reverse("invitation"))
    assert snapshot.differences(before, snapshot.take()) == {}


def test_an_invitation_that_was_answered_opens_nothing_more() -> None:
    one = invited()
    link = reverse("invitation_link", args=[token_of(one)])
    Invitation.objects.filter(pk=one.pk).update(email="", withdrawn_at=datetime.now(UTC))
    assert Client().get(link).status_code == 410


def test_a_link_that_switches_a_notice_off_switches_it_for_its_own_reader(ana: User, olga: User) -> None:
    link = reverse("unsubscribe", args=[tokens.notice_token(ana.pk, NoticeKind.NEWS)])
    signed_in(olga).post(link)
    assert set(UnwantedNotice.objects.values_list("member", flat=True)) == {ana.pk}
    assert set(UnwantedNotice.objects.values_list("kind", flat=True)) == {NoticeKind.NEWS}


def test_a_sponsors_yes_by_link_is_theirs_and_nobody_elses(rosa: User) -> None:
    other = factories.sponsor(first_name="Paula")
    before = Sponsor.objects.values().get(pk=other.pk)
    signed_in(other).post(reverse("roster", args=[tokens.roster_token(rosa.pk)]), {"answer": "yes"})
    assert Sponsor.objects.values().get(pk=other.pk) == before


def feed(token: str) -> int:
    """What the calendar address with this secret answers."""
    return Client().get(reverse("calendar_feed", args=[token])).status_code


def test_a_calendar_address_cannot_be_guessed_altered_or_used_when_it_is_over(ana: User) -> None:
    token = calendar_feeds.make_feed(ana)
    assert len(token) >= 40
    assert feed(token) == 200
    for at in range(len(token)):
        assert feed(token[:at] + ("x" if token[at] != "x" else "y") + token[at + 1 :]) == 404
    newer = calendar_feeds.make_feed(ana)
    assert (feed(token), feed(newer)) == (404, 200)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert feed(newer) == 404


def signed_in_by(client: Client, code: str) -> bool:
    client.post(reverse("account_confirm_login_code"), {"code": code})
    return "_auth_user_id" in client.session


def test_a_code_signs_nobody_in_after_ten_minutes(ana: User) -> None:
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": ana.email})
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert not signed_in_by(client, signing_in.mailed_code(ana.email))


def test_a_code_is_good_for_its_own_browser_and_person_only(ana: User, olga: User) -> None:
    hers, others = Client(), Client()
    hers.post(reverse("account_request_login_code"), {"email": ana.email})
    code = signing_in.mailed_code(ana.email)
    others.post(reverse("account_request_login_code"), {"email": olga.email})
    assert not signed_in_by(Client(), code)
    assert not signed_in_by(others, code)
    assert signed_in_by(hers, code)


def test_three_wrong_codes_end_the_right_one(ana: User) -> None:
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": ana.email})
    code = signing_in.mailed_code(ana.email)
    for _ in range(3):
        assert not signed_in_by(client, "AAAA-AAAA")
    assert not signed_in_by(client, code)


def test_a_made_up_key_opens_no_password_and_a_genuine_one_no_other_account(ana: User, olga: User) -> None:
    """There is no page that sends such keys to somebody without a password; the address that takes them exists."""
    of_olga = default_token_generator.make_token(olga)
    for uid, key in (("1", "x-y"), (ana.pk.hex, of_olga), (str(ana.pk), of_olga)):
        page: Any = Client().get(reverse("account_reset_password_from_key", args=[uid, key]), follow=True)
        assert "password1" not in page.content.decode()
    assert not ana.has_usable_password()
    assert mail.outbox == []


def test_every_address_with_a_secret_in_it_refuses_a_made_up_one() -> None:
    """Whichever of them there are: a new one is met here as soon as it exists."""
    made_up = signing.dumps(uuid4().hex, salt="made up")
    before = snapshot.take()
    names = visits.names_with("token") & set(access.ROWS)
    assert len(names) >= 6
    for name in names:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(reverse(name, args=[made_up]))
            assert answer.status_code in (404, 405), (name, method)
    assert snapshot.differences(before, snapshot.take()) == {}
