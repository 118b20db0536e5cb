"""How a member leaves matching."""

from contextlib import suppress

from django.db.models import Q

from accounts.models import Intergroup, User
from matching.actions import offers, pairings, requests
from matching.actions.bridging import leave_bridges
from matching.actions.errors import TooLate
from matching.actions.invitees import forget_invitees_with
from matching.actions.recruiting import begin_again
from matching.actions.round_moves import start_over
from matching.models import EndReason, Offer, Pairing, Recruiting, Round, SponsorRequest
from matching.queries.mine.office import addresses
from matching.states import WORKING_ROUND, RecruitingState


def leave(member: User) -> None:
    """End pairings, take back requests, hand on what was held out to the member: each in a transaction of its own."""
    for pairing in Pairing.objects.of(member).live().order_by("pk"):
        # The other may end it at this very moment; what counts is that it has ended.
        with suppress(TooLate):
            pairings.end_pairing(pairing, by=member, reason=EndReason.UNSAID)
    for request in SponsorRequest.objects.of(member).live().order_by("pk"):
        with suppress(TooLate):
            requests.withdraw_request(request, by=member)
    for offer in Offer.objects.filter(sponsor=member).live().order_by("pk"):
        offers.hand_on(offer)
    leave_bridges(member)
    forget_invitees_with(addresses(member))
    # What workers know of the member goes with it: rounds that are being made are planned anew, from who is there.
    offices = Intergroup.objects.filter(Q(profiles=member.pk) | Q(requests__member=member))
    for round_ in Round.objects.filter(intergroup__in=offices, state__in=WORKING_ROUND):
        start_over(round_.pk)
    for search in Recruiting.objects.filter(intergroup__in=offices, state=RecruitingState.WORKING):
        begin_again(search.pk)
