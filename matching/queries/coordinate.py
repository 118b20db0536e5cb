"""What a coordinator may see of their office: requests, reviews, decisions and applications, never their own."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Report, Sponsor, User
from matching.models import Offer, ReviewDecision, SponsorRequest
from matching.models.care import apart, too_near
from matching.queries.sponsors import sponsors_for
from matching.states import OfferState


def requests_for(user: User) -> QuerySet[SponsorRequest]:
    """The requests a coordinator may open: none that is on its way to themself, their sponsor or whom they sponsor."""
    offered_to_them = Offer.objects.live().filter(too_near(user, "sponsor"), request=OuterRef("pk"))
    return SponsorRequest.objects.for_coordinator(user).exclude(Exists(offered_to_them))


def to_review(user: User) -> QuerySet[Offer]:
    """The offers that wait for a coordinator's yes or no; what is decided and can be taken back waits for the clock."""
    return Offer.objects.for_coordinator(user).filter(state=OfferState.IN_REVIEW, decision__isnull=True)


def decided(user: User) -> QuerySet[ReviewDecision]:
    """What was decided and can still be taken back, the oldest first, with the names of the two."""
    found = ReviewDecision.objects.for_coordinator(user).filter(offer__state=OfferState.IN_REVIEW)
    return found.select_related("offer__sponsor__profile", "offer__request__member__profile").order_by("due_at")


def applications(user: User) -> QuerySet[Sponsor]:
    """Sponsors of the coordinator's intergroups who wait for approval; never the coordinator themself, nor anybody whom
    they have met here, as their page does not open for them."""
    waits = sponsors_for(user).filter(approved_at__isnull=True, declined_at__isnull=True, user__is_active=True)
    return waits.exclude(apart(user, "user"))


def reports_for(user: User) -> QuerySet[Report]:
    """Open reports of the coordinator's intergroups: none of or about themself, their sponsor or whom they sponsor."""
    return Report.objects.open_for(user).exclude(too_near(user, "by", "about"))
