"""What stands on a member's first page as something to do or to know, the soonest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import PauseReason
from matching import tokens, words
from matching.models import ChangeAsk, CheckIn, Offer
from matching.queries.home import Overview, Partner
from matching.queries.roster import runs_out
from matching.roster_words import RESTING
from matching.states import BridgeState, OfferState

TRIAL_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to do or to know, with the one link that leads there. ``waits``: it waits for this member."""

    eyebrow: str
    title: str
    text: str
    url: str
    action: str
    waits: bool = True

    @property
    def kind(self) -> str:
        """How its button looks: there is one thing to do on a page, and nothing to do about what is under way."""
        return "primary" if self.waits else ""


def things(day: Overview) -> Iterator[Thing]:
    """In the order of how soon somebody else would be kept waiting."""
    yield from _answers(day)
    if day.question is not None:
        yield Thing(
            _("Waits for your answer"),
            _("A coordinator has a short question"),
            _("They take a last look before you two are introduced. A few words are enough."),
            reverse("review_question", args=[day.question]),
            _("Read and answer"),
        )
    yield from (_introduced(one) for one in day.partners if one.checkin is None and one.is_new(day.now))
    yield from (_check_in(one) for one in day.partners if one.checkin is not None)
    yield from (_change_ask(one) for one in day.partners if one.change_ask is not None)
    yield from _bridges(day)
    yield from _looking(day)
    yield from (_trial(one, day) for one in day.partners if _trial_ends_soon(one, day))
    yield from _sponsoring(day)


def _answers(day: Overview) -> Iterator[Thing]:
    if len(day.offers) == 1:
        offer = day.offers[0]
        until = words.moment(offer.expires_at) if offer.expires_at else ""
        yield Thing(
            _("Waits for your answer"),
            _("Somebody asks you to sponsor them"),
            _("You have until %(when)s to answer. Yes and no are both fine.") % {"when": until},
            reverse("offer", args=[offer.pk]),
            _("Look and answer"),
        )
    elif day.offers:
        until = words.moment(day.offers[0].expires_at) if day.offers[0].expires_at else ""
        yield Thing(
            _("Wait for your answer"),
            _("%(count)s people ask you to sponsor them") % {"count": len(day.offers)},
            _("The first one waits until %(when)s for you. Yes and no are both fine.") % {"when": until},
            reverse("offers"),
            _("Look and answer"),
        )
    yield from (_proposed(proposal, day) for proposal in day.proposals)


def _proposed(proposal: Offer, day: Overview) -> Thing:
    """There can be no yes to it while somebody else is asked."""
    question = _("Would you like to meet %(name)s?") % {"name": proposal.sponsor.profile.display_name}
    if day.held is None:
        return Thing(
            _("Waits for your yes or no"),
            question,
            _("A volunteer of your intergroup has them in mind for you. You decide."),
            reverse("request"),
            _("See why, and answer"),
        )
    return Thing(
        _("Waits for your yes or no"),
        question,
        _(
            "A volunteer of your intergroup has them in mind for you. "
            "You can say no now, or yes once the one asked now has answered."
        ),
        reverse("request"),
        _("See why"),
        waits=False,
    )


def _introduced(partner: Partner) -> Thing:
    return Thing(
        _("Waits for a first hello"),
        _("You and %(name)s have been introduced") % {"name": partner.name},
        _("How to reach each other stands on your shared page. A short hello is enough."),
        reverse("pairing", args=[partner.pairing.pk]),
        _("How to reach each other"),
    )


def _check_in(partner: Partner) -> Thing:
    token = tokens.check_in_token(CheckIn(pk=partner.checkin))
    return Thing(
        _("One tap"),
        _("Have you and %(name)s talked?") % {"name": partner.name},
        _("We talked, not yet, or I need help: one tap is enough."),
        reverse("check_in", args=[token]),
        _("Answer"),
    )


def _change_ask(partner: Partner) -> Thing:
    token = tokens.change_token(ChangeAsk(pk=partner.change_ask))
    return Thing(
        _("One tap"),
        _("It has been quiet with %(name)s") % {"name": partner.name},
        _("How would you like to go on? Every answer is fine, and the other of you two does not see it."),
        reverse("change_ask", args=[token]),
        _("Answer"),
    )


