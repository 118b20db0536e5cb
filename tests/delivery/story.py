"""One pairing from the request to the last yes, by whichever role this process is; says the addresses of the cast.

Run as ``python -m tests.delivery.story``.
"""

import json
import sys

import django

django.setup()

from tests import factories  # noqa: E402
from tests.matching import story  # noqa: E402

if __name__ == "__main__":
    ana, rosa, bea = factories.newcomer(), factories.sponsor(), factories.coordinator()
    story.paired(ana, rosa, bea)
    sys.stdout.write(json.dumps([ana.email, rosa.email]))
