"""The way of a request in words: who has it, until when, and what follows."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Intergroup
from matching import words
from matching.models import Offer, SponsorRequest
from matching.states import OfferState


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline; ``state`` is "done", "now" or "next"."""

    state: str
    title: str
    text: str = ""


def steps_ahead(office: Intergroup | None) -> list[Step]:
    """What will happen, for somebody who has not asked yet."""
    introduced = _(
        "A coordinator of %(office)s may take a look first. Then you both see how to reach each other, and try it for "
        "90 days."
    )
    return [
        Step("now", _("You ask"), _("Nobody is told anything by this.")),
        Step(
            "next",
            _("You see up to three people"),
            _("A first name and an initial, why you fit, and the hours you share. You put them in order."),
        ),
        Step(
            "next",
            _("We ask one person at a time"),
            _("Each has a little time to answer. If it is a no, or no answer comes, we ask the next."),
        ),
        Step("next", _("You are introduced"), introduced % {"office": office}),
    ]


def steps_taken(wish: SponsorRequest, held: Offer, next_name: str) -> list[Step]:
    """The way of an offer that is with a sponsor or a coordinator, from asking to being introduced."""
    asked = Step("done", _("You asked"), formats.date_format(localtime(wish.asked_at), "DATE_FORMAT"))
    met = Step("next", _("You both see how to reach each other"))
    name = held.sponsor.profile.display_name
    if held.state == OfferState.IN_REVIEW:
        look = _("Somebody at %(office)s does this, by %(when)s if all goes well.")
        told = {"office": wish.intergroup, "when": words.moment(wish.decide_by)}
        said_yes = Step("done", _("%(name)s said yes") % {"name": name})
        return [asked, said_yes, Step("now", _("A coordinator takes a look"), look % told), met]
    waiting = Step("now", _("%(name)s is asked") % {"name": name}, _waiting(held, name, next_name))
    review = [Step("next", _("A coordinator takes a look"))] if held.review_required else []
    return [asked, waiting, *review, met]


def _waiting(held: Offer, name: str, next_name: str) -> str:
    told = {"name": name, "when": words.moment(held.expires_at) if held.expires_at else "", "next": next_name}
    if next_name:
        return _("%(name)s has until %(when)s to answer. If not, we ask %(next)s next.") % told
    return _("%(name)s has until %(when)s to answer. If not, we tell you, and you choose again.") % told
