"""The pages of a member in each of their moods: empty, for the first time, waiting, sad and happy."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from accounts import clock
from accounts.models import OPEN_END, PauseReason, Sponsor, User
from matching import tokens
from matching.actions import checkins, offers, pairings, step_service
from matching.models import Answer, ChangeAnswer, ChangeAsk, CheckIn, Offer, Pairing, ServiceKind
from matching.states import CheckInState
from tests import factories
from tests.browser.states import LANGUAGES, Shown, session
from tests.matching import days, office, story

ALONE = {"languages": ["pl"]}
"""Nobody in these offices speaks it: whoever does is found nobody for."""


def all_of_them() -> Iterator[Shown]:
    """Every page in every mood."""
    bea = factories.coordinator(first_name="Beatrice")
    yield from _looking(bea)
    yield from _sponsoring()
    yield from _together()
    yield from _ended()
    yield from _service()
    for language in LANGUAGES:
        yield from _behind_links(language)


def _home(mood: str, member: User) -> Shown:
    return Shown(f"home.{mood}", reverse("home"), session(member))


def _request(mood: str, member: User) -> Shown:
    return Shown(f"request.{mood}", reverse("request"), session(member))


def _looking(bea: User) -> Iterator[Shown]:
    """A newcomer from the first day to somebody's yes."""
    first = factories.newcomer(first_name="Fay")
    yield _home("first", first)
    yield _request("first", first)
    alone = office.asked(factories.newcomer(first_name="Wilhelmina", **ALONE)).member
    yield _home("nobody", alone)
    yield _request("nobody", alone)
    yield Shown("suggestions.nobody", reverse("suggestions"), session(alone))
    for name in ("Rosalind", "Maria", "Ruth"):
        factories.sponsor(first_name=name)
    choosing = office.asked(factories.newcomer(first_name="Chloe")).member
    yield _home("choose", choosing)
    yield Shown("suggestions.three", reverse("suggestions"), session(choosing))
    waiting = _offer("Wanda", "Sonia")
    yield _home("waits", waiting.request.member)
    yield _request("waits", waiting.request.member)
    yield _home("is_asked", waiting.sponsor)
    looked_at = _offer("Vivian", "Yolanda")
    offers.accept_offer(looked_at, by=looked_at.sponsor)
    yield _home("in_review", looked_at.request.member)
    yield _request("in_review", looked_at.request.member)
    yield _home("said_yes", looked_at.sponsor)
    proposed = office.asked(factories.newcomer(first_name="Petra"))
    offers.propose_offer(proposed, factories.sponsor(first_name="Sybil").pk, by=bea)
    yield _home("proposed", proposed.member)
    yield _request("proposed", proposed.member)


def _sponsoring() -> Iterator[Shown]:
    """A sponsor who waits, rests, or is full."""
    sides: dict[str, dict[str, Any]] = {
        "applied": {"approved_at": None},
        "free": {},
        "rests": {"paused_until": OPEN_END, "pause_reason": PauseReason.UNANSWERED},
        "confirm": {"confirmed_at": clock.now() - timedelta(days=34)},
    }
    for mood, side in sides.items():
        member = factories.sponsor(first_name="Ruth", side=side)
        yield _home(f"sponsor_{mood}", member)
        yield Shown(f"profile.sponsor_{mood}", reverse("profile"), session(member))
    yield Shown("offers.none", reverse("offers"), session(factories.sponsor(first_name="Olivia")))


def _offer(newcomer: str, sponsor: str, *, review: bool = True) -> Offer:
    """A request that is held out to a sponsor; without the engine, which would find the others too."""
    request = story.looking(factories.newcomer(first_name=newcomer))
    return story.held_out(request, factories.sponsor(first_name=sponsor), review=review)


def _pair(language: str = "en") -> Pairing:
    offer = _offer("Susanna", "Patricia", review=False)
    User.objects.filter(pk=offer.request.member_id).update(language=language)
    offers.accept_offer(offer, by=offer.sponsor, note="I am glad you asked. Call me any evening, also late.")
    return Pairing.objects.get(offer=offer)


def asked(pairing: Pairing, member: User) -> CheckIn:
    """The question to one of the two, as if its hour had come."""
    return CheckIn.objects.create(
        pairing=pairing,
        member=member,
        local_date=clock.today(member.profile.zone),
        due_at=clock.now(),
        state=CheckInState.OPEN,
    )


