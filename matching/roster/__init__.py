"""The people to match, from the database's rows to the engine's values.

``pool_for`` gives the kept roster, caught up; ``recheck`` reads two people afresh and never looks at what is kept, so
that no offer is made, accepted or approved on what somebody was a moment ago.
"""

from matching.roster.ask import newcomer_of, pool_around, pool_for, recheck, sponsors_for, with_one_more
from matching.roster.facts import coming_monday, facts_of, policy_of
from matching.roster.kept import forget_pools, kept_pool
from matching.roster.look import people_of
from matching.roster.rows import person, profiles, sponsor_profiles, sponsors_of

__all__ = [
    "coming_monday",
    "facts_of",
    "forget_pools",
    "kept_pool",
    "newcomer_of",
    "people_of",
    "person",
    "policy_of",
    "pool_around",
    "pool_for",
    "profiles",
    "recheck",
    "sponsor_profiles",
    "sponsors_for",
    "sponsors_of",
    "with_one_more",
]
