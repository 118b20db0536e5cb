"""Who may open what: one row for each address, and the people and things that the rows speak of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts import clock
from accounts.actions.policies import change_policy
from accounts.models import Coordinator, Invitation, MeetingFeed, PolicyChange, Report, User
from matching import tokens
from matching.actions import bridging, calendar_feeds, offers, pairings, reviews, step_service, terms
from matching.actions.bridge_invitations import invite_to_bridge
from matching.actions.review_questions import ask_in_review
from matching.models import (
    Bridge,
    BridgeInvitation,
    BridgeVolunteer,
    ChangeAnswer,
    ChangeAsk,
    CheckIn,
    Invitee,
    NoticeKind,
    Offer,
    Pairing,
    PushAddress,
    ReviewQuestion,
    Round,
    ServiceEntry,
    ServiceKind,
    SponsorRequest,
    Suggestion,
)
from matching.states import CheckInState
from tests import factories
from tests.conftest import signed_in
from tests.matching import lists, office, people_lists, round_story

ROLES = (
    "anonymous",
    "newcomer",  # looks for a sponsor; an offer is out
    "sponsee",  # has a sponsor
    "paired",  # that sponsor
    "other",  # another sponsor, who has the newcomer's offer
    "here",  # coordinates their intergroup
    "elsewhere",  # coordinates another one
    "staff",  # an operator, who is no member
    "suspended",
)

# What an answer means for whoever knocks.
OK = "ok"  # 200
IN = "in"  # let in; what then happens is for other tests: 200, 302, 409, 422
LOGIN = "login"  # sent to sign in
ASIDE = "aside"  # sent to the landing page: no member
GONE = "gone"  # 404: does not exist, for them
NO = "no"  # 405
BARRED = "barred"  # 403

Answers = dict[str, str]


@dataclass(frozen=True)
class World:
    """One of everything that an address can name."""

    people: Mapping[str, User | None]
    offer: Offer
    proposal: Offer
    review: Offer
    pairing: Pairing
    request: SponsorRequest
    applicant: User
    checkin: CheckIn
    wish: ChangeAsk
    entry: ServiceEntry
    round: Round
    change: PolicyChange
    device: PushAddress
    invitation: Invitation
    invitee: Invitee
    colleague: Coordinator
    calendar: str
    bridge: Bridge
    report: Report
    question: ReviewQuestion
    feed: MeetingFeed
    bridge_invitation: BridgeInvitation

    def client(self, role: str) -> Client:
        """A browser of somebody in this role."""
        user = self.people[role]
        return Client() if user is None else signed_in(user)


def world() -> World:
    """Build it."""
    here = factories.coordinator()
    sponsee, paired = factories.newcomer(first_name="Sue"), factories.sponsor(first_name="Pat")
    pairing = reviews.approve_offer(office.in_review(sponsee, paired), by=here)
    pairings.keep_step(pairing, by=sponsee, step=4)
    newcomer, other = factories.newcomer(first_name="Nina"), factories.sponsor(first_name="Olga")
    review = office.in_review(factories.newcomer(first_name="Xenia"), factories.sponsor(first_name="Yara"))
    suspended = factories.newcomer(first_name="Susi")
    suspended.is_active = False
    suspended.save(update_fields=["is_active"])
    offer = office.sent(newcomer, other)
    day = factories.today()
    checkin = CheckIn.objects.create(
        pairing=pairing, member=sponsee, local_date=day, due_at=clock.now(), state=CheckInState.OPEN
    )
    question = ask_in_review(review, review.request.member_id, "Which evenings?", by=here)
    # Whoever is asked has no role of their own here: the newcomer is let in their place.
    question.member = newcomer
    question.save()
    return World(
        people={
            "anonymous": None,
            "newcomer": newcomer,
            "sponsee": sponsee,
            "paired": paired,
            "other": other,
            "here": here,
            "elsewhere": factories.coordinator(factories.intergroup("hillside")),
            "staff": User.objects.create_superuser("operator@example.org"),
            "suspended": suspended,
        },
        offer=offer,
        proposal=offers.propose_offer(offer.request, paired.pk, by=here),
        review=review,
        pairing=pairing,
        request=review.request,
        applicant=factories.sponsor(first_name="Zoe", side={"approved_at": None}),
        checkin=checkin,
        wish=ChangeAsk.objects.create(
            pairing=pairing,
            member=sponsee,
            silence=clock.now(),
            asked_at=clock.now(),
            answer=ChangeAnswer.TALK,
            answered_at=clock.now(),
        ),
        entry=step_service.log_service(by=paired, kind=ServiceKind.CALL, on=day),
        round=round_story.preview(here),
        change=_changed(here),
        device=PushAddress.objects.create(member=sponsee, fingerprint="one", endpoint="https://push.example.org/1"),
        invitation=terms.invite(
            factories.intergroup(),
            email="somebody@example.org",
            scopes=["area"],
            ends_on=day,
            language="en",
            by=here,
        ),
        invitee=people_lists.brought(here),
        colleague=factories.coordinator(first_name="Carla").coordinating.get(),
        calendar=calendar_feeds.make_feed(sponsee),
        bridge=_in_touch(sponsee, paired),
        question=question,
        feed=lists.brought(here),
        bridge_invitation=invite_to_bridge(factories.intergroup(), email="", language="en", leaves_on=day, by=here),
        report=Report.objects.create(
            by=sponsee, about=paired, intergroup=factories.intergroup(), kind="other", at=clock.now()
        ),
    )


def _in_touch(member: User, volunteer: User) -> Bridge:
    """A first contact of these two; another sponsor's offer to volunteer waits for the office."""
    BridgeVolunteer.objects.create(user=volunteer, approved_at=clock.now())
    BridgeVolunteer.objects.create(user=User.objects.get(profile__first_name="Zoe"))
    bridge = bridging.ask_bridge(member, leaves_on=factories.today(), by=member)
    return bridging.answer(bridging.take(bridge, by=volunteer), by=member, yes=True)