def _quiet(pairing: Pairing, answer: str = "") -> ChangeAsk:
    now = clock.now()
    answered = {"answer": answer, "answered_at": now} if answer else {}
    return ChangeAsk.objects.create(pairing=pairing, member=pairing.sponsee, silence=now, asked_at=now, **answered)


def _both(mood: str, pairing: Pairing) -> Iterator[Shown]:
    """The shared page, and the first page of the one who is sponsored."""
    path = reverse("pairing", args=[pairing.pk])
    yield Shown(f"pairing.{mood}", path, session(pairing.sponsee))
    yield Shown(f"pairing.{mood}_sponsor", path, session(pairing.sponsor))
    yield _home(f"pairing_{mood}", pairing.sponsee)


def _together() -> Iterator[Shown]:
    """Two people on their first day, in good days, in a silence, and when the trial ends."""
    yield from _both("first", _pair())
    happy = _pair()
    days.dated(happy.sponsee, 29)
    question = asked(happy, happy.sponsee)
    checkins.answer_checkin(question, Answer.TALKED, by=happy.sponsee)
    pairings.confirm_pairing(happy, by=happy.sponsee)
    yield from _both("happy", happy)
    quiet = _pair()
    asked(quiet, quiet.sponsee)
    _quiet(quiet)
    yield from _both("quiet", quiet)
    for mood, left in (("trial_soon", 3), ("trial_over", -2)):
        pairing = _pair()
        Pairing.objects.filter(pk=pairing.pk).update(trial_ends_on=factories.today() + timedelta(days=left))
        yield from _both(mood, pairing)


def _ended() -> Iterator[Shown]:
    pairing = _pair()
    pairings.end_pairing(pairing, by=pairing.sponsor)
    yield from _both("ended", pairing)


def _passed_on(helper: User) -> None:
    """Somebody sponsors them, and they sponsor two."""
    for newcomer, sponsor in (
        (helper, factories.sponsor(first_name="Ruth", initial="B")),
        (factories.newcomer(first_name="Ana"), helper),
        (factories.newcomer(first_name="Maximiliana-Guadalupe-Esperanza"), helper),
    ):
        offer = story.held_out(story.looking(newcomer), sponsor, review=False)
        offers.accept_offer(offer, by=sponsor, note="")


def _service() -> Iterator[Shown]:
    yield Shown("service.first", reverse("service"), session(factories.newcomer(first_name="Flora")))
    helper = factories.sponsor(first_name="Helen")
    for back in (0, 3, 40, 41, 90, 200):
        on = factories.today() - timedelta(days=back)
        step_service.log_service(by=helper, kind=ServiceKind.CALL, on=on, minutes=20)
    _passed_on(helper)
    yield Shown("service.some", reverse("service"), session(helper))
    yield _home("service", helper)


def _behind_links(language: str) -> Iterator[Shown]:
    """What the links in mails lead to, in the language of whom the mail went to."""

    def shown(name: str, path: str) -> Shown:
        return Shown(name, path, language=language)

    pairing = _pair(language)
    question = asked(pairing, pairing.sponsee)
    yield shown("check_in.asked", reverse("check_in", args=[tokens.check_in_token(question)]))
    yield shown("check_in.altered", reverse("check_in", args=["x"]))
    for answer in Answer:
        pairing = _pair(language)
        one = checkins.answer_checkin(asked(pairing, pairing.sponsee), answer, by=pairing.sponsee)
        yield shown(f"check_in.{answer}", reverse("check_in", args=[tokens.check_in_token(one)]))
    for wish in ("", *ChangeAnswer):
        ask = _quiet(_pair(language), wish)
        yield shown(f"change_ask.{wish or 'asked'}", reverse("change_ask", args=[tokens.change_token(ask)]))
    gone = _pair(language)
    last = asked(gone, gone.sponsee)
    pairings.end_pairing(gone, by=gone.sponsor)
    yield shown("check_in.ended", reverse("check_in", args=[tokens.check_in_token(last)]))
    sides: dict[str, dict[str, Any]] = {
        "asked": {"asks": 1},
        "there": {},
        "rests": {"paused_until": OPEN_END, "pause_reason": "unconfirmed"},
    }
    for mood, side in sides.items():
        sponsor = factories.sponsor(first_name="Ruth", side={"asks": 0, **side})
        User.objects.filter(pk=sponsor.pk).update(language=language)
        Sponsor.objects.filter(pk=sponsor.pk).update(**side)
        yield shown(f"roster.{mood}", reverse("roster", args=[tokens.roster_token(sponsor.pk)]))
