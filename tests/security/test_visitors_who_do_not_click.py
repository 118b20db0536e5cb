"""S8: mail scanners, previews and prefetching browsers open links; only a press of a button may change anything."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.actions.sponsors import confirm_sponsor
from accounts.models import AuditEntry, AuditWaiting, Coordinator, Policy, Profile, Sponsor, User
from matching import tokens
from matching.actions import (
    applications,
    bridge_office,
    bridging,
    checkins,
    deadlines,
    digests,
    handovers,
    invitations,
    invitees,
    milestones,
    numbers,
    offers,
    pairings,
    requests,
    retention,
    review_questions,
    reviews,
    roster,
    silence,
    suspensions,
    terms,
)
from matching.actions.outbox import send_outbox
from matching.actions.reports import report_partner
from matching.models import (
    Answer,
    ChangeAnswer,
    ChangeAsk,
    CheckIn,
    CheckInPlan,
    Digest,
    MilestonePlan,
    OutboxMessage,
    Pairing,
)
from matching.notices import NOTICES
from matching.states import OfferState, OutboxState
from recovery_match import urls
from tests import factories
from tests.conftest import signed_in
from tests.matching import bridges, office, people_lists, story
from tests.security import snapshot

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "options")
SCANNER = {"user-agent": "Mozilla/5.0 (scanner)", "sec-purpose": "prefetch", "purpose": "prefetch"}


class Links(HTMLParser):
    """Whatever a visitor might load from a mail or a page, and whatever a script would send by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.sent_unasked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found += [values[name] or "" for name in ("href", "src", "hx-get") if name in values]
        unasked = "load" in (values.get("hx-trigger") or "") or "revealed" in (values.get("hx-trigger") or "")
        if unasked and not values.get("hx-get"):
            self.sent_unasked.append(str(values))


def links_in(letter: EmailMultiAlternatives) -> set[str]:
    """The paths of ours that a letter leads to, from its text, its HTML and its headers."""
    found = {*re.findall(r"https?://[^\s<>\"]+", " ".join((str(letter.body), *letter.extra_headers.values())))}
    for html, _ in letter.alternatives:
        found.update(Links(str(html)).found)
    return {link.removeprefix(settings.SITE_URL) for link in found if link.startswith(settings.SITE_URL)}


def story_of_every_notice() -> Iterator[None]:
    """Everything that makes us write to somebody; it halts after each step so that the new letters can be sent."""
    bea, ana, rosa = factories.coordinator(), factories.newcomer(), factories.sponsor()
    offer = story.offered(ana, rosa)
    yield
    offer = offers.accept_offer(offer, by=rosa, note="Call me after six.")
    yield
    question = review_questions.ask_in_review(offer, ana.pk, "Could you also meet on a Friday?", by=bea)
    yield
    review_questions.answer_in_review(question, "Yes.", by=ana)
    yield
    pairing = reviews.approve_offer(offer, by=bea)
    yield
    clock.move_on(timedelta(days=2))
    story.due_now()
    checkins.remind_due()
    yield
    CheckInPlan.objects.filter(pairing=pairing).update(help_sponsor=True, help_coordinator=True)
    checkins.answer_checkin(CheckIn.objects.get(member=ana), Answer.HELP, by=ana)
    clock.move_on(timedelta(hours=13))
    yield
    for _ in range(3):
        clock.move_on(timedelta(days=1))
        story.due_now()
        checkins.remind_due()
        yield
    _a_day_worth_remembering(ana)
    yield
    yield from _story_of_silence(pairing)
    pairings.end_pairing(pairing, by=ana)
    report_partner(pairing, by=ana, kind="pressure")
    yield
    yield from _story_of_a_term(bea)
    yield from _story_of_a_list(bea)
    yield from _story_of_a_first_contact(bea)
    yield from _story_of_refusals(bea)
    yield from _story_of_people(bea)


def _story_of_a_term(bea: User) -> Iterator[None]:
    """Somebody is invited, and a month is left of the inviter's own term."""
    today, carla = clock.today(factories.intergroup().zone), factories.newcomer(first_name="Carla")
    terms.invite(factories.intergroup(), email=carla.email, scopes=["area"], ends_on=today, language="en", by=bea)
    invitations.send_invitations()
    Coordinator.objects.filter(user=bea).update(ends_on=today + timedelta(days=30))
    terms.remind_terms()
    yield
    line = {"name": "Night line", "number": "555 0100", "by_text": False, "source": "a call", "reviewed": "2020-01-01"}
    Policy.objects.update(crisis_lines=[line])
    numbers.remind_numbers()
    yield
    Coordinator.objects.filter(user=bea).update(ends_on=today + timedelta(days=600))


def _story_of_a_list(bea: User) -> Iterator[None]:
    """The people of an office's list are written to."""
    people_lists.invited(bea)
    invitees.send_invitees()
    yield