def _changed(by: User) -> PolicyChange:
    change = change_policy(factories.intergroup(), {"offer_hours": 48}, by=by)
    assert change is not None
    return change


def everybody(answer: str) -> Answers:
    """The same for all."""
    return dict.fromkeys(ROLES, answer)


def members(answer: str) -> Answers:
    """For members; an operator's account is none, and a suspended one is nobody."""
    return {**everybody(answer), "anonymous": LOGIN, "suspended": LOGIN, "staff": ASIDE}


def only(answer: str, *roles: str, staff: str = GONE) -> Answers:
    """For these roles; to everybody else who is signed in it does not exist."""
    doors = {**everybody(GONE), "anonymous": LOGIN, "suspended": LOGIN, "staff": staff}
    return {**doors, **dict.fromkeys(roles, answer)}


def of_members(answer: str, *roles: str) -> Answers:
    """For these members; other members find nothing, an operator is sent aside."""
    return only(answer, *roles, staff=ASIDE)


@dataclass(frozen=True)
class Row:
    """What each role gets at one address. ``args`` names what stands in the address."""

    get: Answers
    post: Answers
    args: Callable[[World], list[Any]] = lambda world: []


READ = everybody(NO)
"""What a page that is only read answers to a POST, whoever sends it; and an action to a GET."""


def _offer(world: World) -> list[Any]:
    return [world.offer.pk]


def _review(world: World) -> list[Any]:
    return [world.review.pk]


def _pairing(world: World) -> list[Any]:
    return [world.pairing.pk]


def _suggestion(world: World) -> list[Any]:
    about = {"request": world.offer.request, "sponsor": world.offer.sponsor}
    made, _ = Suggestion.objects.get_or_create(**about, defaults={"place": 1, "score": 1, "at": clock.now()})
    return [made.pk]


def _request(world: World) -> list[Any]:
    return [world.request.pk]


def _applicant(world: World) -> list[Any]:
    return [world.applicant.pk]


def _bridge(world: World) -> list[Any]:
    return [world.bridge.pk]


def _office(world: World) -> list[Any]:
    return [world.round.intergroup.slug]


def _round(world: World) -> list[Any]:
    return [world.round.pk]


