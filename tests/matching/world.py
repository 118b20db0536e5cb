"""One valid row of everything, for tests that try to spoil it with SQL: Ana is paired with Rosa, Olga waits."""

from datetime import date

from django.db import models

from accounts import clock
from accounts.actions.audit import link_audit
from accounts.models import (
    Area,
    AuditHeads,
    AuditLink,
    Bar,
    Consent,
    Coordinator,
    FormerBar,
    Invitation,
    MeetingFeed,
    MemberKey,
    Policy,
    PolicyChange,
    Report,
    User,
)
from accounts.models.invitation import INVITED_FOR
from accounts.models.member_key import sealing_key
from matching.models import (
    Bridge,
    BridgeInvitation,
    BridgeVolunteer,
    CalendarFeed,
    ChangeAsk,
    CheckIn,
    CheckInPlan,
    ColumnHabit,
    ConsentRole,
    Digest,
    Invitee,
    MilestonePlan,
    Offer,
    OfferConsent,
    OfficeList,
    OutboxMessage,
    PushAddress,
    Recruiting,
    RecruitingLine,
    ReviewDecision,
    ReviewQuestion,
    Round,
    RoundLeft,
    RoundPair,
    RoundPart,
    RoundSponsor,
    ServiceEntry,
    Shown,
    Suggestion,
    Tally,
    UnwantedNotice,
)
from matching.models.bridge_invitation import OPEN_FOR
from matching.models.invitee import INVITED_FOR as LIST_INVITED_FOR
from matching.models.invitee import address_mark
from matching.states import CheckInState, OfferState
from tests import factories
from tests.matching import story

World = dict[str, models.Model]


def consent(offer: Offer, *roles: ConsentRole) -> None:
    """These say yes, each for themself."""
    who = {ConsentRole.NEWCOMER: offer.request.member_id, ConsentRole.SPONSOR: offer.sponsor_id}
    for role in roles:
        actor = who.get(role) or offer.pk
        OfferConsent.objects.get_or_create(offer=offer, role=role, defaults={"actor": actor, "at": clock.now()})


def _ready(offer: Offer) -> Offer:
    """Everybody said yes; only the pairing is not made yet."""
    consent(offer, *ConsentRole)
    offer.state, offer.answered_at = OfferState.IN_REVIEW, offer.made_at
    offer.save()
    return offer


def _bridge(member: User, volunteer: User) -> Bridge:
    """Two who are in touch and have met once."""
    now = clock.now()
    BridgeVolunteer.objects.create(user=volunteer, approved_at=now)
    return Bridge.objects.create(
        member=member,
        intergroup=factories.intergroup(),
        fellowship=factories.fellowship(),
        volunteer=volunteer,
        state="meeting",
        leaves_on=date(2026, 2, 1),
        contact_by=now,
        asked_at=now,
        offered_at=now,
        agreed_at=now,
        first_contact_at=now,
        meetings=1,
        met_on=date(2026, 2, 2),
    )


def preview(offer: Offer) -> Round:
    """A round that brings the two of an offer together and leaves its newcomer over as well, as no round would."""
    now, request, sponsor = clock.now(), offer.request, offer.sponsor
    made = Round.objects.create(
        intergroup=request.intergroup,
        state="preview",
        made_at=now,
        began_at=now,
        as_of=now,
        newcomers=2,
        served=1,
        left=1,
        total=50_000,
        lowest=50_000,
        service=1_000_000,
        bound=1_050_000,
        verified_at=now,
    )
    RoundPair.objects.create(round=made, request=request, newcomer=request.member, sponsor=sponsor, score=50_000)
    RoundLeft.objects.create(round=made, request=request, newcomer=request.member, eligible=1)
    RoundSponsor.objects.create(round=made, sponsor=sponsor, free=2, given=1)
    return made


def searched(offer: Offer) -> Recruiting:
    """A search that found a newcomer's request, whom one recruit would serve."""
    request, now = offer.request, clock.now()
    kind = {"fellowship": request.fellowship_id, "hours": "weekends", "language": "en", "gender": ""}
    kind |= {"at_ease_with": "woman", "area": None, "needs": []}
    recruit = {"kind": kind, "names": {"fellowship": "", "area": ""}, "gain": 1, "fits": 1}
    made = Recruiting.objects.create(
        intergroup=request.intergroup,
        state="done",
        asked_at=now,
        as_of=now,
        newcomers=2,
        served=1,
        recruits=[recruit],
    )
    RecruitingLine.objects.create(
        recruiting=made, request=request, newcomer=request.member, eligible=0, excluded={"language": 2}, step=1
    )
    return made


def _invitee(by: User) -> Invitee:
    """Olga is on Bea's list too."""
    now = clock.now()
    mark = address_mark(User.objects.get(profile__first_name="Olga").email)
    return Invitee.objects.create(
        intergroup=factories.intergroup(),
        made_by=by,
        made_at=now,
        expires_at=now + LIST_INVITED_FOR,
        mark=mark,
        first_name="Olga",
        address="olga@example.org",
        wish="sponsor",
    )


def _key_of(member: User) -> MemberKey:
    sealing_key(member.pk)
    return MemberKey.objects.get(member=member, retired_at=None)