def _story_of_a_first_contact(bea: User) -> Iterator[None]:
    """One volunteer steps back, the contact is late, another takes it to its end."""
    nina, vera = factories.newcomer(first_name="Nina"), bridges.volunteer(bea)
    bridge = bridges.asked(nina)
    yield
    bridge = bridging.take(bridge, by=vera)
    yield
    bridge = bridging.answer(bridge, by=nina, yes=True)
    yield
    bridge = bridging.step_back(bridge, by=vera)
    yield
    clock.move_on(timedelta(days=4))
    bridge_office.watch_bridges()
    yield
    wanda = bridges.volunteer(bea)
    bridge = bridging.answer(bridging.take(bridge, by=wanda), by=nina, yes=True)
    bridging.end_bridge(bridge, by=nina)
    yield


def _story_of_people(bea: User) -> Iterator[None]:
    """An application is declined, a sponsor is paused by the office, another steps down, a member is let in again."""
    applicant, resting, busy = (
        factories.sponsor(side={"approved_at": None}),
        factories.sponsor(),
        factories.sponsor(),
    )
    applications.decline(applicant.sponsor, by=bea)
    roster.pause_by_office(resting.sponsor, until=factories.today() + timedelta(days=20), by=bea)
    told = OutboxMessage.objects.get(topic="paused_by_office")
    clock.move_on(max(told.send_after - clock.now(), timedelta(minutes=11)))
    yield
    story.paired_at_once(busy)
    handovers.carry_on(handovers.begin_handover(busy.sponsor, by=bea))
    yield
    out = factories.newcomer(first_name="Otto")
    suspension = suspensions.suspend(out, reason="Let us talk first.", ends_pairs=True, by=bea)
    suspensions.settle(suspension)
    suspensions.lift(suspension, by=bea)
    yield


def _a_day_worth_remembering(ana: User) -> None:
    """It is the next day, and late enough that both of the two have been told."""
    Profile.objects.filter(pk=ana.pk).update(recovery_date=clock.today(ana.profile.zone))
    milestones.set_milestones(ana.profile, by=ana, wanted=True, sponsor_too=True)
    milestones.tell_due()
    plan = MilestonePlan.objects.get()
    clock.move_on(plan.next_at - clock.now())
    milestones.tell_due()
    newest = OutboxMessage.objects.filter(topic__startswith="milestone").latest("send_after")
    clock.move_on(newest.send_after - clock.now() + timedelta(minutes=30))


def _story_of_silence(pairing: Pairing) -> Iterator[None]:
    """Quiet for long; a wish to talk; the letter of the week; whether the sponsor is still there; two kind pauses."""
    for _ in range(2):
        clock.move_on(timedelta(days=9))
        silence.watch()
        _letters_are_due()
        yield
    ask = ChangeAsk.objects.get(member=pairing.sponsee)
    silence.answer_change(ask, ChangeAnswer.TALK, by=ask.member)
    yield
    rosa = pairing.sponsor
    digests.choose_digest(rosa, weekday=6, hour=18)
    story.due_now()
    checkins.remind_due()
    yield
    clock.move_on(Digest.objects.get().next_at - clock.now())
    digests.write_digests()
    yield
    clock.move_on(timedelta(days=15))
    for _ in range(4):
        roster.ask_roster()
        due = Sponsor.objects.get(pk=rosa.pk).ask_next_at
        assert due is not None
        clock.move_on(due - clock.now())
        roster.ask_roster()
        yield
    confirm_sponsor(rosa.sponsor, by=rosa)
    for _ in range(3):
        story.held_out(story.looking(), rosa, until=clock.now() + timedelta(hours=1))
        clock.move_on(timedelta(hours=2))
        deadlines.expire_offers()
    _letters_are_due()
    yield


def _letters_are_due() -> None:
    """It is the hour for which the last letter was kept, whatever hour it was when the story began."""
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING).order_by("send_after").last()
    if waiting:
        clock.move_on(max(waiting.send_after - clock.now(), timedelta()))


def _story_of_refusals(bea: User) -> Iterator[None]:
    olga, sponsors = factories.newcomer(first_name="Olga"), [factories.sponsor() for _ in range(4)]
    request = story.asked(olga)
    suggested = list(request.suggestions.values_list("sponsor_id", flat=True))
    offer = requests.choose(request, suggested, by=olga)
    reviews.reject_offer(offers.accept_offer(offer, by=offer.sponsor), by=bea, reason="other")
    yield
    while asked := request.offers.filter(state=OfferState.SENT).first():
        offers.decline_offer(asked, by=asked.sponsor)
    yield
    request.refresh_from_db()
    offers.call_coordinator(request, by=None)
    left = next(one.pk for one in sponsors if one.pk not in suggested)
    offers.propose_offer(request, left, by=bea)
    yield
    clock.move_on(retention.UNMATCHED + timedelta(days=1))
    retention.close_unmatched()
    yield