ROWS: dict[str, Row] = {
    # Anyone
    "landing": Row(everybody(OK), READ),
    "help_now": Row(everybody(OK), READ),
    "too_young": Row(everybody(OK), READ),
    "privacy": Row(everybody(OK), READ),
    "theme": Row(READ, everybody(IN)),
    "set_language": Row(everybody(IN), everybody(IN)),
    "healthz": Row(everybody(BARRED), READ),
    "metrics": Row(everybody(GONE), READ),  # no token is configured
    "check_in": Row(everybody(OK), everybody(IN), lambda w: [tokens.check_in_token(w.checkin)]),
    "service_worker": Row(everybody(OK), READ),
    "offline": Row(everybody(OK), READ),
    "manifest": Row(everybody(OK), READ),
    "calendar_feed": Row(everybody(OK), READ, lambda w: [w.calendar]),
    "unsubscribe": Row(
        everybody(OK), everybody(OK), lambda w: [tokens.notice_token(w.pairing.sponsee_id, NoticeKind.NEWS)]
    ),
    "change_ask": Row(everybody(OK), everybody(IN), lambda w: [tokens.change_token(w.wish)]),
    "roster": Row(everybody(OK), everybody(IN), lambda w: [tokens.roster_token(w.pairing.sponsor_id)]),
    "prove": Row(
        {**everybody(OK), "anonymous": LOGIN, "suspended": LOGIN},
        {**everybody(IN), "anonymous": LOGIN, "suspended": LOGIN},
    ),
    "invitation_link": Row(everybody(IN), READ, lambda w: [tokens.invitation_token(w.invitation)]),
    "invitee_link": Row(everybody(IN), READ, lambda w: [tokens.invitee_token(w.invitee)]),
    "invitee_never": Row(everybody(OK), everybody(OK), lambda w: [tokens.never_token(w.invitee.mark)]),
    "join": Row(everybody(IN), READ),
    "bridge_link": Row(everybody(IN), READ, lambda w: [tokens.bridge_token(w.bridge_invitation)]),
    "bridge_invited": Row(everybody(GONE), everybody(GONE)),  # nobody of these came by the link
    # A member's own
    "invitation": Row(only(GONE), only(GONE)),  # nobody of these was invited
    "my_data": Row(members(OK), READ),
    "my_data_withdraw": Row(READ, members(IN)),
    "my_data_export": Row(READ, members(IN)),
    "my_data_read": Row(READ, members(OK)),
    "my_data_erase": Row(READ, members(IN)),
    "welcome": Row(members(IN), READ),
    "welcome_summary": Row(members(IN), READ),
    "welcome_done": Row(READ, members(IN)),
    "welcome_step": Row(members(IN), members(IN), lambda w: ["name"]),
    "profile": Row(members(OK), READ),
    "profile_edit": Row(members(OK), members(IN), lambda w: ["name"]),
    "contact": Row(members(OK), members(IN)),
    "sponsor_apply": Row(members(OK), members(IN)),
    "sponsor_confirm": Row(READ, of_members(IN, "paired", "other")),
    "sponsor_pause": Row(READ, of_members(IN, "paired", "other")),
    "meeting_search": Row(members(IN), READ),
    "home": Row(members(OK), READ),
    "request": Row(members(OK), members(IN)),
    "suggestions": Row(members(IN), members(IN)),
    "request_withdraw": Row(READ, members(IN)),
    "proposal_answer": Row(READ, of_members(IN, "newcomer"), lambda w: [w.proposal.pk]),
    "milestones": Row(members(OK), members(IN)),
    "milestone_date": Row(READ, members(IN)),
    "notices": Row(members(OK), members(IN)),
    "device_add": Row(READ, members(IN)),
    "device_remove": Row(READ, of_members(IN, "sponsee"), lambda w: [w.device.pk]),
    "calendar": Row(members(OK), members(IN)),
    "calendar_end": Row(READ, members(IN)),
    "digest": Row(READ, of_members(IN, "paired", "other")),
    "questions": Row(members(OK), members(IN)),
    "review_question": Row(of_members(OK, "newcomer"), of_members(IN, "newcomer"), lambda w: [w.question.pk]),
    "service": Row(members(OK), READ),
    "service_add": Row(READ, members(IN)),
    "service_remove": Row(READ, of_members(IN, "paired"), lambda w: [w.entry.pk]),
    # Between two members
    "offers": Row(members(OK), READ),
    "offer": Row(of_members(OK, "other"), READ, _offer),
    "offer_accept": Row(READ, of_members(IN, "other"), _offer),
    "offer_decline": Row(READ, of_members(IN, "other"), _offer),
    "pairing": Row(of_members(OK, "sponsee", "paired"), READ, _pairing),
    "pairing_continue": Row(READ, of_members(IN, "sponsee", "paired"), _pairing),
    "pairing_end": Row(READ, of_members(IN, "sponsee", "paired"), _pairing),
    "pairing_plan": Row(READ, of_members(IN, "sponsee", "paired"), _pairing),
    "pairing_step": Row(READ, of_members(IN, "sponsee", "paired"), _pairing),
    "pairing_report": Row(READ, of_members(IN, "sponsee", "paired"), _pairing),
    "apart": Row(members(OK), READ),
    "apart_lift": Row(READ, only(GONE, staff=ASIDE), lambda w: [0]),  # nobody of these keeps apart from anybody
    "apart_pairing": Row(of_members(OK, "sponsee", "paired"), of_members(IN, "sponsee", "paired"), _pairing),
    "apart_bridge": Row(of_members(OK, "sponsee", "paired"), of_members(IN, "sponsee", "paired"), _bridge),
    "apart_offer": Row(of_members(OK, "newcomer", "other"), of_members(IN, "newcomer", "other"), _offer),
    "apart_suggestion": Row(of_members(OK, "newcomer"), of_members(IN, "newcomer"), _suggestion),
    "bridge": Row(members(OK), members(IN)),
    "bridge_answer": Row(READ, members(IN)),
    "bridging": Row(members(OK), members(IN)),
    "bridge_of_two": Row(of_members(OK, "sponsee", "paired"), READ, _bridge),
    "bridge_take": Row(READ, of_members(IN, "newcomer", "sponsee", "paired", "other", "here"), _bridge),
    "bridge_count": Row(READ, of_members(IN, "sponsee", "paired"), _bridge),
    "bridge_end": Row(READ, of_members(IN, "sponsee", "paired"), _bridge),
    "bridge_report": Row(READ, of_members(IN, "sponsee", "paired"), _bridge),
    # Coordinators
    "discharges": Row(only(OK, "here"), READ, _office),
    "bridge_office": Row(only(OK, "here"), READ, _bridge),
    "bridge_invite": Row(only(OK, "here"), only(IN, "here"), _office),
    "bridge_invitation_withdraw": Row(READ, only(IN, "here"), lambda w: [w.bridge_invitation.pk]),
    "bridge_ask": Row(READ, only(IN, "here"), _bridge),
    "volunteer_approve": Row(READ, only(IN, "here"), lambda w: [w.applicant.pk]),
    "coordinate": Row(only(OK, "here", "elsewhere"), READ),
    "coordinate_sponsors": Row(only(OK, "here", "elsewhere"), READ),
    "newcomers": Row(only(OK, "here", "elsewhere"), READ),
    "people_search": Row(READ, only(IN, "here", "elsewhere")),
    "person": Row(only(OK, "here"), READ, _applicant),
    "coordinate_request": Row(only(OK, "here"), READ, _request),
    "coordinate_propose": Row(READ, only(IN, "here"), _request),
    "why": Row(only(OK, "here"), READ, _office),
    "why_ask": Row(READ, only(IN, "here"), _office),
    "why_cancel": Row(READ, only(IN, "here"), _office),
    "why_sheet": Row(only(OK, "here"), READ, _office),
    "rounds": Row(only(OK, "here"), READ, _office),
    "round_plan": Row(READ, only(IN, "here"), _office),
    "round": Row(only(OK, "here"), READ, _round),
    "round_cancel": Row(READ, only(IN, "here"), _round),
    "round_refresh": Row(READ, only(IN, "here"), _round),
    "round_publish": Row(READ, only(IN, "here"), _round),
    "policy": Row(only(OK, "here"), only(IN, "here"), _office),
    "policy_fellowships": Row(only(OK, "here"), only(IN, "here"), _office),
    "policy_texts": Row(only(OK, "here"), only(IN, "here"), _office),
    "policy_numbers": Row(only(OK, "here"), only(IN, "here"), _office),
    "meeting_list": Row(only(OK, "here"), only(IN, "here"), _office),
    "meeting_feed": Row(only(OK, "here"), only(IN, "here"), lambda w: [w.feed.pk]),
    "policy_undo": Row(READ, only(IN, "here"), lambda w: [w.change.pk]),
    "weights": Row(only(OK, "here"), READ, _office),
    "coordinators": Row(only(OK, "here"), only(IN, "here"), _office),
    "handover": Row(only(OK, "here"), READ, _office),
    "step_down": Row(only(OK, "here"), only(IN, "here"), _office),
    "term_change": Row(READ, only(IN, "here"), lambda w: [w.colleague.pk]),
    "invitation_withdraw": Row(READ, only(IN, "here"), lambda w: [w.invitation.pk]),
    "office_export": Row(only(OK, "here"), only(IN, "here"), _office),
    "office_list": Row(only(OK, "here"), only(IN, "here"), _office),
    "office_list_columns": Row(only(IN, "here"), only(IN, "here"), _office),  # this list's are chosen
    "office_list_check": Row(only(OK, "here"), READ, _office),
    "office_list_invite": Row(READ, only(IN, "here"), _office),
    "office_list_drop": Row(READ, only(IN, "here"), _office),
    "invitee_withdraw": Row(READ, only(IN, "here"), lambda w: [w.invitee.pk]),
    "report": Row(only(OK, "here"), READ, _office),
    "report_rows": Row(only(OK, "here"), READ, lambda w: [w.round.intergroup.slug, "asked"]),
    "report_sheet": Row(only(OK, "here"), READ, _office),
    "report_file": Row(only(OK, "here"), READ, _office),
    "review": Row(only(OK, "here"), READ, _review),
    "review_approve": Row(READ, only(IN, "here"), _review),
    "review_ask": Row(READ, only(IN, "here"), _review),
    "coordinate_excluded": Row(only(OK, "here"), READ, lambda w: [w.request.pk, "language"]),
    "coordinate_full": Row(only(OK, "here"), only(IN, "here"), _request),
    "review_reject": Row(READ, only(IN, "here"), _review),
    "review_take_back": Row(READ, only(IN, "here"), _review),
    "concern": Row(only(OK, "here"), only(IN, "here"), lambda w: [w.report.pk]),
    "talk": Row(only(OK, "here"), only(IN, "here"), lambda w: [w.wish.pk]),
    "application": Row(only(OK, "here"), only(IN, "here"), _applicant),
    "application_approve": Row(READ, only(IN, "here"), _applicant),
    "application_decline": Row(READ, only(IN, "here"), _applicant),
    "application_take_back": Row(READ, only(IN, "here"), _applicant),
    "sponsor_office_pause": Row(READ, only(IN, "here"), _applicant),
    "sponsor_office_resume": Row(READ, only(IN, "here"), _applicant),
    "hand_over": Row(only(OK, "here"), only(IN, "here"), _applicant),
    "suspend": Row(only(OK, "here"), only(IN, "here"), _applicant),
    "suspension_lift": Row(READ, only(IN, "here"), _applicant),
    "policy_checklist": Row(only(OK, "here"), only(IN, "here"), _office),
    # Operators
    "operate": Row(only(OK, staff=OK), READ),
    "operate_send_again": Row(READ, only(IN, staff=IN)),
}