def build() -> World:
    """All the rows by name."""
    now = clock.now()
    ana, bea = factories.newcomer(), factories.coordinator()
    rosa = factories.sponsor(user=factories.account(email="rosa@example.org"))
    olga = factories.newcomer(first_name="Olga")
    pairing = story.paired(ana, rosa, bea)
    suggestion = Suggestion.objects.get(request=pairing.offer.request)
    offer = _ready(story.held_out(story.looking(olga), rosa))
    to_self = story.held_out(story.looking(), olga)
    to_self.request.member = olga
    to_self.request.state, to_self.request.ended_at = "closed", now
    to_self.request.save()
    to_self.consents.all().delete()
    found, search = preview(offer), searched(offer)
    link_audit()
    entry = ServiceEntry.objects.create(member=rosa, kind="contact", on="2026-02-01", contact_of=pairing, at=now)
    return {
        "ana": ana,
        "rosa": rosa,
        "bea": bea,
        "olga": olga,
        "policy": Policy.objects.get(),
        "key": _key_of(ana),
        "audit_link": AuditLink.objects.order_by("pk")[0],
        "audit_heads": AuditHeads.objects.get(),
        "decision": ReviewDecision.objects.create(
            offer=offer, verdict="reject", reason="other", by=bea, at=now, due_at=now
        ),
        "review_question": ReviewQuestion.objects.create(
            offer=offer, member=olga, asked_by=bea, text="Which evenings?", asked_at=now
        ),
        "policy_change": PolicyChange.objects.create(
            intergroup=offer.request.intergroup,
            actor=bea.pk,
            at=now,
            before={"offer_hours": 24},
            after={"offer_hours": 48},
        ),
        "meeting_feed": MeetingFeed.objects.create(
            intergroup=offer.request.intergroup,
            fellowship=factories.fellowship(),
            source="list.json",
            made_by=bea.pk,
            made_at=now,
            entries=[{"slug": "one"}],
        ),
        "fellowship": factories.fellowship(),
        "area": Area.objects.get(),
        "invitation": Invitation.objects.create(
            intergroup=offer.request.intergroup,
            email="new@example.org",
            scopes=["area"],
            ends_on=now.date(),
            made_by=bea,
            made_at=now,
            expires_at=now + INVITED_FOR,
        ),
        "term": Coordinator.objects.get(),
        "meeting": factories.meeting(),
        "profile": ana.profile,
        "sponsor": rosa.sponsor,
        "consent": Consent.objects.create(user=ana, kind="store", version="1", given_at=now),
        "bar": Bar.objects.create(by=ana, other=olga, kind="block", at=now),
        "former_bar": FormerBar.objects.create(member=ana, digest=b"x", kind="block", by_them=False, at=now),
        "report": Report.objects.create(by=ana, about=olga, intergroup=factories.intergroup(), kind="other", at=now),
        "request": offer.request,
        "unoffered": story.looking(),
        "suggestion": suggestion,
        "shown": Shown.objects.get(member=ana, sponsor=rosa),
        "offer": offer,
        "yes": story.held_out(story.looking(), rosa).consents.get(),
        "pairing": pairing,
        "again": _ready(story.held_out(story.looking(ana), rosa)),
        "self": _ready(to_self),
        "plan": CheckInPlan.objects.get(member=ana),
        "checkin": CheckIn.objects.create(
            pairing=pairing, member=ana, local_date=date(2026, 2, 1), due_at=now, state=CheckInState.OPEN
        ),
        "change_ask": ChangeAsk.objects.create(pairing=pairing, member=ana, silence=now, asked_at=now),
        "digest": Digest.objects.create(member=rosa, next_at=now),
        "service": entry,
        "message": OutboxMessage.objects.filter(state="waiting").order_by("key")[0],
        "milestones": MilestonePlan.objects.create(member=ana, fellowship=factories.fellowship()),
        "unwanted": UnwantedNotice.objects.create(member=ana, kind="news", since=now),
        "device": PushAddress.objects.create(member=ana, fingerprint="one", endpoint="https://push.example.org/1"),
        "feed": CalendarFeed.objects.create(member=ana, digest="one"),
        "round": found,
        "part": RoundPart.objects.create(round=found, number=1, state="solved", newcomers=1, sponsors=1),
        "pair": RoundPair.objects.get(),
        "left": RoundLeft.objects.get(),
        "load": RoundSponsor.objects.get(),
        "invitee": _invitee(bea),
        "list": OfficeList.objects.create(intergroup=offer.request.intergroup, made_by=bea, total=2),
        "habit": ColumnHabit.objects.create(intergroup=offer.request.intergroup, columns={"x": "name"}),
        "bridge": _bridge(ana, bea),
        "bridge_invitation": BridgeInvitation.objects.create(
            intergroup=offer.request.intergroup,
            email="new@example.org",
            leaves_on=now.date(),
            made_by=bea.pk,
            made_at=now,
            expires_at=now + OPEN_FOR,
        ),
        "search": search,
        "line": search.lines.get(),
        "tally": Tally.objects.create(kind="sent", topic="paired", hour=now, backend=0, number=1),
    }