def _bridges(day: Overview) -> Iterator[Thing]:
    """First contacts: the answer that somebody waits for, then whom one is in touch with."""
    for one in day.bridges:
        if one.state == BridgeState.OFFERED and one.mine:
            yield Thing(
                _("Waits for your yes or no"),
                _("%(name)s can be there for you") % {"name": one.name},
                _("After your yes you both see how to reach each other. Nobody asks why after a no."),
                reverse("bridge"),
                _("Look and answer"),
            )
        elif one.state == BridgeState.MEETING:
            yield Thing(
                _("A first contact"),
                _("You and %(name)s") % {"name": one.name},
                _("How to reach each other, and how often you have met."),
                reverse("bridge_of_two", args=[one.bridge]),
                _("Go to your shared page"),
                waits=not one.heard and not one.mine,
            )


def _looking(day: Overview) -> Iterator[Thing]:
    if not day.looking:
        if day.profile.looking and not day.has_sponsor:
            yield _ask_again() if day.has_parted else _ask()
    elif day.held is not None:
        yield Thing(
            _("Under way"),
            _("Your request"),
            _held_line(day.held),
            reverse("request"),
            _("See how it stands"),
            waits=False,
        )
    elif day.suggested:
        yield Thing(
            _("Waits for your choice"),
            _("There are people who fit"),
            _("Look at them and put those you like in order. We ask your first choice first."),
            reverse("suggestions"),
            _("Look and choose"),
        )
    elif not day.proposals:
        yield Thing(
            _("Under way"),
            _("Nobody fits yet"),
            _("See what we do about it, and what helps meanwhile."),
            reverse("request"),
            _("See how it stands"),
            waits=False,
        )


def _ask() -> Thing:
    return Thing(
        _("Your next step"),
        _("Ask for a sponsor"),
        _("We show you up to three people who fit, and say why. You choose. Nobody is asked before that."),
        reverse("request"),
        _("See how it goes"),
    )


def _ask_again() -> Thing:
    return Thing(
        _("When you are ready"),
        _("Ask for somebody else"),
        _("You and your sponsor went on differently. That is normal, and nobody's fault. We can show you who fits."),
        reverse("request"),
        _("See how it goes"),
    )


def _trial_ends_soon(partner: Partner, day: Overview) -> bool:
    return partner.on_trial and partner.pairing.trial_ends_on - day.today <= TRIAL_SOON


def _trial(partner: Partner, day: Overview) -> Thing:
    ends_on = partner.pairing.trial_ends_on
    if ends_on < day.today:
        eyebrow = _("The trial is over")
        text = _("The trial was until %(day)s. You can go on, change or end it. All three are normal.")
    else:
        eyebrow = _("The trial ends soon")
        text = _("The trial ends on %(day)s. You can go on, change or end it. All three are normal.")
    return Thing(
        eyebrow,
        _("Would you like to go on with %(name)s?") % {"name": partner.name},
        text % {"day": formats.date_format(ends_on, "DATE_FORMAT")},
        reverse("pairing", args=[partner.pairing.pk]),
        _("Decide"),
    )


def _sponsoring(day: Overview) -> Iterator[Thing]:
    if day.side is None:
        return
    if day.accepted:
        yield Thing(
            _("Under way"),
            _("You said yes"),
            _("A coordinator takes a last look. Then you hear from us, and you both see how to reach each other."),
            reverse("offers"),
            _("See who it is"),
            waits=False,
        )
    if day.side.approved_at is None and not day.side.declined_for_good(day.now):
        yield Thing(
            _("Under way"),
            _("Your offer to sponsor is being looked at"),
            _("A coordinator of %(office)s reads it. Nobody is sent to you before that. You need not do anything.")
            % {"office": day.profile.intergroup},
            reverse("profile"),
            _("See your offer"),
            waits=False,
        )
    elif day.side.pause_reason in RESTING and day.paused:
        yield Thing(
            _("One tap"),
            _("We have made a pause for you"),
            str(RESTING[PauseReason(day.side.pause_reason)]),
            reverse("roster", args=[tokens.roster_token(day.side.pk)]),
            _("End the pause, or tell us otherwise"),
        )
    elif runs_out(day.side, day.confirmed_until, day.now) and not day.paused:
        yield Thing(
            _("One tap"),
            _("Are you still glad to sponsor?"),
            _("We ask every few weeks, so that nobody waits for somebody who is away."),
            reverse("roster", args=[tokens.roster_token(day.side.pk)]),
            _("Tell us"),
        )


def _held_line(held: Offer) -> str:
    """Whom the request is with, and until when."""
    told = {"name": held.sponsor.profile.display_name, "when": words.moment(held.expires_at) if held.expires_at else ""}
    if held.state == OfferState.IN_REVIEW:
        return _("%(name)s said yes. A coordinator takes a last look.") % told
    return _("%(name)s has until %(when)s to answer.") % told
