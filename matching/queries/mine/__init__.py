"""What matching holds on a member, as plain values for the copy that they can take: one module for each kind of thing.

Everything of the member's own; another person's answers, notes and names are not part of it.
"""

from typing import Any

from accounts.models import User
from accounts.queries.my_data import Covers
from matching.queries.mine import asking, messages, office, together

PARTS = (asking, together, messages, office)

COVERS: Covers = {model: said for part in PARTS for model, said in part.COVERS.items()}


def collect(member: User) -> dict[str, Any]:
    """All of it, by the names in COVERS and some more."""
    return {name: rows for part in PARTS for name, rows in part.collect(member).items()}
