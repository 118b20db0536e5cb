"""One pairing from the request to the last yes, by whichever role this process is; says the addresses of the cast.

Run as ``python -m tests.delivery.story``.
"""

import json
import sys
from uuid import uuid4

import django

django.setup()

from tests import factories  # noqa: E402
from tests.matching import story  # noqa: E402

if __name__ == "__main__":
    ana, rosa, bea = (factories.account(email=f"{uuid4()}@example.org") for _ in range(3))
    # In an office of their own, where nobody else can be suggested.
    office = factories.intergroup(f"office-{uuid4().hex[:8]}")
    factories.newcomer(user=ana, intergroup=office)
    factories.sponsor(user=rosa, intergroup=office)
    factories.coordinator(office, user=bea)
    story.paired(ana, rosa, bea)
    sys.stdout.write(json.dumps([ana.email, rosa.email]))
