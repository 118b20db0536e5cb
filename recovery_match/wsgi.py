"""The WSGI application that gunicorn serves."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_match.settings")

application = get_wsgi_application()

from recovery_match.checks import refuse_unsafe  # noqa: E402

refuse_unsafe()

# Beside the pages: whoever asks for a sponsor first must not wait for a compiler.
from matching.engine import warm_up  # noqa: E402

Thread(target=warm_up, name="warm-up", daemon=True).start()
