"""Every topic there is, by the name that messages carry."""

from matching.notices import checkins, milestones, offers, pairings, requests
from matching.notices.notice import Notice

NOTICES: dict[str, Notice] = (
    offers.NOTICES | requests.NOTICES | pairings.NOTICES | checkins.NOTICES | milestones.NOTICES
)
