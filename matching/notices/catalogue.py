"""Every topic there is, by the name that messages carry."""

from matching.notices import (
    bridging,
    checkins,
    digest,
    milestones,
    offers,
    pairings,
    people,
    requests,
    roster,
    silence,
    terms,
)
from matching.notices.notice import Notice

NOTICES: dict[str, Notice] = (
    offers.NOTICES
    | requests.NOTICES
    | pairings.NOTICES
    | checkins.NOTICES
    | silence.NOTICES
    | digest.NOTICES
    | roster.NOTICES
    | milestones.NOTICES
    | bridging.NOTICES
    | terms.NOTICES
    | people.NOTICES
)
