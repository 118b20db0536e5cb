"""Applications to sponsor: a list that is ticked, a yes when all is, a no that can be taken back for ten minutes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actions.people import apply_to_sponsor
from accounts.actions.sponsors import NotChecked, approve_sponsor
from accounts.models import ApplicationCheck, AuditEntry, CheckItem, Policy, Sponsor, User
from matching import engine, roster
from matching.actions import applications
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.outbox import send_outbox
from matching.actions.pairings import end_pairing
from matching.models import OutboxMessage
from matching.queries.coordinate import applications as waiting
from matching.queries.sponsors import Standing, listed
from matching.states import OutboxState
from tests import factories
from tests.conftest import signed_in
from tests.matching import office, story

pytestmark = pytest.mark.django_db

ASKED = ["talk", "conduct"]


@pytest.fixture
def zoe(bea: User) -> User:
    """Would like to sponsor, in an office that asks for two things."""
    Policy.objects.update(checklist=ASKED)
    return factories.sponsor(first_name="Zoe", side={"approved_at": None})


@pytest.fixture
def desk(bea: User) -> Client:
    return signed_in(bea)


def url(name: str, member: User) -> str:
    return reverse(name, args=[member.pk])


def side(member: User) -> Sponsor:
    return Sponsor.objects.get(pk=member.pk)


def letters(topic: str) -> list[str]:
    return list(OutboxMessage.objects.filter(topic=topic).order_by("posted_at").values_list("state", flat=True))


def test_an_application_shows_the_list_of_the_office_and_what_was_told(desk: Client, zoe: User) -> None:
    Sponsor.objects.filter(pk=zoe.pk).update(steps_worked=7, has_own_sponsor=False)
    text = office.page(desk, url("application", zoe))
    assert str(CheckItem.TALK.label) in text
    assert str(CheckItem.KNOWN.label) not in text
    assert text.count("Not yet:") == 2
    assert "7" not in text.split("office-rules")[1].split("</ul>")[0]
    assert "Approve Zoe" not in text
    assert AuditEntry.objects.filter(verb="person.viewed", member=zoe.pk).count() == 1


def test_who_ticked_what_and_when_is_kept(desk: Client, bea: User, zoe: User) -> None:
    desk.post(url("application", zoe), {"items": ["talk"]})
    carl = factories.coordinator(first_name="Carl")
    signed_in(carl).post(url("application", zoe), {"items": ["talk", "conduct"]})
    assert list(ApplicationCheck.objects.values_list("item", "by")) == [("talk", bea.pk), ("conduct", carl.pk)]
    text = office.page(desk, url("application", zoe))
    assert "Carl K." in text
    assert "Approve Zoe" in text
    desk.post(url("application", zoe), {"items": ["conduct"]})
    assert list(ApplicationCheck.objects.values_list("item", flat=True)) == ["conduct"]


def test_an_item_that_the_office_does_not_ask_for_is_refused(desk: Client, zoe: User) -> None:
    assert desk.post(url("application", zoe), {"items": ["known"]}).status_code == 422
    assert not ApplicationCheck.objects.exists()


def test_nobody_is_approved_before_all_is_ticked(desk: Client, bea: User, zoe: User) -> None:
    applications.tick(zoe.sponsor, ["talk"], by=bea)
    answer = desk.post(url("application_approve", zoe))
    assert answer.status_code == 409
    assert "Not everything is ticked yet." in answer.content.decode()
    with pytest.raises(NotChecked, match="conduct"):
        approve_sponsor(zoe.sponsor, by=bea)
    assert side(zoe).approved_at is None
    applications.tick(zoe.sponsor, ASKED, by=bea)
    assert "Zoe M. may sponsor now." in desk.post(url("application_approve", zoe), follow=True).content.decode()
    assert side(zoe).approved_by == bea
    assert desk.post(url("application_approve", zoe)).status_code == 409
    assert AuditEntry.objects.filter(verb="sponsor.approved").count() == 1


def test_an_office_may_ask_for_nothing(bea: User, zoe: User) -> None:
    Policy.objects.update(checklist=[])
    applications.approve(zoe.sponsor, by=bea)
    assert side(zoe).approved_at is not None


def test_a_no_is_told_ten_minutes_later_in_a_kind_letter(desk: Client, zoe: User) -> None:
    desk.post(url("application_decline", zoe))
    assert not waiting(User.objects.get(profile__first_name="Bea")).exists()
    assert send_outbox() == 0
    assert "looked at" in office.page(signed_in(zoe), reverse("home"))
    clock.move_on(timedelta(minutes=11))
    assert send_outbox() == 1
    assert letters("application_declined") == [OutboxState.SENT]
    text = office.page(signed_in(zoe), reverse("profile"))
    assert "Thank you for your offer." in text
    assert "Offer it again" in text


def test_a_no_that_is_taken_back_leaves_no_trace_with_the_applicant(desk: Client, bea: User, zoe: User) -> None:
    desk.post(url("application_decline", zoe))
    assert "Taken back. Nobody was told." in desk.post(url("application_take_back", zoe), follow=True).content.decode()
    clock.move_on(timedelta(minutes=11))
    assert send_outbox() == 0
    assert letters("application_declined") == [OutboxState.MISSED]
    assert list(waiting(bea)) == [side(zoe)]


def test_a_second_no_has_ten_minutes_of_its_own(bea: User, zoe: User) -> None:
    applications.decline(zoe.sponsor, by=bea)
    clock.move_on(timedelta(minutes=6))
    applications.take_back_decline(zoe.sponsor, by=bea)
    applications.decline(zoe.sponsor, by=bea)
    clock.move_on(timedelta(minutes=5))
    assert send_outbox() == 0
    applications.take_back_decline(zoe.sponsor, by=bea)
    applications.decline(zoe.sponsor, by=bea)
    clock.move_on(timedelta(minutes=11))
    assert send_outbox() == 1


def test_after_ten_minutes_a_no_is_not_taken_back(desk: Client, bea: User, zoe: User) -> None:
    applications.decline(zoe.sponsor, by=bea)
    with pytest.raises(TooLate):
        applications.decline(zoe.sponsor, by=bea)
    clock.move_on(timedelta(minutes=10))
    assert desk.post(url("application_take_back", zoe)).status_code == 409
    with pytest.raises(TooLate):
        applications.approve(zoe.sponsor, by=bea)


def test_whoever_was_declined_may_offer_it_again_and_nothing_is_ticked(bea: User, zoe: User) -> None:
    applications.tick(zoe.sponsor, ASKED, by=bea)
    applications.decline(zoe.sponsor, by=bea)
    clock.move_on(timedelta(minutes=11))
    apply_to_sponsor(zoe, seats=3, steps_worked=12, has_own_sponsor=True)
    assert (side(zoe).declined_at, side(zoe).seats) == (None, 3)
    assert not ApplicationCheck.objects.exists()
    assert list(waiting(bea)) == [side(zoe)]


def test_who_changes_their_offer_within_the_ten_minutes_does_not_undo_the_no(bea: User, zoe: User) -> None:
    applications.decline(zoe.sponsor, by=bea)
    apply_to_sponsor(zoe, seats=3, steps_worked=12, has_own_sponsor=True)
    assert side(zoe).declined_at is not None


def test_whoever_is_declined_gets_no_offers(bea: User, zoe: User) -> None:
    applications.decline(zoe.sponsor, by=bea)
    assert roster.recheck(office.asked(), zoe.pk).broken == engine.Rule.APPROVED
    assert listed(bea, {}).get(pk=zoe.pk).standing == Standing.DECLINED  # type: ignore[attr-defined]


def test_nobody_decides_on_themself_somebody_elsewhere_or_whom_they_met(bea: User, rosa: User, zoe: User) -> None:
    Sponsor.objects.create(user=bea)
    far = factories.sponsor(intergroup=factories.intergroup("hillside"), side={"approved_at": None})
    met = factories.newcomer(first_name="Max")
    end_pairing(story.paired(met, factories.sponsor(user=None, first_name="Uma"), factories.coordinator()), by=met)
    carl = factories.coordinator(first_name="Carl")
    end_pairing(story.paired(carl, rosa, bea), by=carl)
    Sponsor.objects.filter(pk=rosa.pk).update(approved_at=None)
    for who, by in ((bea, bea), (far, bea), (rosa, carl)):
        with pytest.raises(NotAllowed):
            applications.tick(Sponsor.objects.get(pk=who.pk), ["talk"], by=by)
        assert signed_in(by).get(url("application", who)).status_code == 404


def test_each_office_chooses_its_list_and_can_take_the_change_back(desk: Client, zoe: User) -> None:
    slug = factories.intergroup().slug
    page = reverse("policy_checklist", args=[slug])
    assert "checked" in office.page(desk, page)
    desk.post(page, {"items": ["known"]})
    assert Policy.objects.get().checklist == ["known"]
    text = office.page(desk, reverse("policy", args=[slug]))
    assert str(CheckItem.KNOWN.label) in text
    desk.post(page, {"items": ["made up"]})
    assert Policy.objects.get().checklist == ["known"]
