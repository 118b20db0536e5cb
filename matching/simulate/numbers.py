"""The numbers of the application that every policy here has in common.

They are written once more because those who hold them know the database; a test keeps the two the same.
"""

from datetime import timedelta

MOST_REFUSALS = 3
STUCK_AFTER = timedelta(hours=72)
PROPOSAL_WITHIN = timedelta(hours=72)
UNMATCHED = timedelta(days=60)
TRIAL = timedelta(days=90)
CONFIRM_WITHIN = timedelta(days=35)