SIGNING_IN = {
    "account_login",
    "password_sign_in",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_signup_by_passkey",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
    "account_request_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_signup_webauthn",
}
"""allauth's pages on the way in: open to all, and some lead back to their beginning."""

SIGNED_IN = {
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "password",
    "password_remove",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "usersessions_list",
}
"""allauth's pages about one's own account."""

ALLAUTH_ARGS: dict[str, list[Any]] = {
    "account_reset_password_from_key": ["1", "x-y"],
    "mfa_remove_webauthn": [1],
    "mfa_edit_webauthn": [1],
}

DEMO = {"demo_inbox", "demo_components", "demo_clock", "demo_sign_in"}
"""Exist in the demo only."""


def addresses(patterns: list[Any], space: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """Every (name, route) below these patterns, as the resolver has them."""
    for pattern in patterns:
        below = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner, below)
        else:
            assert isinstance(pattern, URLPattern)
            yield f"{space}{pattern.name or ''}", below


def knock(client: Client, method: str, url: str, fields: dict[str, str] | None = None, **how: Any) -> Any:
    """Ask, and take back whatever it changed: the next knock meets the same world."""
    with transaction.atomic():
        answer = (client.get if method == "GET" else client.post)(url, fields, **how)
        transaction.set_rollback(True)
    return answer


def meaning(answer: Any) -> str:
    """An answer in the words of the table; anything unforeseen is shown as its status."""
    status, place = answer.status_code, answer.headers.get("Location", "")
    if status == 302 and place.split("?")[0] == reverse("account_login"):
        return LOGIN
    if status == 302 and place == reverse("landing"):
        return ASIDE
    words = {200: OK, 302: IN, 409: IN, 422: IN, 404: GONE, 405: NO, 403: BARRED, 503: BARRED}
    return words.get(status, str(status))
