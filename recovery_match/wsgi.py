"""The WSGI application that gunicorn serves."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_match.settings")

application = get_wsgi_application()

from recovery_match.checks import refuse_unsafe  # noqa: E402

refuse_unsafe()

# Beside the pages: whoever asks for a sponsor first must not wait for a compiler.
from matching.engine import rehearse  # noqa: E402

Thread(target=rehearse, name="rehearsal", daemon=True).start()