def new_letters() -> list[EmailMultiAlternatives]:
    """Send what is due a minute later, as the database's clock stands still within a test; empty the mailbox."""
    clock.move_on(timedelta(minutes=1))
    send_outbox()
    letters = [one for one in mail.outbox if isinstance(one, EmailMultiAlternatives)]
    mail.outbox.clear()
    return letters


def visit(client: Client, link: str) -> list[str]:
    """Knock without clicking; then load what the page itself names. Returns forms that would send themselves."""
    for method in METHODS:
        answer = getattr(client, method)(link, headers=SCANNER)
        assert answer.status_code < 500
    page = Links(client.get(link, follow=True, headers=SCANNER).content.decode())
    for inner in page.found:
        parts = urlsplit(inner)
        if inner.startswith(("/", "?")) and not parts.netloc and not parts.path.startswith("/static/"):
            client.get(inner if inner.startswith("/") else link + inner, headers=SCANNER)
    return page.sent_unasked


def changed_by(client: Client, links: set[str]) -> dict[str, int]:
    """Tables that a visit of these links changes."""
    before = snapshot.take()
    sent = [form for link in sorted(links) for form in visit(client, link)]
    assert not sent
    return snapshot.differences(before, snapshot.take())


def test_a_visit_of_any_link_in_any_mail_changes_no_row() -> None:
    """S8, over every notice there is: nobody signed in, not even a line in the audit."""
    visited: set[str] = set()
    for _ in story_of_every_notice():
        for letter in new_letters():
            links = links_in(letter)
            assert links
            assert changed_by(Client(), links) == {}
            visited |= links
    sent = OutboxMessage.objects.filter(state=OutboxState.SENT).values_list("topic", flat=True)
    assert set(sent) == set(NOTICES)
    assert len(visited) >= 9


def test_a_browser_that_loads_ahead_for_its_owner_changes_nothing_but_who_looked() -> None:
    """S8 for somebody who is signed in: that a coordinator looked at a person is recorded, and nothing else is."""
    for _ in story_of_every_notice():
        for letter in new_letters():
            # Whoever is invited from a list has no account yet.
            owner = User.objects.filter(email=letter.to[0]).first()
            looked = AuditEntry.objects.order_by("pk").last()
            client = signed_in(owner) if owner else Client()
            assert set(changed_by(client, links_in(letter))) <= {AuditEntry._meta.db_table, AuditWaiting._meta.db_table}
            new = AuditEntry.objects.filter(pk__gt=looked.pk if looked else 0)
            assert {entry.verb for entry in new} <= {"person.viewed", "list.viewed"}


def test_a_visit_of_the_mails_about_signing_in_changes_no_row(settings: Settings) -> None:
    """S8: a code is typed in; the letters lead nowhere that signs somebody in or makes an account."""
    factories.account(email="known@example.org")
    for email in ("known@example.org", "new@example.org"):
        Client().post(reverse("account_signup"), {"email": email})
        Client().post(reverse("account_request_login_code"), {"email": email})
    letters = new_letters() + mail.outbox
    links = {link for one in letters for link in re.findall(r"https?://[^\s<>\"]+", str(one.body))}
    assert letters
    assert changed_by(Client(), {urlsplit(link).path for link in links}) == {}


def naive(request: HttpRequest, token: str) -> HttpResponse:
    """What must not be: a link that answers by being opened."""
    checkin = CheckIn.objects.select_related("member").get(pk=tokens.read_check_in(token))
    checkins.answer_checkin(checkin, Answer.TALKED, by=checkin.member)
    return HttpResponse("Thank you")


urlpatterns = [path("c/<str:token>/", naive, name="check_in"), *urls.urlpatterns]


def test_the_comparison_would_notice_a_link_that_answers_by_being_opened(settings: Settings) -> None:
    """The negative control of S8."""
    pairing = story.paired(factories.newcomer(), factories.sponsor(), factories.coordinator())
    story.due_now()
    checkins.remind_due()
    links = {link for letter in new_letters() for link in links_in(letter) if link.startswith("/c/")}
    assert len(links) == 2
    assert changed_by(Client(), links) == {}
    settings.ROOT_URLCONF = __name__
    changed = changed_by(Client(), links)
    assert {"matching_checkin", "matching_serviceentry", "accounts_auditentry"} <= set(changed)
    assert Pairing.objects.get() == pairing


def test_the_comparison_sees_every_table_of_ours() -> None:
    """Nothing of ours hides in a table that the snapshot does not know."""
    names = set(snapshot.tables())
    assert {"accounts_user", "accounts_profile", "matching_outboxmessage", "matching_serviceentry_checkins"} <= names
    before = snapshot.take()
    factories.newcomer()
    assert {"accounts_user", "accounts_profile"} <= set(snapshot.differences(before, snapshot.take()))
    assert office.asked()
