"""People from a list are written to once, let in like anybody else, and forgotten after thirty days."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import clock, privacy
from accounts.models import Consent, Coordinator, Profile, Sponsor, User
from matching import tokens
from matching.actions import invitees, office_lists, retention
from matching.actions.errors import NotAllowed, TooLate
from matching.models import Invitee, ListStage, OfficeList
from matching.neutral_words import outing
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, people_lists

pytestmark = pytest.mark.django_db

SIGN_UP = {"adult": "on", "agree_store": "on", "agree_conduct": "on"}


def link(invitee: Invitee) -> str:
    return reverse("invitee_link", args=[tokens.invitee_token(invitee)])


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_letter_says_nothing_and_goes_out_once(bea: User, language: str) -> None:
    Invitee.objects.filter(pk=people_lists.invited(bea)[0].pk).update(language=language)
    assert invitees.send_invitees() == 2
    assert invitees.send_invitees() == 0
    letter = next(one for one in mail.outbox if one.to == ["ruth@example.org"])
    address, never = re.findall(r"https?://\S+", str(letter.body))
    words = str(letter.body).replace(address, "").replace(never, "")
    assert outing(str(letter.subject), language) == outing(words, language) == outing(str(letter.from_email)) == []
    assert "Ruth" not in words
    assert Client().get(urlsplit(address).path).headers["Location"] == reverse("join")


def test_nobody_who_has_an_account_is_written_to_and_nobody_can_tell(bea: User, ana: User) -> None:
    people_lists.invited(bea, f"Name,Email\nAna L,{ana.email}\nNobody K,nobody@example.org\n")
    assert invitees.send_invitees() == 2
    assert [one.to for one in mail.outbox] == [["nobody@example.org"]]
    first, second = Invitee.objects.all()
    assert first.sent_at is not None
    assert second.sent_at is not None
    assert office.page(signed_in(bea), reverse("office_list", args=["riverside"])).count("has gone out.") == 2


def test_letters_go_out_so_many_a_minute(bea: User) -> None:
    people_lists.invited(bea, people_lists.many(invitees.A_MINUTE + 10))
    assert invitees.send_invitees() == invitees.A_MINUTE
    assert invitees.send_invitees() == 10


def test_a_mail_servers_trouble_is_tried_again_and_not_for_ever(bea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    people_lists.invited(bea, "Name,Email\nRuth B,ruth@example.org\n")
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", lambda *_: 1 / 0)
    for _ in range(invitees.MOST_ATTEMPTS + 2):
        assert invitees.send_invitees() == 0
    assert Invitee.objects.get().attempts == invitees.MOST_ATTEMPTS


def test_whoever_was_longest_on_the_list_is_written_to_first(bea: User) -> None:
    text = "Name,Email,Since\nRuth B,ruth@example.org,\nTom K,tom@example.org,2026-03-31\n"
    text += "Ana L,al@example.org,2025-01-01\n"
    people_lists.invited(bea, text)
    invitees.send_invitees()
    assert [one.to[0] for one in mail.outbox] == ["al@example.org", "tom@example.org", "ruth@example.org"]


def signed_up(invitee: Invitee, email: str = "ruth@example.org") -> User:
    """Follow the link and sign up, as far as the code in the mail."""
    client = Client()
    client.get(link(invitee))
    client.post(reverse("account_signup"), {"email": email, **SIGN_UP})
    return User.objects.get(email=email)


def test_the_link_leads_to_ordinary_sign_up_with_what_is_known_filled_in(bea: User) -> None:
    ruth = people_lists.invited(bea)[0]
    client = Client()
    assert client.get(link(ruth)).headers["Referrer-Policy"] == "no-referrer"
    page = office.page(client, reverse("join"))
    assert 'value="ruth@example.org"' in page
    assert f'action="{reverse("account_signup")}"' in page
    user = signed_up(ruth)
    profile = Profile.objects.get(pk=user.pk)
    assert (profile.display_name, profile.languages, profile.looking) == ("Ruth B.", ["en"], False)
    assert profile.intergroup == factories.intergroup()
    assert Consent.objects.filter(user=user).count() == 2


def test_nothing_is_active_before_they_have_done_it_themselves(bea: User) -> None:
    user = signed_up(people_lists.invited(bea)[0])
    assert Profile.objects.get(pk=user.pk).completed_at is None
    assert not Sponsor.objects.filter(pk=user.pk).exists()
    page = office.page(signed_in(user), reverse("welcome_step", args=["fellowship"]))
    assert "checked" in page or "selected" in page
    assert 'value="Ruth"' in office.page(_after_the_first_step(user), reverse("welcome_step", args=["name"]))


def _after_the_first_step(user: User) -> Client:
    client, at_home = signed_in(user), factories.intergroup()
    place = f"{at_home.pk}-{factories.fellowship().pk}"
    client.post(reverse("welcome_step", args=["fellowship"]), {"place": place})
    return client


@pytest.mark.parametrize("left_out", SIGN_UP)
def test_without_their_own_consent_and_their_age_there_is_no_account(bea: User, left_out: str) -> None:
    ruth = people_lists.invited(bea)[0]
    client = Client()
    client.get(link(ruth))
    given = {name: value for name, value in SIGN_UP.items() if name != left_out}
    assert client.post(reverse("account_signup"), {"email": "ruth@example.org", **given}).status_code == 200
    assert not User.objects.filter(email="ruth@example.org").exists()


def test_after_signing_up_the_address_is_forgotten_and_the_offices_page_stays_the_same(bea: User) -> None:
    ruth = people_lists.invited(bea)[0]
    invitees.send_invitees()
    url = reverse("office_list", args=["riverside"])
    before = re.findall(r"<li class=\"entries__entry\">.*?</p>", office.page(signed_in(bea), url), re.DOTALL)
    signed_up(ruth)
    after = re.findall(r"<li class=\"entries__entry\">.*?</p>", office.page(signed_in(bea), url), re.DOTALL)
    assert before == after
    assert Invitee.objects.get(pk=ruth.pk).address == ""


def test_a_link_that_is_used_twice_fills_in_once(bea: User) -> None:
    ruth = people_lists.invited(bea)[0]
    signed_up(ruth)
    other = signed_up(ruth, "somebody@example.org")
    assert Profile.objects.get(pk=other.pk).first_name == ""


def test_somebody_who_is_signed_in_is_sent_home(bea: User, ana: User) -> None:
    client = signed_in(ana)
    assert client.get(link(people_lists.invited(bea)[0])).headers["Location"] == reverse("join")
    assert client.get(reverse("join")).headers["Location"] == reverse("home")


def test_an_invitation_lapses_after_thirty_days_and_is_deleted(bea: User) -> None:
    ruth = people_lists.invited(bea)[0]
    clock.move_on(timedelta(days=29))
    assert Client().get(link(ruth)).status_code == 302
    clock.move_on(timedelta(days=2))
    assert Client().get(link(ruth)).status_code == 410
    assert not invitees.join(ruth.pk, by=factories.account())
    retention.forget()
    assert not Invitee.objects.exists()


def test_one_that_is_taken_back_leaves_nothing_and_can_be_made_again(bea: User) -> None:
    ruth, _ = people_lists.invited(bea)
    client = signed_in(bea)
    client.post(reverse("invitee_withdraw", args=[ruth.pk]))
    assert Client().get(link(ruth)).status_code == 410
    assert len(people_lists.invited(bea)) == 1


def test_only_those_who_do_the_work_of_the_office_invite_or_take_back(bea: User) -> None:
    ruth, _ = people_lists.invited(bea)
    for other in (factories.coordinator(scopes=["safety"]), factories.coordinator(factories.intergroup("hillside"))):
        with pytest.raises(NotAllowed):
            invitees.withdraw_invitee(ruth, by=other)
        with pytest.raises(NotAllowed):
            people_lists.taken_in(other)


@pytest.mark.parametrize("token", ["x", "x:y:z"])
def test_a_link_that_was_altered_leads_nowhere(token: str) -> None:
    assert Client().get(reverse("invitee_link", args=[token])).status_code == 404


def test_a_long_list_is_left_to_a_worker_that_nobody_is_lost_with(bea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 2 * office_lists.AT_ONE_PRESS + 30
    found = people_lists.checked(bea, people_lists.many(number))
    office_lists.invite_people(found, by=bea)
    assert not Invitee.objects.exists()
    assert "0 of 230 people are invited." in office.page(signed_in(bea), reverse("office_list", args=["riverside"]))
    with pytest.raises(TooLate):
        office_lists.invite_people(found, by=bea)
    with pytest.raises(TooLate):
        people_lists.taken_in(bea)
    _die_in_the_second_batch(found, monkeypatch)
    assert (people_lists.again(found).done, Invitee.objects.count()) == (
        office_lists.AT_ONE_PRESS,
        office_lists.AT_ONE_PRESS,
    )
    office_lists.carry_on(found.pk)
    assert Invitee.objects.count() == len(set(Invitee.objects.values_list("mark", flat=True))) == number
    assert not OfficeList.objects.exists()
    office_lists.carry_on(found.pk)
    assert Invitee.objects.count() == number


def _die_in_the_second_batch(found: OfficeList, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is killed after it has written a batch and before its transaction commits."""
    assert office_lists._invite_some(found.pk)
    with monkeypatch.context() as killed:
        killed.setattr(OfficeList, "save", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            office_lists.carry_on(found.pk)


def test_whose_term_ends_meanwhile_invites_nobody_any_more(bea: User) -> None:
    found = people_lists.checked(bea, people_lists.many(office_lists.AT_ONE_PRESS + 1))
    office_lists.invite_people(found, by=bea)
    Coordinator.objects.update(left_at=clock.now())
    office_lists.carry_on(found.pk)
    assert not OfficeList.objects.exists()
    assert not Invitee.objects.exists()


def test_a_list_in_progress_can_be_stopped(bea: User) -> None:
    found = people_lists.checked(bea, people_lists.many(office_lists.AT_ONE_PRESS + 1))
    office_lists.invite_people(found, by=bea)
    office_lists.drop(people_lists.again(found), by=bea)
    office_lists.carry_on(found.pk)
    assert not Invitee.objects.exists()
    assert ListStage.INVITING not in OfficeList.objects.values_list("stage", flat=True)


def test_two_lists_with_the_same_people_invite_each_once(bea: User) -> None:
    carla = factories.coordinator(first_name="Carla")
    first, second = people_lists.checked(bea), people_lists.checked(carla)
    office_lists.invite_people(first, by=bea)
    office_lists.invite_people(second, by=carla)
    assert Invitee.objects.count() == 2
    assert set(Invitee.objects.values_list("made_by", flat=True)) == {bea.pk}


def test_erasing_an_account_takes_the_invitation_to_its_address_along(bea: User) -> None:
    ruth = people_lists.invited(bea)[0]
    user = signed_up(ruth)
    assert privacy.export(user)["matching"]["invited_from_a_list"][0]["first_name"] == "Ruth"
    privacy.erase(user)
    assert not Invitee.objects.filter(pk=ruth.pk).exists()


def test_erasing_the_coordinator_takes_their_lists_and_invitations_along(bea: User) -> None:
    people_lists.invited(bea)
    people_lists.checked(bea, "Name,Email\nZoe T,zoe@example.org\n")
    privacy.erase(bea)
    assert not Invitee.objects.exists()
    assert not OfficeList.objects.exists()
