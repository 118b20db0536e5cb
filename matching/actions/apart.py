"""Two people who are not to meet any more because one of them says so: silent, in both directions, and taken back by
nobody but the one who said it.

The other meets what everybody meets whose partner goes on differently, or whom nobody asked; no office is told.
"""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.actions.bars import keep_apart
from accounts.models import Bar, BarKind, User
from accounts.models.audit import record
from matching.actions import offers
from matching.actions.bridging import end_bridge
from matching.actions.errors import NotAllowed, TooLate
from matching.actions.outbox import post
from matching.actions.pairings import end_pairing
from matching.models import Bridge, EndReason, Offer, Pairing, Suggestion
from matching.queries.apart import may_be_lifted
from matching.states import OfferState

Meeting = Pairing | Bridge | Offer | Suggestion
"""How two people know of each other."""


def stay_apart(meeting: Meeting, *, by: User) -> Bar:
    """Never be matched or in contact with the other of the two again; whatever there is between them ends.

    Raises NotAllowed for somebody who is not one of them, or while there is nobody else in it.
    """
    other = _other(meeting, by)
    with transaction.atomic():
        # With the block, so that nobody is left in touch with whom they have just blocked.
        _end_pairings(by, other)
        bar = keep_apart(by.pk, other, BarKind.BLOCK)
        record(by, "bar.made", bar, member=by.pk)
    part(by, other)
    return bar


def _other(meeting: Meeting, by: User) -> UUID:
    two: set[UUID | None]
    match meeting:
        case Pairing():
            two = {meeting.sponsor_id, meeting.sponsee_id}
        case Bridge():
            two = {meeting.member_id, meeting.volunteer_id}
        case _:
            two = {meeting.request.member_id, meeting.sponsor_id}
    others = [one for one in two if one is not None and one != by.pk]
    if by.pk not in two or len(others) != 1:
        raise NotAllowed
    return others[0]


@transaction.atomic
def lift_bar(bar: Bar, *, by: User) -> bool:
    """Take it back: the two can be suggested to each other again, unless the other keeps them apart as well. Nothing
    that ended begins again. False when it is not theirs to take back."""
    found = may_be_lifted(by).select_for_update(of=("self",)).filter(pk=bar.pk).first()
    if found is None:
        return False
    record(by, "bar.lifted", found, member=by.pk)
    found.delete()
    return True


def part(by: User, other: UUID) -> None:
    """End whatever else is between the two, in whichever role, each in a transaction of its own.

    Were this cut off, nothing could begin all the same: the block is written, and the rules are asked at each step.
    """
    two = [by.pk, other]
    Suggestion.objects.filter(request__member__in=two, sponsor__in=two).delete()
    for offer in Offer.objects.live().filter(request__member__in=two, sponsor__in=two).order_by("pk"):
        offers.hand_on(offer)
        if offer.state == OfferState.IN_REVIEW:
            post("not_this_time", offer.sponsor_id, key=f"not_this_time:{offer.pk}", offer=offer.pk)
    _end_pairings(by, other)
    theirs = Q(member=by, volunteer=other) | Q(member=other, volunteer=by)
    for bridge in Bridge.objects.live().filter(theirs).order_by("pk"):
        with suppress(TooLate):
            end_bridge(bridge, by=by)


def _end_pairings(by: User, other: UUID) -> None:
    two = [by.pk, other]
    for pairing in Pairing.objects.live().filter(sponsor__in=two, sponsee__in=two).order_by("pk"):
        # The other may end it at this very moment; what counts is that it has ended.
        with suppress(TooLate):
            end_pairing(pairing, by=by, reason=EndReason.UNSAID)
